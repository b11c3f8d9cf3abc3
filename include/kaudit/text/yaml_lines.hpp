#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kaudit/text/diagnostic.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::text {

/// The lines of a Source as YAML 1.1 has them (https://yaml.org/spec/1.1/#id871136), and so the server's messages: LF,
/// CR, CR LF, NEL, LS and PS each end one. A UTF-16 text is read as what it says: columns count bytes of UTF-8, as
/// everywhere. Of a text that has LF and CR LF only these are the Source's own, and of JSON (is_json()),
/// which has all the others inside strings.
///
/// Not for what is edited: edits and diffs are of the Source's lines.
class YamlLines {
 public:
  explicit YamlLines(Source source);

  [[nodiscard]] const Source& source() const noexcept { return m_source; }
  [[nodiscard]] Position position(std::size_t offset) const;
  /// 0-based.
  [[nodiscard]] std::size_t line_index(std::size_t offset) const;
  [[nodiscard]] std::size_t line_count() const noexcept {
    return m_lines.empty() ? m_source.line_count() : m_lines.size();
  }
  /// As UTF-8, without its line break and a byte order mark at the start of the file.
  [[nodiscard]] std::string line_text(std::size_t index) const;

 private:
  enum class Encoding : std::uint8_t { utf8, utf16_little, utf16_big };
  /// A line without its line break, in bytes of the Source.
  struct Line {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  struct Character {
    char32_t value = 0;
    std::size_t size = 1;
  };

  [[nodiscard]] Character character_at(std::size_t offset) const;
  [[nodiscard]] bool is_plain() const;
  void find_lines();

  Source m_source;
  Encoding m_encoding = Encoding::utf8;
  /// Empty: they are the Source's.
  std::vector<Line> m_lines;
};

/// As refuse(Source, Diagnostic), with the position and line that YAML has.
[[nodiscard]] Error refuse(const YamlLines& lines, const Diagnostic& finding);

/// As warn(Source, Diagnostic), with the position that YAML has.
[[nodiscard]] Warning warn(const YamlLines& lines, const Diagnostic& finding);

}  // namespace kaudit::text
