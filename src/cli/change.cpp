#include "change.hpp"

#include <fmt/format.h>

#include "console.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

/// A run that a crash left unfinished is put right before anything is planned; a dry run only tells of it. One that is
/// still watched is waited for by the person: what the checks would say now is about a node on its way.
Status settle_unfinished(Session& session, Console& console) {
  if (session.options.mode == Mode::real) {
    KAUDIT_TRY_DO(rollout::check_no_guardian(session.root, session.state()));
    KAUDIT_TRY_DO(finish_orphans(session, console));
  }
  KAUDIT_TRY(unfinished, rollout::unfinished_runs(session.root, session.state()));
  if (session.options.mode == Mode::real) {
    if (unfinished.empty()) return Done{};
    KAUDIT_TRY(lines, rollout::tidy(session.root, session.state()));
    for (const std::string& line : lines) console.progress(line);
    return Done{};
  }
  KAUDIT_TRY(orphans, rollout::orphaned_runs(session.root, session.state()));
  unfinished.insert(unfinished.end(), orphans.begin(), orphans.end());
  for (const std::string& id : unfinished) {
    Warning warning;
    warning.code = "unfinished-run";
    warning.message = fmt::format(
        "run {} was not finished; the next run that is not dry puts it right first, and its "
        "plan may differ from this one",
        id);
    session.warnings.push_back(std::move(warning));
  }
  return Done{};
}

Status write_unguarded(Session& session, Console& console, const rollout::Intent& intent, report::Report& report) {
  KAUDIT_TRY(outcome, rollout::execute(session.root, session.state(), intent));
  for (const Warning& warning : outcome.warnings) {
    console.warn(warning);
    report.warnings.push_back(warning);
  }
  report.run = report::RunReference{outcome.run_id, outcome.run_folder, outcome.backup_path};
  for (const std::string& path : outcome.removed) console.progress(fmt::format("removed: {}", path));
  const rollout::FileIntent& manifest = intent.manifest;
  if (manifest.before && manifest.before->bytes == manifest.after) return Done{};
  const std::string unwatched = session.root.is_host()
                                    ? "nobody watches whether the API server comes back: look at it yourself "
                                      "(kubectl get --raw /readyz), and put the backup back if it does not"
                                    : "nobody watches: this is not the root of a running node";
  report.rollout = report::Rollout{"unwatched", 0, unwatched, {}};
  console.progress(fmt::format("written: {}", report.manifest));
  console.progress(fmt::format("backup:  {}", outcome.backup_path));
  console.progress(unwatched);
  return Done{};
}

/// A verb as a sequence of steps; whatever ends it early is the report's error.
Status run_steps(Session& session, Console& console, const Proposal& propose, const Afterwards& afterwards,
                 report::Report& report) {
  KAUDIT_TRY_DO(check_hasten_root(session));
  KAUDIT_TRY_DO(rollout::check_state(session.root, session.state()));
  KAUDIT_TRY_DO(settle_unfinished(session, console));
  KAUDIT_TRY(intent, propose(session, report));
  for (const Warning& warning : session.warnings) console.warn(warning);
  report.warnings = std::move(session.warnings);
  session.warnings.clear();
  KAUDIT_TRY_DO(console.show_plan(report));
  if (session.options.mode != Mode::real) {
    if (!intent) return Done{};
    console.detail("dry run: nothing was written");
    if (session.options.mode == Mode::check) report.exit_status = ExitStatus::work_found;
    return Done{};
  }
  if (intent && intent->watch) return write_guarded(session, console, *intent, report);
  if (intent) KAUDIT_TRY_DO(write_unguarded(session, console, *intent, report));
  return afterwards ? afterwards(session, console, report) : Status(Done{});
}

report::Report report_of(const RunOptions& options, Console& console, const Proposal& propose,
                         const Afterwards& afterwards) {
  report::Report report;
  auto root = host::Root::open(options.root);
  if (!root) {
    report.error = std::move(root).error();
    report.exit_status = report.error->status;
    return report;
  }
  Session session{options, std::move(root).value()};
  if (auto done = run_steps(session, console, propose, afterwards, report); !done) {
    // Beside a refusal they would only hide it; programs get them all the same.
    report.warnings.insert(report.warnings.end(), session.warnings.begin(), session.warnings.end());
    report.error = std::move(done).error();
    report.exit_status = report.error->status;
    // After these nobody may rely on everything being as it was.
    const bool may_be_changed = report.exit_status == ExitStatus::needs_person ||
                                report.exit_status == ExitStatus::interrupted ||
                                report.exit_status == ExitStatus::work_found;
    report.changed = report.changed && may_be_changed;
  }
  return report;
}

}  // namespace

ExitStatus change_node(const RunOptions& options, const Proposal& propose, const Afterwards& afterwards) {
  Console console(options.output, options.color, options.verbosity);
  const report::Report report = report_of(options, console, propose, afterwards);
  console.finish(report);
  return report.exit_status;
}

}  // namespace kaudit::cli
