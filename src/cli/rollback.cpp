#include <algorithm>

#include <fmt/format.h>

#include "change.hpp"
#include "describe.hpp"
#include "kaudit/cli/version.hpp"
#include "kaudit/host/obstacles.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/patch/disable.hpp"
#include "kaudit/text/unified_diff.hpp"
#include "list_runs.hpp"
#include "rotation.hpp"
#include "verbs_run.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

using rollout::Role;

/// The newest run that changed something, or the one that was named; with `--manifest`, of those on that one.
Result<rollout::StoredRun> choose_run(const Session& session, const std::string& id) {
  KAUDIT_TRY(runs, rollout::list_runs(session.root, session.state()));
  const auto fits = [&](const rollout::StoredRun& run) {
    const bool is_wanted = id.empty() ? rollout::is_in_force(run.state) : run.id == id;
    return is_wanted && is_run_on(session.options, run);
  };
  const auto found = std::find_if(runs.begin(), runs.end(), fits);
  if (found != runs.end()) return std::move(*found);
  return host::file_error(ExitStatus::refused, "no-run", session.root.shown(session.options.state_dir),
                          (id.empty() ? "no run that changed anything is stored" : "there is no run " + id) +
                              (session.options.manifest ? " of " + *session.options.manifest : ""),
                          "kaudit rollback --list names those that there are");
}

/// A file of the run as it is now, and as it comes back.
Result<std::optional<rollout::FileIntent>> intent_for(const Session& session, const rollout::StoredBytes& stored) {
  if (!stored.before) return std::optional<rollout::FileIntent>();  // made by the run: nothing names it any more
  KAUDIT_TRY(place, session.root.locate(stored.node_path));
  KAUDIT_TRY(image, host::read_file(place, k_input_limit));
  if (stored.role == Role::drop_in && image && !node::is_own_drop_in(image->bytes)) {
    return host::file_error(ExitStatus::refused, "drop-in-taken", place.path,
                            "is not a file of kaudit's, and is never overwritten", "rename or remove it");
  }
  rollout::FileIntent intent;
  intent.role = stored.role;
  intent.node_path = stored.node_path;
  intent.after = *stored.before;
  intent.metadata = stored.before_metadata;
  intent.before = std::move(image);
  return std::optional(std::move(intent));
}

bool changes(const rollout::FileIntent& file) { return !file.before || file.before->bytes != file.after; }

/// What the server would refuse about the old files; what they mean otherwise.
Result<patch::Plan> check_backup(Session& session, const ManifestInput& backup,
                                 const std::vector<rollout::StoredBytes>& files, ServerRestart restart) {
  patch::Desired nothing;
  nothing.version = session.options.version;
  nothing.rotation.has_drop_in = std::any_of(files.begin(), files.end(), [](const rollout::StoredBytes& file) {
    return file.role == Role::drop_in && file.before;
  });
  KAUDIT_TRY(plan, patch::plan(backup.manifest, backup.value, nothing));
  session.warnings.insert(session.warnings.end(), plan.warnings.begin(), plan.warnings.end());
  bool has_policy = false;
  for (const rollout::StoredBytes& file : files) {
    if (file.role != Role::policy || !file.before) continue;
    has_policy = true;
    KAUDIT_TRY_DO(check_policy(session, backup.manifest, session.root.shown(file.node_path), *file.before));
  }
  if (!has_policy) KAUDIT_TRY_DO(check_named_policy(session, backup.manifest, restart));
  KAUDIT_TRY_DO(refuse_strays(session, backup));
  return std::move(plan);
}

/// As after `disable --purge`. A log that is there is left as it is.
bool is_missing(const Session& session, const std::string& log) {
  if (log.empty()) return false;
  const auto place = session.root.locate(log);
  if (!place) return place.error().code == "missing-directory";
  const auto there = host::read_owner(*place);
  return there && !*there;
}

Error differs(const Session& session, const std::string& node_path, const std::string& id, const std::string& how) {
  return host::file_error(
      ExitStatus::refused, "differs-outside-auditing", session.root.shown(node_path),
      "what is there now differs from run " + id + "'s backup in more than auditing: " + how,
      "somebody changed it since, perhaps an upgrade; kaudit disable takes out auditing alone, --ignore "
      "differs-outside-auditing puts the whole old manifest back");
}

/// As after a `kubeadm upgrade`: the old manifest would bring the old version back. The log of the manifest that is
/// there now.
Result<std::vector<std::string>> compare_with_now(Session& session, const ManifestInput& backup,
                                                  const host::FileImage& now, const std::string& id) {
  const std::string shown = session.root.shown(backup.node_path);
  const std::size_t warnings = session.warnings.size();
  const auto current = understand_manifest(session, backup.node_path, shown, now);
  session.warnings.resize(warnings);  // what goes away needs no warning
  if (!current) {
    KAUDIT_TRY_DO(session.refuse_surroundings(
        differs(session, backup.node_path, id, "it cannot be read: " + current.error().message)));
    return std::vector<std::string>();
  }
  KAUDIT_TRY(then, patch::without_auditing(backup.manifest, backup.value));
  KAUDIT_TRY(today, patch::without_auditing((*current)->manifest, (*current)->value));
  const auto difference = decode::first_difference(then, today);
  if (difference) {
    KAUDIT_TRY_DO(session.refuse_surroundings(differs(session, backup.node_path, id, *difference)));
  }
  return logs_of((*current)->manifest);
}

