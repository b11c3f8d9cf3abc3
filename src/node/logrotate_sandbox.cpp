#include <algorithm>
#include <array>
#include <sstream>

#include "logrotate_schedule.hpp"
#include "systemd_unit.hpp"

namespace kaudit::node {
namespace {

bool is_yes(std::string_view value) {
  constexpr std::array<std::string_view, 6> k_yes = {"1", "yes", "y", "true", "t", "on"};
  return std::find(k_yes.begin(), k_yes.end(), value) != k_yes.end();
}

/// The value that is in force; "" if it is not set.
std::string last_of(const std::vector<UnitSetting>& settings, std::string_view key) {
  std::string value;
  for (const UnitSetting& setting : settings) {
    if (setting.key == key) value = setting.value;
  }
  return value;
}

/// A list of paths; "-" (need not be there) and "+" (below the service's own root) may stand in front of each.
void add_paths(const std::vector<UnitSetting>& settings, std::string_view key, std::vector<std::string>& paths) {
  std::vector<std::string> list;
  for (const UnitSetting& setting : settings) {
    if (setting.key != key) continue;
    if (setting.value.empty()) list.clear();
    std::istringstream words(setting.value);
    for (std::string word; words >> word;) {
      const std::size_t begin = word.find_first_not_of("-+");
      if (begin != std::string::npos) list.push_back(word.substr(begin));
    }
  }
  paths.insert(paths.end(), list.begin(), list.end());
}

/// How long the longest of the directories is that `path` lies in, or is; 0: in none.
std::size_t deepest(const std::vector<std::string>& directories, std::string_view path) {
  std::size_t length = 0;
  for (const std::string& directory : directories) {
    const bool is_root = directory == "/";
    const bool is_in =
        path.starts_with(directory) && (is_root || path.size() == directory.size() || path[directory.size()] == '/');
    if (is_in) length = std::max(length, directory.size());
  }
  return length;
}

}  // namespace

void look_at_sandbox(const host::Root& root, LogrotateSchedule& schedule) {
  const std::vector<UnitSetting> settings = settings_of_unit(root, "logrotate.service");
  auto& closed = schedule.closed;
  const std::string system = last_of(settings, "ProtectSystem");
  if (system == "strict") closed.emplace_back("/");
  if (is_yes(system) || system == "full") closed.insert(closed.end(), {"/usr", "/boot", "/efi"});
  if (system == "full") closed.emplace_back("/etc");
  const std::string home = last_of(settings, "ProtectHome");
  if (is_yes(home) || home == "read-only" || home == "tmpfs") {
    closed.insert(closed.end(), {"/home", "/root", "/run/user"});
  }
  const std::string tmp = last_of(settings, "PrivateTmp");
  if (is_yes(tmp) || tmp == "disconnected") closed.insert(closed.end(), {"/tmp", "/var/tmp"});
  add_paths(settings, "ReadOnlyPaths", closed);
  add_paths(settings, "InaccessiblePaths", closed);
  add_paths(settings, "ReadWritePaths", schedule.opened);
}

bool LogrotateSchedule::reaches(std::string_view path) const {
  const std::size_t length = deepest(closed, path);
  return length == 0 || deepest(opened, path) >= length;
}

}  // namespace kaudit::node
