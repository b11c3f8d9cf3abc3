#include "kaudit/host/space.hpp"

#include <cerrno>
#include <string>

#include <sys/statvfs.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {

Result<Space> space_for(const Root& root, std::string_view node_path) {
  std::string path(node_path);
  auto place = root.locate(path);
  while (!place && place.error().code == "missing-directory") {
    path.erase(path.rfind('/'));
    place = root.locate(path);
  }
  if (!place) return std::move(place).error();
  struct statvfs status {};
  if (::fstatvfs(place->directory.get(), &status) != 0) {
    return system_error("cannot ask its file system", place->path, errno);
  }
  return Space{std::uint64_t{status.f_blocks} * status.f_frsize, std::uint64_t{status.f_bavail} * status.f_frsize};
}

}  // namespace kaudit::host
