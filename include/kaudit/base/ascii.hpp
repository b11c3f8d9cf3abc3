#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

/// Letters, digits and control characters of ASCII, whatever the locale. Every other byte is left as it is.
namespace kaudit {

[[nodiscard]] constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = lower_case(c);
  return lower;
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// 0 to 15, of a digit of either case; -1: it is none.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char letter = lower_case(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// Below U+0020, or DEL: what a terminal may take for a command.
[[nodiscard]] constexpr bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

/// Bytes of UTF-8 at the start of `text` that a terminal may take for a command or that turn the order of what is read:
/// C1 (U+0080 to U+009F), line separators (U+2028, U+2029), direction marks (U+200E, U+200F, U+202A to U+202E, U+2066
/// to U+2069). 0: there is none. Source: ECMA-48 section 5.3, Unicode TR 9.
[[nodiscard]] constexpr std::size_t size_of_unsafe(std::string_view text) noexcept {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  if (byte(0) == 0xC2) return byte(1) >= 0x80 && byte(1) <= 0x9F ? 2 : 0;
  if (byte(0) != 0xE2) return 0;
  const auto last = byte(2);
  const bool is_unsafe = byte(1) == 0x80 ? last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE)
                                         : byte(1) == 0x81 && last >= 0xA6 && last <= 0xA9;
  return is_unsafe ? 3 : 0;
}

/// With a question mark for each control character, line feeds and tabs among them, and for each of size_of_unsafe().
/// Control characters in `kept` stay.
[[nodiscard]] inline std::string one_line(std::string_view text, std::string_view kept = {}) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const std::size_t unsafe = size_of_unsafe(text);
    const char c = text.front();
    safe += unsafe != 0 || (is_control(c) && kept.find(c) == std::string_view::npos) ? '?' : c;
    text.remove_prefix(std::max<std::size_t>(unsafe, 1));
  }
  return safe;
}

}  // namespace kaudit
