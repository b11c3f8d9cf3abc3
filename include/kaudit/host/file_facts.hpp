#pragma once

#include <cstdint>
#include <optional>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// What stat(2) says of a name, without opening it.
struct FileFacts {
  std::uint32_t mode = 0;   ///< st_mode, the kind of file included: for must_be_regular()
  std::uint64_t size = 0;   ///< bytes
  std::uint64_t inode = 0;  ///< another one: the name stands for another file now
  double modified = 0;      ///< seconds since 1970-01-01T00:00:00Z
};

/// Of what is at `place`; a link is not followed. Nothing: there is nothing. Errors: status 4.
[[nodiscard]] Result<std::optional<FileFacts>> look_at(const Place& place);

}  // namespace kaudit::host
