#pragma once

#include <string>

/// Bytes as Go's encoding/json sees them.
namespace kaudit::decode {

/// What encoding/json makes of a string: every byte that is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string with_valid_utf8(std::string text);

}  // namespace kaudit::decode
