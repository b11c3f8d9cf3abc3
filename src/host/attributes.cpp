#include "kaudit/host/attributes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

bool is_copied(std::string_view name) {
  return name != "security.ima" && name != "security.evm" && name != "security.capability";
}

/// A file system, or a kernel, that does not know the attribute or attributes at all.
bool is_unsupported(int number) { return number == ENOTSUP || number == ENOSYS; }

/// Calls `get(buffer, size)` with ever larger buffers. The answer's size, or -1 with errno.
template <typename Get>
ssize_t read_growing(std::string& value, Get get) {
  value.resize(256);
  ssize_t size = get(value.data(), value.size());
  while (size < 0 && errno == ERANGE && value.size() < 65536) {  // XATTR_SIZE_MAX and XATTR_LIST_MAX
    value.resize(value.size() * 4);
    size = get(value.data(), value.size());
  }
  if (size >= 0) value.resize(static_cast<std::size_t>(size));
  return size;
}

/// Nothing: it is gone, or not for us to read (the kernel lists some names to everybody).
Result<std::optional<Attribute>> read_attribute(int file, std::string name, const std::string& path) {
  Attribute attribute{std::move(name), {}};
  const auto get = [&](char* data, std::size_t size) { return ::fgetxattr(file, attribute.name.c_str(), data, size); };
  if (read_growing(attribute.value, get) >= 0) return std::optional(std::move(attribute));
  if (errno == ENODATA || errno == EPERM || errno == EACCES || is_unsupported(errno)) return std::optional<Attribute>();
  return system_error("cannot read the attribute " + attribute.name, path, errno);
}

Status set_attribute(int file, const Attribute& attribute, Ownership ownership, const std::string& path) {
  if (::fsetxattr(file, attribute.name.c_str(), attribute.value.data(), attribute.value.size(), 0) == 0) return Done{};
  const int number = errno;
  const bool refused = number == EPERM || number == EACCES || is_unsupported(number);
  if (refused && ownership == Ownership::as_far_as_allowed) return Done{};
  return system_error("cannot set the attribute " + attribute.name, path, number);
}

}  // namespace

Ownership ownership_in(const Root& root) { return root.is_host() ? Ownership::exact : Ownership::as_far_as_allowed; }

Result<std::vector<Attribute>> read_attributes(int file, const std::string& path) {
  std::vector<Attribute> attributes;
  std::string names;
  if (read_growing(names, [&](char* data, std::size_t size) { return ::flistxattr(file, data, size); }) < 0) {
    if (is_unsupported(errno)) return attributes;
    return system_error("cannot list the attributes", path, errno);
  }
  for (std::size_t at = 0; at < names.size();) {
    std::string name(names.c_str() + at);
    at += name.size() + 1;
    if (!is_copied(name)) continue;
    KAUDIT_TRY(attribute, read_attribute(file, std::move(name), path));
    if (attribute) attributes.push_back(*std::move(attribute));
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const Attribute& left, const Attribute& right) { return left.name < right.name; });
  return attributes;
}

Status apply_metadata(int file, const Metadata& metadata, Ownership ownership, const std::string& path) {
  // A default ACL of the directory gave the file an ACL, and fchmod(2) would widen its mask.
  if (::fremovexattr(file, k_acl_attribute) != 0 && errno != ENODATA && !is_unsupported(errno)) {
    return system_error("cannot remove the inherited ACL", path, errno);
  }
  if (::fchown(file, metadata.uid, metadata.gid) != 0 &&
      !(errno == EPERM && ownership == Ownership::as_far_as_allowed)) {
    return system_error("cannot set the owner", path, errno);
  }
  if (::fchmod(file, metadata.mode & 07777U) != 0) return system_error("cannot set the mode", path, errno);
  for (const Attribute& attribute : metadata.attributes) {
    KAUDIT_TRY_DO(set_attribute(file, attribute, ownership, path));
  }
  return Done{};
}

bool has_selinux(const Root& root) { return root.is_host() && ::access("/sys/fs/selinux/enforce", F_OK) == 0; }

Result<std::optional<Attribute>> selinux_label(const Place& place) {
  struct stat status {};
  const char* name = place.leaf.c_str();
  if (::fstatat(place.directory.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<Attribute>();
    return system_error("cannot look at it", place.path, errno);
  }
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return std::optional<Attribute>();
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  const Descriptor file(uninterrupted([&] { return ::openat(place.directory.get(), name, flags); }));
  if (!file.is_open()) return system_error("cannot open it", place.path, errno);
  return read_attribute(file.get(), k_selinux_attribute, place.path);
}

}  // namespace kaudit::host
