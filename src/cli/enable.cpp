#include "enable.hpp"

#include <fmt/format.h>

#include "describe.hpp"
#include "kaudit/cli/version.hpp"
#include "kaudit/rollout/run.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

rollout::StateOptions state_of(const EnableOptions& options) { return {options.state_dir, options.keep_backups}; }

/// A run that a crash left unfinished is put right before anything is planned; a dry run only tells of it.
Status settle_unfinished(Session& session, Console& console) {
  const rollout::StateOptions state = state_of(session.options);
  KAUDIT_TRY(unfinished, rollout::unfinished_runs(session.root, state));
  if (unfinished.empty()) return Done{};
  if (session.options.mode == Mode::real) {
    KAUDIT_TRY(lines, rollout::tidy(session.root, state));
    for (const std::string& line : lines) console.progress(line);
    return Done{};
  }
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

Status write(Session& session, Console& console, const rollout::Intent& intent, report::Report& report) {
  KAUDIT_TRY(outcome, rollout::execute(session.root, state_of(session.options), intent));
  for (const Warning& warning : outcome.warnings) {
    console.warn(warning);
    report.warnings.push_back(warning);
  }
  report.run = report::RunReference{outcome.run_id, outcome.run_folder, outcome.backup_path};
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

/// The verb as a sequence of steps; whatever ends it early is the report's error.
Status run_steps(Session& session, Console& console, report::Report& report) {
  KAUDIT_TRY_DO(rollout::check_state(session.root, state_of(session.options)));
  KAUDIT_TRY_DO(settle_unfinished(session, console));
  KAUDIT_TRY(job, prepare(session));
  describe(session, job, report);
  for (const Warning& warning : session.warnings) console.warn(warning);
  report.warnings = std::move(session.warnings);
  session.warnings.clear();
  if (!report.changed) return console.show_plan(report);

  KAUDIT_TRY(intent, intent_of(session, job));
  KAUDIT_TRY_DO(console.show_plan(report));
  if (session.options.mode == Mode::real) return write(session, console, intent, report);
  console.detail("dry run: nothing was written");
  if (session.options.mode == Mode::check) report.exit_status = ExitStatus::work_found;
  return Done{};
}

}  // namespace

report::Report enable(const EnableOptions& options, Console& console) {
  report::Report report;
  auto root = host::Root::open(options.root);
  if (!root) {
    report.error = std::move(root).error();
    report.exit_status = report.error->status;
    return report;
  }
  Session session{options, std::move(root).value()};
  if (auto done = run_steps(session, console, report); !done) {
    // Beside a refusal they would only hide it; programs get them all the same.
    report.warnings.insert(report.warnings.end(), session.warnings.begin(), session.warnings.end());
    report.changed = false;
    report.error = std::move(done).error();
    report.exit_status = report.error->status;
  }
  return report;
}

}  // namespace kaudit::cli
