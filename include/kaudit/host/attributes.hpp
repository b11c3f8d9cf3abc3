#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/file.hpp"

namespace kaudit::host {

/// POSIX ACLs and the SELinux label, as the kernel calls them (xattr(7)).
inline constexpr const char* k_acl_attribute = "system.posix_acl_access";
inline constexpr const char* k_selinux_attribute = "security.selinux";

/// What of owner and attributes must be had.
enum class Ownership : std::uint8_t {
  exact,              ///< everything, or it is an error
  as_far_as_allowed,  ///< in a scratch root: what only a privileged caller may set is left out
};

/// The one that goes with `root`.
[[nodiscard]] Ownership ownership_in(const Root& root);

/// The extended attributes of an open file, sorted by name. Those the kernel makes from the content itself
/// (`security.ima`, `security.evm`) and file capabilities are left out: a copy must not carry them.
///
/// `path` is for messages. A file system without attributes gives none.
[[nodiscard]] Result<std::vector<Attribute>> read_attributes(int file, const std::string& path);

/// Owner, mode and attributes of an open file or directory that this program has just made, in the order in which no
/// moment allows more than the end: owner, mode, attributes. An ACL inherited from the directory goes.
[[nodiscard]] Status apply_metadata(int file, const Metadata& metadata, Ownership ownership, const std::string& path);

/// Whether SELinux is switched on for what `root` stands for. A scratch root has none.
[[nodiscard]] bool has_selinux(const Root& root);

/// The SELinux label of a regular file or directory, as an attribute to give to another. Nothing: it has none, or
/// there is no such file.
[[nodiscard]] Result<std::optional<Attribute>> selinux_label(const Place& place);

}  // namespace kaudit::host
