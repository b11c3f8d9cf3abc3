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

/// Whether Kubernetes reads a text as JSON, not as YAML: its first character that is no space is a brace. Source:
/// k8s.io/apimachinery pkg/util/yaml decoder.go hasJSONPrefix.
[[nodiscard]] bool is_json(std::string_view text) noexcept;

}  // namespace kaudit::text
