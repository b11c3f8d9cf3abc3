#include "text_bytes.hpp"

#include <utility>

#include "kaudit/text/utf8.hpp"

namespace kaudit::decode {

Rune first_rune(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t value = size == 2 ? lead & 0x1FU : size == 3 ? lead & 0x0FU : lead & 0x07U;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF) return {};
  return {value, size, true};
}

bool is_unicode_space(char32_t character) noexcept {
  return (character >= 0x09 && character <= 0x0D) || character == 0x20 || character == 0x85 || character == 0xA0 ||
         character == 0x1680 || (character >= 0x2000 && character <= 0x200A) || character == 0x2028 ||
         character == 0x2029 || character == 0x202F || character == 0x205F || character == 0x3000;
}

std::string with_valid_utf8(std::string text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Rune rune = first_rune(std::string_view(text).substr(at));
    if (!rune.valid) break;
    at += rune.size;
  }
  if (at == text.size()) return text;
  std::string fixed = text.substr(0, at);
  while (at < text.size()) {
    const Rune rune = first_rune(std::string_view(text).substr(at));
    text::append_utf8(fixed, rune.value);
    at += rune.size;
  }
  return fixed;
}

}  // namespace kaudit::decode
