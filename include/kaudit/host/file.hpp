#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::host {

/// An extended attribute: POSIX ACLs (`system.posix_acl_access`) and the SELinux label (`security.selinux`) are such.
struct Attribute {
  std::string name;
  std::string value;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// What a file carries besides its bytes.
struct Metadata {
  std::uint32_t mode = 0600;  ///< permission bits only
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<Attribute> attributes;
};

/// A regular file as it was found.
struct FileImage {
  std::string bytes;
  Metadata metadata;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 1;
};

/// Reads a regular file at `place`, at most `limit` bytes. Nothing: there is no such file. What is not a regular file
/// is never opened.
///
/// Errors: status 3 "symlink", "directory", "fifo", "device", "socket", "too-large"; status 4 "permission", "io".
[[nodiscard]] Result<std::optional<FileImage>> read_file(const Place& place, std::size_t limit);

/// The same for a path of the person at the keyboard (`--policy FILE`): links are followed, nothing else differs,
/// and a missing file is an error (status 4, "missing").
[[nodiscard]] Result<FileImage> read_own_file(const std::string& path, std::size_t limit);

/// Owner and mode of what is at `place`, attributes left out; nothing: there is nothing. Links are not followed.
[[nodiscard]] Result<std::optional<Metadata>> read_owner(const Place& place);

/// The target of a symbolic link, as it is written. Errors: status 4.
[[nodiscard]] Result<std::string> read_link(const Place& place);

/// Whether file or a directory above it, up to the root, may be written by anybody but root (trusted owner). Returns
/// the first such path as shown, or nothing.
[[nodiscard]] Result<std::optional<std::string>> writable_by_others(const Root& root, std::string_view node_path);

/// SHA-256 in lower-case hex.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace kaudit::host
