#include "kaudit/decode/base64.hpp"

#include <array>
#include <cstdint>

namespace kaudit::decode {
namespace {

std::optional<std::uint32_t> sextet(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> go_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  std::size_t count = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') {
      if (count < 2 || count + ++padding > 4) return std::nullopt;
      continue;
    }
    const auto value = sextet(c);
    if (!value || padding > 0) return std::nullopt;
    bits = (bits << 6U) | *value;
    if (++count < 4) continue;
    out += static_cast<char>((bits >> 16U) & 0xFFU);
    out += static_cast<char>((bits >> 8U) & 0xFFU);
    out += static_cast<char>(bits & 0xFFU);
    bits = 0;
    count = 0;
  }
  if (count == 0) return out;
  if (count + padding != 4) return std::nullopt;
  bits <<= 6U * (4 - count);
  out += static_cast<char>((bits >> 16U) & 0xFFU);
  if (count == 3) out += static_cast<char>((bits >> 8U) & 0xFFU);
  return out;
}

}  // namespace kaudit::decode
