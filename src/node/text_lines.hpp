#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaudit::node {

[[nodiscard]] constexpr bool has(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

/// The lines of a text without their endings, empty ones left out.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// A line as it may be shown: tabs are spaces, other control characters are question marks, nothing at the end.
[[nodiscard]] std::string harmless(std::string_view line);

/// At most about a thousand bytes of a text, never half a character.
[[nodiscard]] std::string shortened(std::string text);

}  // namespace kaudit::node
