#include "yaml_marks.hpp"

#include "kaudit/text/utf8.hpp"

namespace kaudit::decode {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

enum class Endian { little, big };

/// UTF-16 as UTF-8, up to the first unit that is no character (YamlInput refuses the text there).
std::string transcoded(std::string_view bytes, Endian endian) {
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return endian == Endian::little ? first | (char32_t{second} << 8U) : second | (char32_t{first} << 8U);
  };
  std::string out;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const char32_t high = unit(at);
    if (high < 0xD800 || high > 0xDFFF) {
      text::append_utf8(out, high);
      continue;
    }
    at += 2;
    if (high > 0xDBFF || at + 1 >= bytes.size() || (unit(at) & 0xFC00U) != 0xDC00U) break;
    text::append_utf8(out, 0x10000 + ((high & 0x3FFU) << 10U) + (unit(at) & 0x3FFU));
  }
  return out;
}

}  // namespace

Marks::Marks(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 2);
  m_utf16 = start == "\xff\xfe" || start == "\xfe\xff";
  if (m_utf16) {
    m_bom = 2;
    m_transcoded = transcoded(bytes.substr(2), start == "\xff\xfe" ? Endian::little : Endian::big);
    m_text = m_transcoded;
  } else {
    m_bom = bytes.substr(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
    m_text = bytes.substr(m_bom);
  }
}

void Marks::move_to(std::size_t index) {
  while (m_index < index && m_at < m_text.size()) {
    const std::size_t start = m_at++;
    while (m_at < m_text.size() && is_continuation(m_text[m_at])) ++m_at;
    m_at_utf16 += m_at - start == 4 ? 4 : 2;
    ++m_index;
  }
  while (m_index > index) {
    const std::size_t end = m_at--;
    while (m_at > 0 && is_continuation(m_text[m_at])) --m_at;
    m_at_utf16 -= end - m_at == 4 ? 4 : 2;
    --m_index;
  }
}

std::size_t Marks::offset(std::size_t index) {
  move_to(index);
  return m_bom + (m_utf16 ? m_at_utf16 : m_at);
}

}  // namespace kaudit::decode
