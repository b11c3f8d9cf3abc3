#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"
#include "walk.hpp"

namespace kaudit::host {

Result<std::optional<std::string>> writable_by_others(const Root& root, std::string_view node_path) {
  KAUDIT_TRY(components, components_of(node_path));
  const std::string path = root.shown(joined(components));
  const std::string leaf = std::move(components.back());
  components.pop_back();
  KAUDIT_TRY(top, root.top());
  Walk walk(root, std::move(top));
  if (const Status gone = walk.go(components, Missing::is_error); !gone) {
    // What does not exist cannot be written; whoever could make it is the offender found on the way.
    if (gone.error().code != "missing-directory") return gone.error();
    return walk.offender();
  }
  if (walk.offender()) return walk.offender();
  const Descriptor directory = std::move(walk).arrive();
  struct stat status {};
  if (::fstatat(directory.get(), leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<std::string>();
    return system_error("cannot look at it", path, errno);
  }
  // A link's own mode says nothing (always 0777): who may change it is its directory's matter.
  const std::uint32_t mode = S_ISLNK(status.st_mode) ? 0U : status.st_mode;
  if (root.is_trusted_alone(mode, status.st_uid, status.st_gid)) return std::optional<std::string>();
  return std::optional(path);
}

}  // namespace kaudit::host
