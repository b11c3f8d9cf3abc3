#include "kaudit/patch/plan.hpp"

#include <fmt/format.h>

#include "draft.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

/// The version whose rules apply; nothing: not known, so the rules of all do.
Result<std::optional<kube::Version>> rules_version(Draft& draft) {
  const auto version = draft.desired.version ? draft.desired.version : draft.manifest.version;
  if (!version) {
    draft.warnings.push_back(
        {"version-unknown",
         fmt::format("the image {} names no version: held to the rules of every version from {} to "
                     "{}; give --kubernetes-version",
                     draft.manifest.image.empty() ? "(none)" : draft.manifest.image,
                     kube::to_string(kube::k_oldest_known), kube::to_string(kube::k_newest_known)),
         draft.manifest.container_path + ".image", draft.source().name()});
    return version;
  }
  if (*version < kube::k_oldest_known) {
    return refused("version-too-old",
                   fmt::format("Kubernetes {} is older than {}, the oldest version whose rules are known",
                               kube::to_string(*version), kube::to_string(kube::k_oldest_known)),
                   "if the image's tag is wrong, give the real one with --kubernetes-version");
  }
  if (kube::k_newest_known < *version) {
    draft.warnings.push_back(
        {"version-newer", fmt::format("Kubernetes {} is newer than this program knows: held to the "
                                      "rules of {}",
                                      kube::to_string(*version), kube::to_string(kube::k_newest_known))});
    return std::optional(kube::k_newest_known);
  }
  return version;
}

/// Volumes, mounts and annotations for everything that was asked for.
Status change_volumes(Draft& draft, Plan& plan, const std::vector<kube::FlagSetting>& settings) {
  const Desired& desired = draft.desired;
  retire_mounts(draft, settings);
  if (desired.policy_path) {
    const std::string path = normalise_path(*desired.policy_path);
    KAUDIT_TRY_DO(ensure_mount(draft, {path, "audit", "File", Access::read, "audit policy"}));
    set_annotation(draft, "kaudit/policy-sha256", desired.policy_digest);
  }
  KAUDIT_TRY_DO(mount_log(draft, plan));
  if (desired.webhook_path) {
    const std::string path = normalise_path(*desired.webhook_path);
    KAUDIT_TRY_DO(ensure_mount(draft, {path, "audit-webhook", "File", Access::read, "webhook config"}));
    set_annotation(draft, "kaudit/webhook-config-sha256", desired.webhook_digest);
  }
  for (const MountedFile& file : desired.webhook_files) {
    KAUDIT_TRY_DO(ensure_mount(draft, {normalise_path(file.path), file.volume_name, "File", Access::read,
                                       "file that the webhook config names"}));
  }
  if (!desired.webhook_files_digest.empty()) {
    set_annotation(draft, "kaudit/webhook-files-sha256", desired.webhook_files_digest);
  }
  return Done{};
}

}  // namespace

Result<Plan> plan(const manifest::Manifest& manifest, decode::Value value, const Desired& desired) {
  Draft draft{.manifest = manifest, .desired = desired};
  Plan plan;
  KAUDIT_TRY(version, rules_version(draft));
  plan.version = version.value_or(kube::k_newest_known);
  plan.run_as_user = manifest.run_as_user;
  plan.run_as_group = manifest.run_as_group;

  std::vector<WantedFlag> wanted = wanted_flags(manifest, desired);
  KAUDIT_TRY_DO(check_flags(draft, settings_after(manifest, wanted), version));
  KAUDIT_TRY_DO(decide_rotation(manifest, desired, wanted, plan));
  const std::vector<kube::FlagSetting> settings = settings_after(manifest, wanted);
  plan.log_path = effective(settings, "audit-log-path");
  plan.policy_path = effective(settings, "audit-policy-file");
  plan.webhook_path = effective(settings, "audit-webhook-config-file");

  change_flags(draft, wanted);
  KAUDIT_TRY_DO(change_volumes(draft, plan, settings));
  warn_of_hazards(draft, plan, settings);
  KAUDIT_TRY_DO(finish(draft, std::move(value), plan));
  return plan;
}

}  // namespace kaudit::patch
