#include "kaudit/host/obstacles.hpp"

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

/// What statx(2) tells beyond stat(2). What kernel or file system does not tell is 0.
struct Peculiarities {
  std::uint64_t mount = 0;
  bool immutable = false;
  bool append_only = false;
};

std::optional<Peculiarities> peculiarities_of(int directory, const char* name) {
  struct statx found {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT;
  if (::statx(directory, name, flags, STATX_TYPE | STATX_MNT_ID, &found) != 0) return std::nullopt;
  Peculiarities result;
  if ((found.stx_mask & STATX_MNT_ID) != 0) result.mount = found.stx_mnt_id;
  const std::uint64_t attributes = found.stx_attributes & found.stx_attributes_mask;
  result.immutable = (attributes & STATX_ATTR_IMMUTABLE) != 0;
  result.append_only = (attributes & STATX_ATTR_APPEND) != 0;
  return result;
}

std::string directory_of(const std::string& path) {
  const std::string above = path.substr(0, path.rfind('/'));
  return above.empty() ? "/" : above;
}

Status check_flags(const Peculiarities& found, const std::string& path) {
  if (!found.immutable && !found.append_only) return Done{};
  const std::string flag = found.immutable ? "i" : "a";
  return file_error(ExitStatus::host_refused, "immutable", path,
                    (found.immutable ? "is immutable" : "is append-only") + std::string(" (chattr +") + flag + ")",
                    "somebody protected it on purpose; to allow the change: chattr -" + flag + " " + path);
}

}  // namespace

Status check_replaceable(const Place& place) {
  struct statvfs file_system {};
  if (::fstatvfs(place.directory.get(), &file_system) == 0 && (file_system.f_flag & ST_RDONLY) != 0) {
    return system_error("cannot be changed", place.path, EROFS);
  }
  const auto directory = peculiarities_of(place.directory.get(), "");
  if (!directory) return Done{};
  KAUDIT_TRY_DO(check_flags(*directory, directory_of(place.path)));
  const auto file = peculiarities_of(place.directory.get(), place.leaf.c_str());
  if (!file) return Done{};
  KAUDIT_TRY_DO(check_flags(*file, place.path));
  if (file->mount != directory->mount) {
    return file_error(ExitStatus::host_refused, "bind-mounted", place.path,
                      "is mounted there by itself (a bind mount), so it cannot be replaced atomically",
                      "change the file it comes from (findmnt -T " + place.path + "), or unmount it");
  }
  return Done{};
}

Status check_owner(const Root& root, std::string_view node_path) {
  KAUDIT_TRY(offender, writable_by_others(root, node_path));
  if (!offender) return Done{};
  return file_error(ExitStatus::refused, "foreign-owner", *offender, "others than root may write it",
                    "make it root's alone: chown root " + *offender + " && chmod go-w " + *offender);
}

}  // namespace kaudit::host
