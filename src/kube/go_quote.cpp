#include <array>
#include <cstdint>

#include "kaudit/kube/pod_rules.hpp"
#include "unprintable.hpp"

namespace kaudit::kube {
namespace {

/// One character of a UTF-8 text; `size` 1 and `code` above the last code point for a byte that is none.
struct Character {
  std::uint32_t code = 0xFFFFFFFFU;
  std::size_t size = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80U) return {first, 1};
  std::size_t size = 0;
  std::uint32_t code = 0;
  if ((first & 0xE0U) == 0xC0U) {
    size = 2;
    code = first & 0x1FU;
  } else if ((first & 0xF0U) == 0xE0U) {
    size = 3;
    code = first & 0x0FU;
  } else if ((first & 0xF8U) == 0xF0U) {
    size = 4;
    code = first & 0x07U;
  }
  if (size == 0 || at + size > text.size()) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(at + i) & 0x3FU);
  }
  static constexpr std::array<std::uint32_t, 5> k_least{0, 0, 0x80, 0x800, 0x10000};
  if (code < k_least[size] || code > 0x10FFFFU || (code >= 0xD800U && code <= 0xDFFFU)) return {};
  return {code, size};
}

std::string hexadecimal(std::uint32_t value, int digits) {
  std::string text;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return text;
}

std::string escaped(std::uint32_t code) {
  switch (code) {
    case '\a':
      return "\\a";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\v':
      return "\\v";
    default:
      break;
  }
  if (code < 0x20U || code == 0x7FU) return "\\x" + hexadecimal(code, 2);
  return code < 0x10000U ? "\\u" + hexadecimal(code, 4) : "\\U" + hexadecimal(code, 8);
}

}  // namespace

std::string go_quote(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const std::string_view bytes = text.substr(at, character.size);
    at += character.size;
    if (character.code > 0x10FFFFU) {
      quoted += "\\x" + hexadecimal(static_cast<unsigned char>(bytes.front()), 2);
    } else if (bytes == "\"" || bytes == "\\") {
      quoted += "\\" + std::string(bytes);
    } else if (is_unprintable(character.code)) {
      quoted += escaped(character.code);
    } else {
      quoted += bytes;
    }
  }
  return quoted + "\"";
}

}  // namespace kaudit::kube
