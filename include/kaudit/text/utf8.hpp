#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaudit::text {

/// Half of a UTF-16 pair: no character by itself (RFC 3629 section 3).
[[nodiscard]] constexpr bool is_surrogate(char32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDFFF; }

/// Length of the longest prefix that is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing
/// above U+10FFFF). Equal to `bytes.size()` when all of it is.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view bytes);

/// Bytes of the well-formed character that starts at `offset`, 0 if there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view bytes, std::size_t offset);

/// Appends one character, of at most U+10FFFF.
void append_utf8(std::string& out, char32_t character);

}  // namespace kaudit::text
