#include "kaudit/text/yaml_lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "kaudit/text/utf8.hpp"

namespace kaudit::text {
namespace {

bool is_break(char32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }

std::size_t utf8_size(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

}  // namespace

YamlLines::YamlLines(Source source) : m_source(std::move(source)) {
  const std::string_view start = m_source.bytes().substr(0, 2);
  if (start == "\xff\xfe") m_encoding = Encoding::utf16_little;
  if (start == "\xfe\xff") m_encoding = Encoding::utf16_big;
  if (!is_plain()) find_lines();
}

bool YamlLines::is_plain() const {
  if (m_encoding != Encoding::utf8) return false;
  const std::string_view bytes = m_source.bytes();
  if (is_json(bytes)) return true;
  for (std::size_t at = bytes.find('\r'); at != std::string_view::npos; at = bytes.find('\r', at + 1)) {
    if (bytes.substr(at + 1, 1) != "\n") return false;
  }
  constexpr std::array<std::string_view, 3> k_breaks = {"\u0085", "\u2028", "\u2029"};
  return std::none_of(k_breaks.begin(), k_breaks.end(),
                      [&](std::string_view line_break) { return bytes.find(line_break) != std::string_view::npos; });
}

/// Of UTF-8 only the line breaks are told from other bytes.
YamlLines::Character YamlLines::character_at(std::size_t offset) const {
  const std::string_view rest = m_source.bytes().substr(offset);
  const auto byte = [&](std::size_t at) -> char32_t { return static_cast<unsigned char>(rest[at]); };
  if (m_encoding == Encoding::utf8) {
    if (rest.substr(0, 2) == "\u0085") return {0x85, 2};
    if (rest.substr(0, 3) == "\u2028" || rest.substr(0, 3) == "\u2029") return {0x2028, 3};
    return {byte(0), 1};
  }
  const std::size_t low = m_encoding == Encoding::utf16_little ? 0 : 1;
  const auto unit = [&](std::size_t at) { return byte(at + low) | (byte(at + 1 - low) << 8U); };
  if (rest.size() < 2) return {U'\uFFFD', rest.size()};
  const char32_t first = unit(0);
  const bool is_pair = (first & 0xFC00U) == 0xD800 && rest.size() >= 4 && (unit(2) & 0xFC00U) == 0xDC00;
  if (is_pair) return {0x10000 + ((first & 0x3FFU) << 10U) + (unit(2) & 0x3FFU), 4};
  return {first >= 0xD800 && first <= 0xDFFF ? U'\uFFFD' : first, 2};
}

void YamlLines::find_lines() {
  const std::size_t size = m_source.bytes().size();
  std::size_t at = m_encoding == Encoding::utf8 ? m_source.bom_size() : 2;
  m_lines.push_back({at, size});
  while (at < size) {
    const Character c = character_at(at);
    const std::size_t begin = at;
    at += c.size;
    if (!is_break(c.value)) continue;
    if (c.value == '\r' && at < size && character_at(at).value == '\n') at += character_at(at).size;
    m_lines.back().end = begin;
    m_lines.push_back({at, size});
  }
}

std::size_t YamlLines::line_index(std::size_t offset) const {
  if (m_lines.empty()) return m_source.line_index(offset);
  const auto behind = std::upper_bound(m_lines.begin(), m_lines.end(), offset,
                                       [](std::size_t place, const Line& line) { return place < line.begin; });
  return behind == m_lines.begin() ? 0 : static_cast<std::size_t>(behind - m_lines.begin()) - 1;
}

Position YamlLines::position(std::size_t offset) const {
  if (m_lines.empty()) return m_source.position(offset);
  const std::size_t index = line_index(offset);
  const std::size_t begin = m_lines[index].begin;
  if (offset <= begin) return {index + 1, 1};
  if (m_encoding == Encoding::utf8) return {index + 1, offset - begin + 1};
  std::size_t column = 1;
  for (std::size_t at = begin; at < offset;) {
    const Character c = character_at(at);
    column += utf8_size(c.value);
    at += c.size;
  }
  return {index + 1, column};
}

std::string YamlLines::line_text(std::size_t index) const {
  if (m_lines.empty()) return std::string(m_source.line_text(index).substr(index == 0 ? m_source.bom_size() : 0));
  const Line& line = m_lines[index];
  if (m_encoding == Encoding::utf8) return std::string(m_source.text({line.begin, line.end}));
  std::string text;
  for (std::size_t at = line.begin; at < line.end;) {
    const Character c = character_at(at);
    append_utf8(text, c.value);
    at += c.size;
  }
  return text;
}

}  // namespace kaudit::text
