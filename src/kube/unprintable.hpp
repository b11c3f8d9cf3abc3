#pragma once

#include <cstdint>

namespace kaudit::kube {

/// Whether Go's strconv.IsPrint says no to a code point, so that %q escapes it: unassigned ones, control characters,
/// blanks other than U+0020, private use. Of Go 1.26 (Unicode 15); other versions of Go differ in code points that
/// Unicode has assigned meanwhile.
[[nodiscard]] bool is_unprintable(std::uint32_t code) noexcept;

}  // namespace kaudit::kube
