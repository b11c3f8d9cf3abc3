#include <algorithm>

#include "kaudit/host/directory.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/node/audit_log.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
Result<bool> look_at_log(Session& session, const EnableOptions& options, const ManifestInput& input) {
  const std::string log = options.log.value_or(options.log_volume ? input.manifest.flag_value("audit-log-path") : "");
  if (log.empty() || log == "-") return false;
  const std::string path = patch::normalise_path(log);
  KAUDIT_TRY_DO(refuse_below_manifests(input, path, "--log"));
  KAUDIT_TRY(missing, missing_directories(session.root, path));
  if (!missing.empty()) return true;
  KAUDIT_TRY(place, session.root.locate(path));
  KAUDIT_TRY_DO(host::check_log(place));
  KAUDIT_TRY(names, host::list_beside(place, host::Hidden::included));
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == place.leaf || node::rotated_by(name, place.leaf) != node::RotatedBy::nobody;
  });
}

Result<std::vector<std::string>> missing_directories(const host::Root& root, std::string_view node_path) {
  std::vector<std::string> missing;
  for (std::string directory = patch::directory_of(node_path); directory != "/";
       directory = patch::directory_of(directory)) {
    const auto place = root.locate(directory + "/x");
    if (place) break;
    if (place.error().code != "missing-directory") return place.error();
    // A link that leads nowhere is no missing directory.
    if (const auto name = root.locate(directory)) KAUDIT_TRY_DO(host::read_file(*name, 0));
    missing.insert(missing.begin(), directory);
  }
  return missing;
}

}  // namespace kaudit::cli
