#include "boot_unit.hpp"

#include <array>
#include <cerrno>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "kaudit/host/atomic_file.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/system_error.hpp"

namespace kaudit::rollout {
namespace {

constexpr const char* k_unit = "/etc/systemd/system/kaudit-resume.service";
constexpr const char* k_link = "/etc/systemd/system/multi-user.target.wants/kaudit-resume.service";

/// systemd.syntax(7): a percent sign and a backslash mean something in a unit; a quoted word may hold blanks.
std::string quoted(const std::string& word) {
  std::string text = "\"";
  for (const char c : word) {
    if (c == '%') text += '%';
    if (c == '"' || c == '\\') text += '\\';
    if (c == '$') text += '$';
    text += c;
  }
  return text + "\"";
}

std::string unit_text(const StateOptions& state) {
  return "# Made by kaudit while it waits for the API server, and removed when that has come: after a reboot in "
         "between\n"
         "# the run is finished, or the old manifest put back.\n"
         "[Unit]\n"
         "Description=Finish the kaudit run that a reboot interrupted\n"
         "After=kubelet.service network.target\n\n"
         "[Service]\n"
         "Type=exec\n"
         "ExecStart=" +
         quoted(own_program()) + " guard --state-dir " + quoted(state.directory) +
         "\nRestart=on-failure\nRestartSec=1\nOOMScoreAdjust=-1000\nKillMode=process\n\n"
         "[Install]\nWantedBy=multi-user.target\n";
}

}  // namespace

bool is_systemd_there(const host::Root& root) {
  struct stat status {};
  return root.is_host() && ::lstat("/run/systemd/system", &status) == 0 && S_ISDIR(status.st_mode);
}

std::string own_program() {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  return size > 0 && static_cast<std::size_t>(size) < path.size()
             ? std::string(path.data(), static_cast<std::size_t>(size))
             : std::string();
}

Status place_boot_unit(const host::Root& root, const StateOptions& state) {
  if (!is_systemd_there(root)) return Done{};
  std::vector<std::string> made;
  KAUDIT_TRY(place, root.locate_or_make(k_unit, made));
  KAUDIT_TRY_DO(host::remove_file(place));
  KAUDIT_TRY(file, host::AtomicFile::create(place, "boot", host::Metadata{0644, 0, 0, {}}, host::ownership_in(root)));
  KAUDIT_TRY_DO(file.write(unit_text(state)));
  KAUDIT_TRY_DO(file.sync());
  KAUDIT_TRY_DO(file.commit(host::Existing::replaced));
  KAUDIT_TRY(link, root.locate_or_make(k_link, made));
  if (::symlinkat(k_unit, link.directory.get(), link.leaf.c_str()) != 0 && errno != EEXIST) {
    return host::system_error("cannot enable the unit", link.path, errno);
  }
  return host::sync_parent(link);
}

Status remove_boot_unit(const host::Root& root) {
  if (!is_systemd_there(root)) return Done{};
  for (const char* path : {k_link, k_unit}) {
    const auto place = root.locate(path);
    if (place) KAUDIT_TRY_DO(host::remove_file(*place));
  }
  return Done{};
}

}  // namespace kaudit::rollout
