#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaudit::decode {

/// A place in a YAML text, as yaml.v2 counts.
struct Mark {
  /// Characters before it, without the byte order mark.
  std::size_t index = 0;
  /// From 0; LF, CR, CR LF, NEL, LS and PS each end a line.
  std::size_t line = 0;
  /// Characters of its line before it.
  std::ptrdiff_t column = 0;
};

/// Bytes of the character of UTF-8 that begins with `first`; 0: none does.
[[nodiscard]] std::size_t utf8_width(unsigned char first) noexcept;

/// yaml.v2's reader (go.yaml.in/yaml/v2 2.4.2 readerc.go, the same in gopkg.in/yaml.v2 2.2.8 and 2.4.0 and in
/// sigs.k8s.io/yaml 1.4.0): characters for the scanner, checked block by block.
///
/// yaml.v2 reads blocks of 512 bytes, less what an incomplete character left of the block before, and refuses bad bytes
/// in all it has read, also behind the first document (yamlprivateh.go input_raw_buffer_size). When it reads, and what
/// then lies at the front of its buffer, has consequences: need() must be called exactly where it calls
/// yaml_parser_update_buffer.
///
/// An error is kept, and the text ends there for whoever goes on reading.
class YamlInput {
 public:
  explicit YamlInput(std::string_view bytes) : m_bytes(bytes) {}

  /// Has at least `count` characters at hand, or the end of the text.
  void need(std::ptrdiff_t count) {
    if (m_unread < count) update(count);
  }
  /// The byte `ahead` of the place; NUL behind the end.
  [[nodiscard]] char at(std::size_t ahead = 0) const noexcept {
    return m_place + ahead < m_text.size() ? m_text[m_place + ahead] : '\0';
  }
  [[nodiscard]] bool is_end() const noexcept { return at() == '\0'; }
  [[nodiscard]] bool is_blank(std::size_t ahead = 0) const noexcept { return at(ahead) == ' ' || at(ahead) == '\t'; }
  /// LF, CR, NEL, LS or PS.
  [[nodiscard]] bool is_break(std::size_t ahead = 0) const noexcept {
    const char c = at(ahead);
    return c == '\n' || c == '\r' || (static_cast<unsigned char>(c) >= 0xC2 && is_unicode_break(ahead));
  }
  [[nodiscard]] bool is_break_or_end(std::size_t ahead = 0) const noexcept {
    return at(ahead) == '\0' || is_break(ahead);
  }
  [[nodiscard]] bool is_blank_break_or_end(std::size_t ahead = 0) const noexcept {
    return is_blank(ahead) || is_break_or_end(ahead);
  }
  /// yamlprivateh.go is_bom: it looks at the front of the buffer, wherever the place is.
  [[nodiscard]] bool bom_is_in_front() const noexcept;

  /// Goes over one character.
  void skip();
  /// Goes over one line break, if there is one.
  void skip_line();
  /// Goes over one character and appends it.
  void read(std::string& out);
  /// Goes over one line break, if there is one, and appends it: LS and PS as they are, the others as LF.
  void read_line(std::string& out);

  [[nodiscard]] const Mark& mark() const noexcept { return m_mark; }
  /// The end of the text is the start of a line to yaml.v2.
  void end_last_line();

  /// Ends the text: the scanner has met an error.
  void stop();
  /// The reader's own error; empty: none.
  [[nodiscard]] std::string_view problem() const noexcept { return m_problem; }
  /// Its place in the bytes given.
  [[nodiscard]] std::size_t problem_offset() const noexcept { return m_problem_offset; }

 private:
  enum class Encoding : std::uint8_t { unknown, utf8, utf16_little, utf16_big };
  enum class Step : std::uint8_t { done, incomplete, refused };

  /// NEL, LS or PS.
  [[nodiscard]] bool is_unicode_break(std::size_t ahead) const noexcept;
  void update(std::ptrdiff_t count);
  void fill_block();
  void determine_encoding();
  Step decode_one();
  Step decode_ascii();
  Step decode_utf8();
  Step decode_utf16();
  Step take(char32_t character, std::size_t width);
  Step refuse(std::string_view problem, std::size_t ahead);
  [[nodiscard]] unsigned char raw(std::size_t ahead) const {
    return static_cast<unsigned char>(m_bytes[m_raw_place + ahead]);
  }
  void advance(std::size_t bytes);

  std::string_view m_bytes;
  /// What is decoded of them, as UTF-8.
  std::string m_text;
  std::size_t m_raw_place = 0;
  std::size_t m_raw_end = 0;
  std::size_t m_front = 0;
  std::size_t m_place = 0;
  std::ptrdiff_t m_unread = 0;
  Mark m_mark;
  std::string_view m_problem;
  std::size_t m_problem_offset = 0;
  Encoding m_encoding = Encoding::unknown;
  bool m_ended = false;
  bool m_stopped = false;
};

}  // namespace kaudit::decode
