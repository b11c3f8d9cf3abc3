#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kaudit/patch/paths.hpp"
#include "kaudit/rollout/history.hpp"
#include "rotation.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

/// Warnings about configurations that record more or less than what is written: `--strict` refuses them.
constexpr std::array<std::string_view, 14> k_strict = {
    "fixed-uid",     "literal-star",        "log-cannot-rotate",    "log-not-mounted",  "log-read-only",
    "no-backend",    "no-policy",           "no-way-back",          "not-mounted",      "repeated-key",
    "unknown-field", "webhook-unreachable", "webhook-unresolvable", "webhook-untrusted"};

/// What the server drops of the policy's metadata: nothing is recorded otherwise for it.
bool is_without_effect(const Warning& warning) {
  const bool is_dropped = warning.code == "unknown-field" || warning.code == "repeated-key";
  return is_dropped && (warning.field == "metadata" || warning.field.starts_with("metadata."));
}

patch::Desired desired_of(const EnableOptions& options, const Job& job) {
  patch::Desired desired;
  if (job.policy) {
    desired.policy_path = job.policy->node_path;
    desired.policy_digest = job.policy->digest;
  }
  desired.log_path = options.log;
  if (job.webhook) {
    desired.webhook_path = job.webhook->config.node_path;
    desired.webhook_digest = job.webhook->config.digest;
    desired.webhook_files = job.webhook->mounted;
    std::vector<ListedFile> installed;
    for (const NodeFile& file : job.webhook->installed) installed.push_back({file.node_path, file.digest});
    desired.webhook_files_digest = digest_of(installed);
  }
  desired.max_age_days = options.max_age_days;
  desired.max_backups = options.max_backups;
  desired.max_size_mb = options.max_size_mb;
  desired.flags = options.flags;
  desired.log_volume = options.log_volume;
  desired.version = options.run.version;
  return desired;
}

/// The policy was edited where it lies, so the bytes that the running server has are nowhere but in an earlier run.
void warn_without_way_back(Session& session, const Job& job, const NodeFile& file, const char* annotation,
                           const char* what) {
  const auto old_digest = job.input->manifest.annotation(annotation);
  if (!old_digest || *old_digest == file.digest) return;
  if (file.before && host::sha256(file.before->bytes) == *old_digest) return;  // this run will store it
  const auto run = rollout::find_run_that_wrote(session.root, session.state(), file.role, *old_digest);
  if (run && *run) return;
  Warning warning;
  warning.code = "no-way-back";
  warning.message = fmt::format(
      "was edited in place, and no stored run has the {} that the running server was started "
      "with: the manifest can be put back, that content cannot",
      what);
  warning.file = session.root.shown(file.node_path);
  session.warnings.push_back(std::move(warning));
}

/// Promise 8: a log that will stop recording is what the plan begins with.
void loss_first(std::vector<Warning>& warnings) {
  std::stable_partition(warnings.begin(), warnings.end(),
                        [](const Warning& warning) { return warning.code == "log-cannot-rotate"; });
}

Status refuse_if_strict(const Session& session, Strictness strictness) {
  if (strictness == Strictness::normal) return Done{};
  for (const Warning& warning : session.warnings) {
    if (std::find(k_strict.begin(), k_strict.end(), warning.code) == k_strict.end()) continue;
    if (is_without_effect(warning)) continue;
    Error error;
    error.status = ExitStatus::refused;
    error.code = warning.code;
    error.message = "--strict: " + warning.message;
    error.file = warning.file;
    error.line = warning.line;
    error.column = warning.column;
    error.field = warning.field;
    return error;
  }
  return Done{};
}

}  // namespace

Result<Job> prepare(Session& session, const EnableOptions& options) {
  Job job;
  KAUDIT_TRY(input, read_manifest(session));
  job.input = std::move(input);
  KAUDIT_TRY(policy, read_policy(session, options, *job.input));
  job.policy = std::move(policy);
  KAUDIT_TRY(webhook, read_webhook(session, options, *job.input));
  job.webhook = std::move(webhook);
  if (job.webhook) check_webhook(session, *job.webhook, job.input->value);
  KAUDIT_TRY_DO(refuse_below_manifests(*job.input, session.options.state_dir, "--state-dir"));

  patch::Desired desired = desired_of(options, job);
  KAUDIT_TRY(log_directory_is_own, look_at_log(session, options, *job.input));
  desired.log_directory_is_own = log_directory_is_own;
  std::vector<std::string> logs = logs_of(job.input->manifest);
  if (options.log && options.log->starts_with('/')) logs.push_back(patch::normalise_path(*options.log));
  const RotationOnNode rotation = look_at_rotation(session, job.input->node_path, logs);
  desired.rotation = rotation_wish(options, *job.input, rotation);
  KAUDIT_TRY(plan, patch::plan(job.input->manifest, std::move(job.input->value), desired));
  job.plan = std::move(plan);
  KAUDIT_TRY_DO(settle_rotation(session, options, rotation, job));
  if (!job.policy) {
    const auto restart = job.changes_server() ? ServerRestart::comes : ServerRestart::not_planned;
    KAUDIT_TRY_DO(check_named_policy(session, job.input->manifest, restart));
  }
  KAUDIT_TRY_DO(refuse_collisions(options, job));
  KAUDIT_TRY_DO(check_log_owner(session, job.plan));
  session.warnings.insert(session.warnings.end(), job.plan.warnings.begin(), job.plan.warnings.end());
  if (!job.plan.edits.empty()) hint_of_owner(session, *job.input);
  if (job.policy) warn_without_way_back(session, job, *job.policy, "kaudit/policy-sha256", "policy");
  if (job.webhook) {
    warn_without_way_back(session, job, job.webhook->config, "kaudit/webhook-config-sha256", "webhook config");
  }
  loss_first(session.warnings);
  KAUDIT_TRY_DO(refuse_if_strict(session, options.strictness));
  return job;
}

}  // namespace kaudit::cli
