#include "kaudit/host/file_facts.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {

Result<std::optional<FileFacts>> look_at(const Place& place) {
  struct stat status {};
  if (::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<FileFacts>();
    return system_error("cannot look at it", place.path, errno);
  }
  constexpr double k_nanosecond = 1e-9;
  FileFacts facts;
  facts.mode = status.st_mode;
  facts.size = static_cast<std::uint64_t>(status.st_size);
  facts.inode = status.st_ino;
  facts.modified =
      static_cast<double>(status.st_mtim.tv_sec) + static_cast<double>(status.st_mtim.tv_nsec) * k_nanosecond;
  return std::optional(facts);
}

}  // namespace kaudit::host
