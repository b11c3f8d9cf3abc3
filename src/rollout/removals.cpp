#include "removals.hpp"

#include <cstddef>
#include <utility>

#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::rollout {
namespace {

/// As much as is ever read of a policy or webhook config.
constexpr std::size_t k_limit = 10U << 20U;

enum class Went { away, nothing_there };

/// Errors: what stands there is not what the plan saw, or the host refused.
Result<Went> remove(const host::Root& root, const Removal& removal) {
  KAUDIT_TRY(place, root.locate(removal.node_path));
  if (removal.sha256.empty()) {
    KAUDIT_TRY_DO(host::check_log(place));
    KAUDIT_TRY(there, host::read_owner(place));
    if (!there) return Went::nothing_there;
  } else {
    KAUDIT_TRY(image, host::read_file(place, k_limit));
    if (!image) return Went::nothing_there;
    if (host::sha256(image->bytes) != removal.sha256) {
      return host::file_error(ExitStatus::host_refused, "changed-underneath", place.path,
                              "was changed by another program since the plan was made and was left as it is");
    }
  }
  KAUDIT_TRY_DO(host::remove_file(place));
  KAUDIT_TRY_DO(host::sync_parent(place));
  return Went::away;
}

}  // namespace

std::vector<std::string> remove_all(const host::Root& root, const std::vector<Removal>& removals,
                                    std::vector<Warning>& warnings) {
  std::vector<std::string> removed;
  for (const Removal& removal : removals) {
    const auto went = remove(root, removal);
    if (went && *went == Went::away) removed.push_back(root.shown(removal.node_path));
    if (went) continue;
    Warning warning;
    warning.code = "not-removed";
    warning.message = went.error().message;
    warning.file = root.shown(removal.node_path);
    warnings.push_back(std::move(warning));
  }
  return removed;
}

}  // namespace kaudit::rollout
