#include "kaudit/patch/plan.hpp"

#include <fmt/format.h>

#include "draft.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

Error refused(std::string code, std::string message, std::string hint) {
  Error error;
  error.status = ExitStatus::refused;
  error.code = std::move(code);
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

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

/// What the kubelet would refuse about the result. The manifest as it was has passed, so it is what was asked for.
Status still_a_pod(const Draft& draft, const text::Source& source, const decode::Value& result) {
  for (const text::Diagnostic& problem : manifest::pod_problems(result, draft.manifest.container_index)) {
    // These two are about the pod as it is, and may have been accepted (--ignore).
    const bool accepted = problem.code == "fixed-uid" || problem.code == "api-reference";
    if (problem.severity != text::Severity::error || accepted) continue;
    const text::Position at = source.position(problem.offset);
    return refused("invalid-result",
                   fmt::format("the kubelet would refuse the pod with these changes (line {} of the result): {}: {}",
                               at.line, problem.field, problem.message),
                   "what was asked for does not go together with what is there; choose other paths");
  }
  return Done{};
}

/// The proof: the judge, who is not the parser that made the edits, reads the new text and must find the old tree with
/// exactly the planned changes.
Status prove(const Draft& draft, decode::Value old_value, const std::string& new_text) {
  KAUDIT_TRY(expected, intended(*draft.manifest.document, std::move(old_value), draft.operations));
  const text::Source source(draft.source().name(), new_text);
  auto actual = decode::as_kubernetes_reads_it(source);
  if (!actual) return internal_error("the new manifest does not decode: " + actual.error().message);
  if (const auto difference = decode::first_difference(expected, *actual)) {
    return internal_error("the new manifest is not the old one plus the plan: " + *difference);
  }
  return still_a_pod(draft, source, *actual);
}

}  // namespace

Result<Plan> plan(const manifest::Manifest& manifest, decode::Value value, const Desired& desired) {
  Draft draft{.manifest = manifest, .desired = desired};
  Plan plan;
  KAUDIT_TRY(version, rules_version(draft));
  plan.version = version.value_or(kube::k_newest_known);
  plan.run_as_user = manifest.run_as_user;
  plan.run_as_group = manifest.run_as_group;

  const std::vector<WantedFlag> wanted = wanted_flags(manifest, desired);
  const std::vector<kube::FlagSetting> settings = settings_after(manifest, wanted);
  KAUDIT_TRY_DO(check_flags(draft, settings, version));
  plan.log_path = effective(settings, "audit-log-path");
  plan.policy_path = effective(settings, "audit-policy-file");
  plan.webhook_path = effective(settings, "audit-webhook-config-file");

  change_flags(draft, wanted);
  KAUDIT_TRY_DO(change_volumes(draft, plan, settings));
  KAUDIT_TRY(edits, to_edits(*manifest.document, draft.operations));
  KAUDIT_TRY(new_text, text::apply_edits(manifest.document->source().bytes(), edits));
  if (new_text.size() >= kube::k_manifest_size_limit) {
    return refused("too-large", "the new manifest would have 10 MiB or more, and the kubelet would not read it",
                   "make the manifest smaller first");
  }
  KAUDIT_TRY_DO(prove(draft, std::move(value), new_text));

  warn_of_hazards(draft, plan, settings);
  plan.changes = std::move(draft.changes);
  plan.edits = std::move(edits);
  plan.new_text = std::move(new_text);
  plan.warnings = std::move(draft.warnings);
  return plan;
}

}  // namespace kaudit::patch
