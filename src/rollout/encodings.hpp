#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaudit::rollout {

/// Bytes as getfattr(1) and setfattr(1) write them: 0x and hexadecimal digits.
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

/// Permission bits as people write them: "0600".
[[nodiscard]] std::string to_octal(std::uint32_t mode);
[[nodiscard]] std::optional<std::uint32_t> from_octal(const std::string& text);

}  // namespace kaudit::rollout
