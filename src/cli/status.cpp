#include <fmt/format.h>

#include "console.hpp"
#include "kaudit/base/ascii.hpp"
#include "kaudit/host/system_error.hpp"
#include "verbs_run.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

Result<rollout::Followed> follow_newest(const host::Root& root, const rollout::StateOptions& state) {
  KAUDIT_TRY(runs, rollout::list_runs(root, state));
  if (runs.empty()) {
    return host::file_error(ExitStatus::host_refused, "no-run", root.shown(state.directory), "there is no run");
  }
  const rollout::StoredRun& newest = runs.front();
  static_cast<void>(print(fmt::format("run {} ({}), {}\n", newest.id, newest.verb, newest.folder)));
  const auto show = [](const rollout::JournalLine& line) { static_cast<void>(print(journal_text(line) + "\n")); };
  return rollout::follow(root, state, newest.id, rollout::Until::finished, rollout::Succession::only_watch, show,
                         [] {});
}

ExitStatus tell(const rollout::Followed& followed) {
  using End = rollout::Followed::End;
  if (followed.end == End::interrupted) return ExitStatus::interrupted;
  if (followed.end == End::orphaned) {
    static_cast<void>(print("nobody works on it: the next verb that may write finishes it\n"));
    return ExitStatus::work_found;
  }
  static_cast<void>(print(fmt::format("it ended: {}\n", to_string(followed.run.state))));
  for (const std::string& error : followed.run.ending.errors) static_cast<void>(print(one_line(error) + "\n"));
  for (const std::string& line : followed.run.ending.log_tail) static_cast<void>(print("| " + one_line(line) + "\n"));
  return rollout::is_in_force(followed.run.state) ? ExitStatus::done : ExitStatus::work_found;
}

}  // namespace

ExitStatus status(const StatusOptions& options) {
  const auto root = host::Root::open(options.root);
  Error error;
  if (root) {
    const auto followed = follow_newest(*root, {options.state_dir, 10});
    if (followed) return tell(*followed);
    error = followed.error();
  } else {
    error = root.error();
  }
  print_failure("status", Output::text, Color::automatic, error);
  return error.status;
}

}  // namespace kaudit::cli
