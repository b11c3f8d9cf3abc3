#pragma once

#include <cstdint>
#include <string>

#include "kaudit/base/result.hpp"

namespace kaudit::host {

/// Nothing for a regular file, else why `path` (as shown) is refused, by its st_mode: status 3 "symlink", "directory",
/// "fifo", "device", "socket".
[[nodiscard]] Status must_be_regular(std::uint32_t mode, const std::string& path);

}  // namespace kaudit::host
