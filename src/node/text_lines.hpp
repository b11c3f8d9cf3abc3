#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaudit::node {

[[nodiscard]] constexpr bool has(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

/// Without blanks at both ends.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

/// The lines of a text without their endings, empty ones left out.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// A line as it may be shown: tabs are spaces, other control characters are question marks, nothing at the end.
[[nodiscard]] std::string harmless(std::string_view line);

/// At most about a thousand bytes of a text, never half a character.
[[nodiscard]] std::string shortened(std::string text);

}  // namespace kaudit::node
