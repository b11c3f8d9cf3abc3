#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/error.hpp"

namespace kaudit::text {

/// Half-open range of byte offsets into one Source. `begin <= end <= size`.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
  [[nodiscard]] bool empty() const noexcept { return begin == end; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// 1-based, as editors and compilers count. The column counts bytes of UTF-8; a byte order mark at
/// the start of the file is not counted.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// The bytes of one file, with the name people know it by. Immutable, and cheap to copy: copies share
/// the bytes, so every offset, Span and string_view taken from one stays good while any copy lives.
class Source {
 public:
  Source(std::string name, std::string bytes);

  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  [[nodiscard]] std::string_view bytes() const noexcept { return *m_bytes; }
  [[nodiscard]] std::string_view text(Span span) const { return bytes().substr(span.begin, span.size()); }

  /// Bytes of a UTF-8 byte order mark at the start: 3 or 0.
  [[nodiscard]] std::size_t bom_size() const noexcept { return m_bom_size; }

  /// O(log lines). `offset == size` is the position just behind the last byte.
  [[nodiscard]] Position position(std::size_t offset) const;

  /// 0-based index of the line that `offset` is on. A line ends behind its '\n'.
  [[nodiscard]] std::size_t line_index(std::size_t offset) const;
  /// From the first byte of line `index` to behind its line ending.
  [[nodiscard]] Span line_span(std::size_t index) const;
  [[nodiscard]] std::size_t line_count() const noexcept { return m_line_starts->size(); }

  /// Line `index` without its line ending.
  [[nodiscard]] std::string_view line_text(std::size_t index) const;

  /// The line ending of line `index`: "\n", "\r\n", or "" for a last line without one.
  [[nodiscard]] std::string_view line_ending(std::size_t index) const;

  /// The ending to give a line inserted beside line `index`: its own; if it has none, that of the
  /// line before; "\n" in a file of one unterminated line.
  [[nodiscard]] std::string_view ending_beside(std::size_t index) const;

 private:
  std::string m_name;
  std::shared_ptr<const std::string> m_bytes;
  std::size_t m_bom_size = 0;
  std::shared_ptr<const std::vector<std::size_t>> m_line_starts;
};

}  // namespace kaudit::text
