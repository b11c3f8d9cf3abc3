#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaudit {

/// The word of `known` that somebody who typed `typed` most likely meant: the fewest insertions, deletions,
/// replacements and swaps of neighbours away, at most a third of its length. Empty if none is near.
[[nodiscard]] std::string nearest_word(std::string_view typed, const std::vector<std::string_view>& known);

}  // namespace kaudit
