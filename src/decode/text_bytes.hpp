#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Bytes and characters, as Go's unicode/utf8 sees them.
namespace kaudit::decode {

/// One character of UTF-8 at the start of `text` (not empty), as utf8.DecodeRuneInString: a byte that starts no valid
/// character counts as one of its own, U+FFFD.
struct Rune {
  char32_t value = U'\uFFFD';
  std::size_t size = 1;
  bool valid = false;
};
[[nodiscard]] Rune first_rune(std::string_view text) noexcept;

/// unicode.IsSpace.
[[nodiscard]] bool is_unicode_space(char32_t character) noexcept;

/// What encoding/json makes of a string: every byte that is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string with_valid_utf8(std::string text);

}  // namespace kaudit::decode
