#include "node_file.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "kaudit/host/file.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::node {
namespace {

/// Where the link at `place` leads, for Root::locate.
Result<std::string> target_of(const host::Root& root, const host::Place& place) {
  KAUDIT_TRY_DO(host::check_owner(root, place.node_path));
  KAUDIT_TRY(target, host::read_link(place));
  if (target.front() == '/') return target;
  return place.node_path.substr(0, place.node_path.rfind('/') + 1) + target;
}

}  // namespace

Result<std::string> read_node_file(const host::Root& root, const std::string& node_path) {
  constexpr std::size_t k_limit = std::size_t{1} << 20U;
  constexpr int k_most_links = 8;
  std::string path = node_path;
  for (int links = 0;; ++links) {
    KAUDIT_TRY(place, root.locate(path));
    auto image = host::read_file(place, k_limit);
    if (!image && image.error().code == "symlink" && links < k_most_links) {
      KAUDIT_TRY(target, target_of(root, place));
      path = target;
      continue;
    }
    if (!image) return std::move(image).error();
    if (!*image) return host::file_error(ExitStatus::host_refused, "missing", place.path, "no such file");
    return std::move((*image)->bytes);
  }
}

}  // namespace kaudit::node
