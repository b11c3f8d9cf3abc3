#pragma once

#include <string>
#include <string_view>

namespace kaudit::test {

enum class Direction { forward, reverse };

/// Applies a unified diff by its line numbers, strictly: every context and removed line must be there. A stand-in for
/// `patch` and `patch -R`, fast enough for thousands of diffs. Throws std::runtime_error where the diff does not fit.
std::string apply_diff(std::string_view text, std::string_view diff, Direction direction);

}  // namespace kaudit::test
