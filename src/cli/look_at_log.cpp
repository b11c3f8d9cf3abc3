#include <algorithm>

#include "kaudit/host/directory.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

/// `audit.log.1`, less its `.gz`.
bool is_numbered(std::string_view name, std::string_view log) {
  if (!name.starts_with(log) || name.size() < log.size() + 2 || name[log.size()] != '.') return false;
  const std::string_view number = name.substr(log.size() + 1);
  return number.front() != '0' &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_rotated_log(std::string_view name, std::string_view log) {
  const std::size_t dot = log.rfind('.');
  const std::string_view stem = log.substr(0, dot);
  const std::string_view extension = dot == std::string_view::npos ? std::string_view() : log.substr(dot);
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (is_numbered(name, log)) return true;
  if (!name.starts_with(stem) || !name.ends_with(extension)) return false;
  if (name.size() < stem.size() + extension.size() + 1) return false;
  const std::string_view stamp = name.substr(stem.size(), name.size() - stem.size() - extension.size());
  constexpr std::string_view k_shape = "-0000-00-00T00-00-00.000";
  return stamp.size() == k_shape.size() && std::equal(stamp.begin(), stamp.end(), k_shape.begin(), [](char c, char s) {
           return s == '0' ? c >= '0' && c <= '9' : c == s;
         });
}

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
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name == place.leaf || is_rotated_log(name, place.leaf); });
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
