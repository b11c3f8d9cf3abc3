#pragma once

#include <string_view>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// Whether the file at `place`, there already or not, could be replaced by a rename, as far as can be told without
/// writing anything.
///
/// Errors: status 4 "read-only" (file system), "bind-mounted" (the file is a mount of its own, which rename(2) refuses
/// with EBUSY), "immutable" (`chattr +i` or `+a` on file or directory).
[[nodiscard]] Status check_replaceable(const Place& place);

/// Whether nobody but root (a trusted owner) may change the file or one of the directories above it.
///
/// Errors: status 3 "foreign-owner" with the path that others may write. A caller may choose to go on.
[[nodiscard]] Status check_owner(const Root& root, std::string_view node_path);

}  // namespace kaudit::host
