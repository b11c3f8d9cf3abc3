#include "kaudit/rollout/history.hpp"
#include "typed.hpp"

namespace kaudit::cli {
namespace {

Result<std::string> state_directory_of(const TypedOptions& typed) {
  KAUDIT_TRY(directory, node_path_of(typed, "--state-dir"));
  return directory.value_or(RunOptions().state_dir);
}

/// At most one run's id.
Result<std::string> run_of(const TypedOptions& typed) {
  if (typed.arguments.empty()) return std::string();
  if (typed.arguments.size() > 1) return usage_error("one run at a time");
  if (!rollout::is_run_id(typed.arguments.front())) {
    return usage_error("\"" + typed.arguments.front() + "\" is no run's id", "kaudit rollback --list names them");
  }
  return typed.arguments.front();
}

}  // namespace

Result<StatusOptions> interpret_status(const TypedOptions& typed) {
  StatusOptions options;
  KAUDIT_TRY(run, interpret_run(typed));
  options.run = std::move(run);
  // What a refusal is to others is something to report here.
  options.run.ignore = ignorable_codes();
  KAUDIT_TRY_DO(refuse_empty(typed, "--kubeconfig"));
  options.kubeconfig = typed.text_of("--kubeconfig");
  options.follows = typed.switches.contains("--follow");
  if (options.follows && options.run.output == Output::json) {
    return usage_error("--follow prints lines as they come, there is no JSON of them",
                       "kaudit status --output json says how the newest run ended");
  }
  return options;
}

Result<RollbackOptions> interpret_rollback(const TypedOptions& typed) {
  RollbackOptions options;
  KAUDIT_TRY(run, interpret_run(typed));
  options.run = run;
  KAUDIT_TRY(id, run_of(typed));
  options.id = id;
  options.lists = typed.switches.contains("--list");
  if (options.lists && !options.id.empty()) return usage_error("--list takes no run");
  return options;
}

Result<GuardOptions> interpret_guard(const TypedOptions& typed) {
  GuardOptions options;
  options.root = typed.text_of("--root").value_or(options.root);
  KAUDIT_TRY(state_dir, state_directory_of(typed));
  options.state_dir = state_dir;
  KAUDIT_TRY(keep, number_of(typed, "--keep-backups"));
  options.keep_backups = static_cast<std::size_t>(keep.value_or(10));
  KAUDIT_TRY(id, run_of(typed));
  options.id = id;
  return options;
}

}  // namespace kaudit::cli
