#include "draft.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

/// Takes out the mount at exactly `path`, if it shows the node's same path: the log is to be mounted the other way.
void remove_mount_at(Draft& draft, const std::string& path) {
  for (const manifest::Mount& mount : draft.manifest.mounts) {
    if (normalise_path(mount.path) == path && host_path_at(draft, mount, path) == path) remove_mount(draft, mount);
  }
}

/// The log's own directory may give way to a mount of the file alone only if nothing else is in it for the server.
void give_up_directory(Draft& draft, const std::string& log) {
  const std::string directory = directory_of(log);
  const manifest::Mount* mount = governing_mount(draft, directory);
  if (mount == nullptr || (is_system_directory(directory) && !is_log_mount(*mount))) return;
  const std::string policy = draft.desired.policy_path.value_or(draft.manifest.flag_value("audit-policy-file"));
  const std::string webhook =
      draft.desired.webhook_path.value_or(draft.manifest.flag_value("audit-webhook-config-file"));
  if (!is_named_elsewhere(draft, directory) && !below(normalise_path(policy), directory) &&
      !below(normalise_path(webhook), directory)) {
    remove_mount_at(draft, directory);
  }
}

bool is_mounted_as_file(const Draft& draft, const std::string& log) {
  const manifest::Mount* mount = governing_mount(draft, log);
  return mount != nullptr && normalise_path(mount->path) == log;
}

LogVolume choose(const Draft& draft, const std::string& log) {
  const LogVolume wish = draft.desired.log_volume.value_or(LogVolume::automatic);
  if (wish != LogVolume::automatic) return wish;
  const bool own = draft.desired.log_directory_is_own && !is_system_directory(directory_of(log));
  return own ? LogVolume::directory : LogVolume::file;
}

}  // namespace

Status mount_log(Draft& draft, Plan& plan) {
  if (plan.log_path.empty() || plan.log_path == "-") return Done{};
  const std::string log = normalise_path(plan.log_path);
  const std::string directory = directory_of(log);
  const bool chosen = draft.desired.log_volume && draft.desired.log_volume != LogVolume::automatic;
  const bool asked = draft.desired.log_path.has_value() || draft.desired.log_volume.has_value();
  if (chosen && draft.desired.log_volume == LogVolume::file) give_up_directory(draft, log);
  if (chosen && draft.desired.log_volume == LogVolume::directory) remove_mount_at(draft, log);

  const bool as_file = is_mounted_as_file(draft, log);
  const bool as_chosen_file = chosen && draft.desired.log_volume == LogVolume::file;
  if (!as_file && !as_chosen_file && is_covered(draft, log, asked ? Access::write : Access::read)) {
    plan.log_mount = Plan::LogMount::directory;
  } else if (asked && (as_file || choose(draft, log) == LogVolume::file)) {
    const auto own = as_chosen_file ? WantedMount::Own::always : WantedMount::Own::if_not_covered;
    KAUDIT_TRY_DO(ensure_mount(draft, {log, "audit-log", "FileOrCreate", Access::write, "audit log", own}));
    plan.log_mount = Plan::LogMount::file;
  } else if (asked) {
    KAUDIT_TRY_DO(ensure_mount(draft, {directory, "audit-log", "DirectoryOrCreate", Access::write, "audit log"}));
    plan.log_mount = Plan::LogMount::directory;
  } else if (as_file) {
    plan.log_mount = Plan::LogMount::file;
    // Whoever mounted it may have it under another name on the node; "": it is no file of the node.
    plan.log_host_path = host_path_at(draft, *governing_mount(draft, log), log).value_or("");
    return Done{};
  }
  if (plan.log_mount == Plan::LogMount::file) plan.log_host_path = log;
  if (plan.log_mount == Plan::LogMount::directory) plan.log_host_path = directory;
  return Done{};
}

}  // namespace kaudit::patch
