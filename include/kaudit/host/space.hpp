#pragma once

#include <cstdint>
#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// A file system's size and what is free of it for anybody, in bytes. Source: statvfs(3), f_blocks and f_bavail.
struct Space {
  std::uint64_t total = 0;
  std::uint64_t available = 0;
};

/// Of the file system on which `node_path` lies, or will lie once missing directories are made. Errors: status 4.
[[nodiscard]] Result<Space> space_for(const Root& root, std::string_view node_path);

}  // namespace kaudit::host
