#include <algorithm>

#include "draft.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

/// Text of every element of the container's command line but the audit flags: where another use of a path would show.
std::vector<std::string> other_arguments(const manifest::Manifest& manifest) {
  const yaml::Document& document = *manifest.document;
  std::vector<std::string> texts;
  for (const char* key : {"command", "args"}) {
    const auto list = document.find(manifest.container, key);
    if (!list || document.node(*list).kind != yaml::Kind::sequence) continue;
    for (std::size_t i = 0; i < document.node(*list).child_count; ++i) {
      const bool audit = std::any_of(manifest.flags.begin(), manifest.flags.end(), [&](const manifest::Flag& flag) {
        return flag.name.starts_with("audit-") && flag.list == *list && i >= flag.index &&
               i < flag.index + flag.elements;
      });
      if (!audit) texts.push_back(document.node(document.child(*list, i).value).value);
    }
  }
  return texts;
}

/// Whether anything the server will be told names `path` or something below it.
bool is_named(const Draft& draft, const std::vector<kube::FlagSetting>& after, std::string_view path) {
  for (const kube::FlagSetting& setting : after) {
    if (setting.value && setting.value->starts_with('/') && below(normalise_path(*setting.value), path)) return true;
  }
  const std::vector<std::string> texts = other_arguments(draft.manifest);
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(path) != std::string::npos; });
}

/// Whether a mount bears the name that this program gives to a log's.
bool is_ours(const manifest::Mount& mount) {
  return mount.volume == "audit-log" || mount.volume.starts_with("audit-log-");
}

/// Mounts that served only `old_path`: of the file itself, or of its own directory.
void retire(Draft& draft, const std::vector<kube::FlagSetting>& after, const std::string& old_path) {
  if (!old_path.starts_with('/')) return;
  const std::string file = normalise_path(old_path);
  const std::string directory = directory_of(file);
  for (const manifest::Mount& mount : draft.manifest.mounts) {
    const std::string at = normalise_path(mount.path);
    const bool served_it = at == file || (at == directory && (!is_system_directory(directory) || is_ours(mount)));
    if (served_it && !draft.removed_mounts.contains(mount.index) && !is_named(draft, after, at)) {
      remove_mount(draft, mount);
    }
  }
}

/// Mounts for files that only the previous webhook config named.
void retire_webhook_files(Draft& draft, const std::vector<kube::FlagSetting>& after) {
  const std::vector<MountedFile>& files = draft.desired.webhook_files;
  for (const manifest::Mount& mount : draft.manifest.mounts) {
    const std::string at = normalise_path(mount.path);
    const bool wanted = std::any_of(files.begin(), files.end(),
                                    [&](const MountedFile& file) { return normalise_path(file.path) == at; });
    if (!wanted && mount.volume.starts_with("audit-webhook-") && !is_named(draft, after, at))
      remove_mount(draft, mount);
  }
}

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
  if (mount == nullptr || (is_system_directory(directory) && !is_ours(*mount))) return;
  const std::vector<std::string> texts = other_arguments(draft.manifest);
  const bool used = std::any_of(texts.begin(), texts.end(),
                                [&](const std::string& text) { return text.find(directory) != std::string::npos; });
  const std::string policy = draft.desired.policy_path.value_or(draft.manifest.flag_value("audit-policy-file"));
  const std::string webhook =
      draft.desired.webhook_path.value_or(draft.manifest.flag_value("audit-webhook-config-file"));
  if (!used && !below(normalise_path(policy), directory) && !below(normalise_path(webhook), directory)) {
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

void retire_mounts(Draft& draft, const std::vector<kube::FlagSetting>& after) {
  if (draft.desired.webhook_path) retire_webhook_files(draft, after);
  for (const char* flag : {"audit-log-path", "audit-policy-file", "audit-webhook-config-file"}) {
    const std::string before = draft.manifest.flag_value(flag);
    if (!before.empty() && before != effective(after, flag)) retire(draft, after, before);
  }
}

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
  }
  if (plan.log_mount == Plan::LogMount::file) plan.log_host_path = log;
  if (plan.log_mount == Plan::LogMount::directory) plan.log_host_path = directory;
  return Done{};
}

}  // namespace kaudit::patch
