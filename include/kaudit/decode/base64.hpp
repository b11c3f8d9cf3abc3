#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaudit::decode {

/// Go's base64.StdEncoding.DecodeString: padding is required, CR and LF are skipped, spare bits are not looked at.
[[nodiscard]] std::optional<std::string> go_base64(std::string_view text);

}  // namespace kaudit::decode
