#pragma once

#include <algorithm>
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

/// With a question mark for each control character, line feeds among them.
[[nodiscard]] inline std::string one_line(std::string_view text) {
  std::string safe(text);
  std::replace_if(safe.begin(), safe.end(), is_control, '?');
  return safe;
}

}  // namespace kaudit