const char* words_of(Role role) {
  if (role == Role::policy) return "audit policy";
  return role == Role::drop_in ? "logrotate drop-in" : "file of the webhook backend";
}

/// The drop-in that is there, when there was none before the run: nothing names it, but logrotate would go on reading
/// it.
void remove_drop_in(Session& session, const std::vector<std::string>& logs, rollout::Intent& intent,
                    report::Report& report) {
  const bool comes_back = std::any_of(intent.files.begin(), intent.files.end(),
                                      [](const rollout::FileIntent& file) { return file.role == Role::drop_in; });
  if (comes_back) return;
  const RotationOnNode rotation = look_at_rotation(session, intent.manifest.node_path, logs);
  warn_of_kept_drop_in(session, rotation, logs);
  const auto& drop_in = rotation.own;
  if (!drop_in) return;
  intent.files.push_back(cli::intent_for(*drop_in));
  intent.removals.push_back({drop_in->node_path, drop_in->digest});
  report.changed = true;
  report.side_effects.push_back({drop_in->node_path, patch::Action::remove, words_of_drop_in(drop_in->bytes)});
  report.diffs.push_back(removal_diff(*drop_in));
}

void describe(const Session& session, const rollout::Intent& intent, const std::string& id, report::Report& report) {
  const auto add = [&](const rollout::FileIntent& file, const char* what) {
    if (!changes(file)) return;
    report.changed = true;
    const std::string digest = host::sha256(file.after);
    report.side_effects.push_back({file.node_path, file.before ? patch::Action::replace : patch::Action::add,
                                   fmt::format("{} as it was before run {} (sha256 {})", what, id, digest)});
    const std::string header = file.before ? "a" + file.node_path : "/dev/null";
    if (file.role == Role::webhook_config || file.role == Role::webhook_file) {
      const std::string line = fmt::format("# {}: {}, sha256 {}\n", file.node_path, what, digest);
      report.diffs.push_back({header, "b" + file.node_path, "", line, line});
      return;
    }
    const text::Source before(file.node_path, file.before ? file.before->bytes : std::string());
    report::FileDiff diff{header, "b" + file.node_path, std::string(before.bytes()), file.after, {}};
    diff.unified = text::unified_diff({diff.before_header, diff.after_header}, before,
                                      text::edits_between(before.bytes(), file.after));
    report.diffs.push_back(std::move(diff));
  };
  for (const rollout::FileIntent& file : intent.files) add(file, words_of(file.role));
  add(intent.manifest, "manifest");
  report.manifest = session.root.shown(intent.manifest.node_path);
}

Result<rollout::Intent> intent_of(const Session& session, const std::vector<rollout::StoredBytes>& files,
                                  const std::string& id) {
  rollout::Intent intent;
  intent.verb = "rollback";
  intent.program_version = k_version;
  intent.summary = {"back to what was there before run " + id};
  for (const rollout::StoredBytes& stored : files) {
    KAUDIT_TRY(file, intent_for(session, stored));
    if (!file) continue;
    if (stored.role == Role::manifest) {
      intent.manifest = *std::move(file);
    } else {
      intent.files.push_back(*std::move(file));
    }
  }
  if (!intent.manifest.before) {
    return host::file_error(ExitStatus::host_refused, "missing", session.root.shown(intent.manifest.node_path),
                            "there is no manifest to put the old one in place of",
                            "copy the backup there by hand: docs/run-record.md");
  }
  return intent;
}

Result<std::optional<rollout::Intent>> propose(Session& session, const std::string& wished, report::Report& report) {
  KAUDIT_TRY(run, choose_run(session, wished));
  KAUDIT_TRY(files, rollout::stored_before(session.root, session.state(), run.id));
  KAUDIT_TRY(intent, intent_of(session, files, run.id));
  const std::string& path = intent.manifest.node_path;
  if (auto trusted = host::check_owner(session.root, path); !trusted) {
    KAUDIT_TRY_DO(session.refuse_surroundings(std::move(trusted).error()));
  }
  host::FileImage old = *intent.manifest.before;
  old.bytes = intent.manifest.after;
  KAUDIT_TRY(backup, understand_manifest(session, path, run.files.front().before_copy, std::move(old)));
  const auto restart = changes(intent.manifest) ? ServerRestart::comes : ServerRestart::not_planned;
  KAUDIT_TRY(old_plan, check_backup(session, *backup, files, restart));
  KAUDIT_TRY(logs, compare_with_now(session, *backup, *intent.manifest.before, run.id));
  describe(session, intent, run.id, report);
  remove_drop_in(session, logs, intent, report);
  if (backup->manifest.version) report.kubernetes_version = kube::to_string(*backup->manifest.version);
  if (!report.changed) return std::optional<rollout::Intent>();
  KAUDIT_TRY_DO(check_node(session, *backup, patch::Plan(), Purpose::way_back));
  if (is_missing(session, old_plan.log_host_path)) {
    KAUDIT_TRY_DO(provide_log(session, *backup, old_plan, intent.provisions));
  }
  KAUDIT_TRY_DO(rollout::check_host(session.root, intent));
  KAUDIT_TRY(watch, watch_way_back(session, *backup, intent.manifest.before->bytes));
  intent.watch = watch;
  return std::optional(std::move(intent));
}

}  // namespace

ExitStatus rollback(const RollbackOptions& options) {
  if (options.lists) return list_runs(options.run);
  return change_node(options.run,
                     [&](Session& session, report::Report& report) { return propose(session, options.id, report); });
}

}  // namespace kaudit::cli
