#include "encodings.hpp"

#include <array>
#include <charconv>

namespace kaudit::rollout {
namespace {

constexpr std::string_view k_digits = "0123456789abcdef";

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text = "0x";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += k_digits[value >> 4U];
    text += k_digits[value & 15U];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.substr(0, 2) != "0x" || text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 2; at < text.size(); at += 2) {
    const std::size_t high = k_digits.find(text[at]);
    const std::size_t low = k_digits.find(text[at + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string to_octal(std::uint32_t mode) {
  std::array<char, 16> text{};
  char* const end = std::to_chars(text.data(), text.data() + text.size(), mode, 8).ptr;
  return "0" + std::string(text.data(), end);
}

std::optional<std::uint32_t> from_octal(const std::string& text) {
  std::uint32_t mode = 0;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, mode, 8).ptr != end || mode > 07777U) return std::nullopt;
  return mode;
}

}  // namespace kaudit::rollout
