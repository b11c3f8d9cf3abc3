#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "check_node_parts.hpp"
#include "kaudit/base/units.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/space.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/node/audit_log.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::cli {
namespace {

std::uint64_t size_of(const host::Place& place) {
  struct stat status {};
  const bool is_file = ::fstatat(place.directory.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                       S_ISREG(status.st_mode);
  return is_file ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// What the log and its rotated files take already.
std::uint64_t size_of_log(const host::Root& root, const std::string& log) {
  const auto place = root.locate(log);
  if (!place) return 0;
  const auto names = host::list_beside(*place, host::Hidden::skipped);
  if (!names) return 0;
  std::uint64_t bytes = 0;
  for (const std::string& name : *names) {
    if (name != place->leaf && node::rotated_by(name, place->leaf) == node::RotatedBy::nobody) continue;
    const auto file = host::sibling(*place, name);
    if (file) bytes += size_of(*file);
  }
  return bytes;
}

std::string in_megabytes(std::uint64_t bytes) { return fmt::format("{} MB", (bytes + k_megabyte - 1) / k_megabyte); }

}  // namespace

bool is_same_directory(const host::Root& root, const std::string& left, const std::string& right) {
  if (left == right) return true;
  struct stat one {};
  struct stat other {};
  return ::stat(root.shown(left).c_str(), &one) == 0 && ::stat(root.shown(right).c_str(), &other) == 0 &&
         one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

Status check_log_space(Session& session, const patch::Plan& plan, const node::Kubelet& kubelet) {
  const bool rotates = plan.log_mount == patch::Plan::LogMount::directory || plan.rotator == patch::Rotator::logrotate;
  if (plan.log_mount == patch::Plan::LogMount::none || !plan.log_path.starts_with('/')) return Done{};
  if (plan.log_max_size_mb <= 0 || (rotates && plan.log_max_backups <= 0)) return Done{};
  const auto space = host::space_for(session.root, plan.log_path);
  if (!space) return Done{};  // whoever writes there will say why
  const auto files = static_cast<std::uint64_t>(rotates ? plan.log_max_backups + 1 : 1);
  const std::uint64_t wanted = static_cast<std::uint64_t>(plan.log_max_size_mb) * k_megabyte * files;
  const std::uint64_t there = size_of_log(session.root, plan.log_path);
  const std::uint64_t more = wanted > there ? wanted - there : 0;
  const std::uint64_t reserve = kubelet.eviction_reserve(space->total);
  if (more + reserve <= space->available) return Done{};
  Error error = host::file_error(
      ExitStatus::host_refused, "disk-space", session.root.shown(plan.log_path),
      fmt::format("the log may grow to {} ({} file{} of {} MB), and the kubelet evicts pods below {} free: {} are free",
                  in_megabytes(wanted), files, files == 1 ? "" : "s", plan.log_max_size_mb, in_megabytes(reserve),
                  in_megabytes(space->available)),
      "make room, put the log elsewhere, or give a smaller --max-size or --max-backup");
  return session.refuse_surroundings(std::move(error));
}

Status check_log_label(Session& session, const patch::Plan& plan) {
  if (!host::has_selinux(session.root) || !plan.log_path.starts_with('/')) return Done{};
  const auto place = session.root.locate(patch::directory_of(plan.log_path));
  if (!place) return Done{};
  const auto label = host::selinux_label(*place);
  if (!label || !*label || (*label)->value.find(":auditd_log_t:") == std::string::npos) return Done{};
  return session.refuse_surroundings(
      host::file_error(ExitStatus::refused, "auditd-label", place->path,
                       "SELinux keeps this directory for auditd (auditd_log_t): no container may write there",
                       "put the log elsewhere, for example under /var/log/kubernetes"));
}

}  // namespace kaudit::cli
