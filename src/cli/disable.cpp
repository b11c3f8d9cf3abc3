#include "kaudit/patch/disable.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "change.hpp"
#include "describe.hpp"
#include "kaudit/cli/version.hpp"
#include "kaudit/text/unified_diff.hpp"
#include "rotation.hpp"
#include "verbs_run.hpp"
#include "watching.hpp"
#include "withdraw.hpp"

namespace kaudit::cli {
namespace {

/// What `disable` would do: everything together.
struct Withdrawal {
  std::unique_ptr<ManifestInput> input;
  std::optional<Original> original;
  std::string new_text;
  std::vector<text::TextEdit> edits;
  std::vector<patch::Change> changes;
  kube::Version version;
  std::vector<Purged> purged;
};

/// The manifest without auditing: its own bytes of before where that is sure, else the plan's.
Status withdraw(Session& session, Withdrawal& job) {
  const ManifestInput& input = *job.input;
  const auto wished = session.options.version;
  job.version = wished ? *wished : input.manifest.version.value_or(kube::k_newest_known);
  job.new_text = input.image.bytes;
  if (!patch::has_auditing(input.manifest)) return Done{};
  auto plan = patch::plan_disable(input.manifest, input.value, wished);
  KAUDIT_TRY(original, original_of(session, input));
  if (!plan && !original) return std::move(plan).error();
  if (plan) {
    job.changes = std::move(plan->changes);
    job.edits = std::move(plan->edits);
    job.new_text = std::move(plan->new_text);
  }
  if (!original) return Done{};
  job.new_text = original->bytes;
  job.edits = text::edits_between(input.image.bytes, job.new_text);
  job.original = std::move(original);
  return Done{};
}

Result<Withdrawal> prepare(Session& session, const DisableOptions& options) {
  Withdrawal job;
  KAUDIT_TRY(input, read_manifest(session));
  job.input = std::move(input);
  KAUDIT_TRY_DO(refuse_below_manifests(*job.input, session.options.state_dir, "--state-dir"));
  KAUDIT_TRY_DO(withdraw(session, job));
  // It serves nothing but the log of a server that has no audit log any more.
  const std::vector<std::string> logs = logs_of(job.input->manifest);
  RotationOnNode rotation = look_at_rotation(session, job.input->node_path, logs);
  warn_of_kept_drop_in(session, rotation, logs);
  if (auto& drop_in = rotation.own) {
    job.purged.push_back({{drop_in->node_path, drop_in->digest}, words_of_drop_in(drop_in->bytes), std::move(drop_in)});
  }
  if (options.traces == Traces::kept) return job;
  // After a plain `disable` the manifest tells nothing of the log any more; the one before it does.
  KAUDIT_TRY(before, job.edits.empty() ? last_disabled(session, *job.input) : std::unique_ptr<ManifestInput>());
  KAUDIT_TRY(purged, files_to_purge(session, before ? *before : *job.input, job.new_text));
  job.purged.insert(job.purged.end(), std::make_move_iterator(purged.begin()), std::make_move_iterator(purged.end()));
  return job;
}

/// A removed file as a diff; of a webhook config and what it names the path and the digest (promise 10).
report::FileDiff diff_of(const Purged& purged) {
  const NodeFile& file = *purged.stored;
  if (file.role == rollout::Role::policy || file.role == rollout::Role::drop_in) return removal_diff(file);
  const std::string line = fmt::format("# {}: {}, sha256 {}, removed\n", file.node_path, purged.what, file.digest);
  return {"a" + file.node_path, "/dev/null", line, "", line};
}

void describe(const Session& session, const Withdrawal& job, report::Report& report) {
  const ManifestInput& input = *job.input;
  report.manifest = session.root.shown(input.node_path);
  report.kubernetes_version = kube::to_string(job.version);
  report.changed = !job.edits.empty() || !job.purged.empty();
  report.changes = job.changes;
  if (job.original) {
    report.side_effects.push_back({input.node_path, patch::Action::replace,
                                   fmt::format("the bytes of before run {} come back", job.original->run_id)});
  }
  for (const Purged& purged : job.purged) {
    report.side_effects.push_back({purged.removal.node_path, patch::Action::remove, purged.what});
    if (purged.stored) report.diffs.push_back(diff_of(purged));
  }
  describe_manifest(input, job.edits, job.new_text, report);
}

Result<rollout::Intent> intent_of(const Session& session, const Withdrawal& job) {
  const ManifestInput& input = *job.input;
  rollout::Intent intent;
  intent.verb = "disable";
  intent.program_version = k_version;
  intent.summary = summary_of(job.changes);
  intent.manifest = {rollout::Role::manifest, input.node_path, input.image, job.new_text, input.image.metadata};
  for (const Purged& purged : job.purged) {
    intent.removals.push_back(purged.removal);
    intent.summary.push_back(purged.removal.node_path + ": " + purged.what + " -> removed");
    if (purged.stored) intent.files.push_back(intent_for(*purged.stored));
  }
  for (const NodeFile& file : named_files(session, input)) {
    const bool known = std::any_of(intent.files.begin(), intent.files.end(),
                                   [&](const rollout::FileIntent& other) { return other.node_path == file.node_path; });
    if (!known) intent.files.push_back(intent_for(file));
  }
  KAUDIT_TRY_DO(rollout::check_host(session.root, intent));
  return intent;
}

}  // namespace

ExitStatus disable(const DisableOptions& options) {
  return change_node(options.run,
                     [&](Session& session, report::Report& report) -> Result<std::optional<rollout::Intent>> {
                       KAUDIT_TRY(job, prepare(session, options));
                       describe(session, job, report);
                       if (!report.changed) return std::optional<rollout::Intent>();
                       if (!job.edits.empty()) {
                         KAUDIT_TRY_DO(check_node(session, *job.input, patch::Plan(), Purpose::way_back));
                       }
                       KAUDIT_TRY(intent, intent_of(session, job));
                       if (!job.edits.empty()) {
                         KAUDIT_TRY(watch, watch_plan_of(session, *job.input, job.new_text));
                         intent.watch = watch;
                       }
                       return std::optional(std::move(intent));
                     });
}

}  // namespace kaudit::cli
