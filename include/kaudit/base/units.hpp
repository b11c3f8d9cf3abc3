#pragma once

#include <cstdint>

namespace kaudit {

/// Bytes of a MB as kube-apiserver's --audit-log-maxsize and logrotate's `size` count them.
/// Sources: lumberjack.v2 lumberjack.go (megabyte = 1024 * 1024); logrotate(8), size.
inline constexpr std::uint64_t k_megabyte = std::uint64_t{1} << 20U;

}  // namespace kaudit
