#include "kaudit/text/utf8.hpp"

#include <cstdint>

namespace kaudit::text {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t offset) {
  return offset < bytes.size() ? static_cast<unsigned char>(bytes[offset]) : 0U;
}

bool continues(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

}  // namespace

std::size_t utf8_length(std::string_view bytes, std::size_t offset) {
  if (offset >= bytes.size()) return 0;
  const unsigned first = byte_at(bytes, offset);
  if (first < 0x80U) return 1;
  const unsigned second = byte_at(bytes, offset + 1);
  if (!continues(second)) return 0;
  if (first >= 0xC2U && first <= 0xDFU) return 2;
  if (!continues(byte_at(bytes, offset + 2))) return 0;
  if (first == 0xE0U) return second >= 0xA0U ? 3 : 0;
  if (first == 0xEDU) return second <= 0x9FU ? 3 : 0;
  if (first >= 0xE1U && first <= 0xEFU) return 3;
  if (!continues(byte_at(bytes, offset + 3))) return 0;
  if (first == 0xF0U) return second >= 0x90U ? 4 : 0;
  if (first >= 0xF1U && first <= 0xF3U) return 4;
  return first == 0xF4U && second <= 0x8FU ? 4 : 0;
}

std::size_t valid_utf8_prefix(std::string_view bytes) {
  std::size_t offset = 0;
  while (offset < bytes.size()) {
    const std::size_t length = utf8_length(bytes, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return offset;
}

void append_utf8(std::string& out, char32_t character) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0U | (character >> 6U));
    put(0x80U | (character & 0x3FU));
  } else if (character < 0x10000) {
    put(0xE0U | (character >> 12U));
    put(0x80U | ((character >> 6U) & 0x3FU));
    put(0x80U | (character & 0x3FU));
  } else {
    put(0xF0U | (character >> 18U));
    put(0x80U | ((character >> 12U) & 0x3FU));
    put(0x80U | ((character >> 6U) & 0x3FU));
    put(0x80U | (character & 0x3FU));
  }
}

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

bool is_json(std::string_view text) noexcept {
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    if (!rune.valid || !is_unicode_space(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  return !text.empty() && text.front() == '{';
}

}  // namespace kaudit::text
