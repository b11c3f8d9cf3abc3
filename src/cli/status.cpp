#include <fmt/format.h>

#include "console.hpp"
#include "kaudit/base/ascii.hpp"
#include "kaudit/host/clock.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/node/stray_pods.hpp"
#include "kaudit/report/status_report.hpp"
#include "surveying.hpp"
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
  const std::string& reason = followed.run.ending.reason;
  static_cast<void>(print(
      fmt::format("it ended: {}{}\n", to_string(followed.run.state), reason.empty() ? "" : ": " + one_line(reason))));
  for (const std::string& error : followed.run.ending.errors) static_cast<void>(print(one_line(error) + "\n"));
  for (const std::string& line : followed.run.ending.log_tail) static_cast<void>(print("| " + one_line(line) + "\n"));
  return rollout::is_in_force(followed.run.state) ? ExitStatus::done : ExitStatus::work_found;
}

Result<ExitStatus> follow(const StatusOptions& options) {
  KAUDIT_TRY(root, host::Root::open(options.run.root));
  KAUDIT_TRY(followed, follow_newest(root, {options.run.state_dir, options.run.keep_backups}));
  return tell(followed);
}

Result<survey::Survey> look(Session& session, const std::optional<std::string>& kubeconfig) {
  // Whoever else may write it and whatever lies beside it is reported, not refused.
  KAUDIT_TRY(file, read_manifest_file(session));
  KAUDIT_TRY(input, understand_manifest(session, file.node_path, file.shown, std::move(file.image)));
  const manifest::Manifest& manifest = input->manifest;
  survey::Survey survey;
  survey.setup = setup_of(session, *input);
  survey.process = process_of(session, manifest, survey.setup);
  KAUDIT_TRY(metrics, metrics_of(session, manifest, survey.process, kubeconfig));
  survey.metrics = std::move(metrics);
  survey.rename_failures = rename_failures(session, manifest);
  survey.runs = runs_of(session, *input);
  KAUDIT_TRY(strays, node::stray_pods(session.root, input->node_path, manifest.pod_namespace, manifest.pod_name));
  survey.strays = std::move(strays);
  survey.now = host::seconds_since_epoch();
  return survey;
}

report::Detail detail_of(Verbosity verbosity) {
  if (verbosity == Verbosity::quiet) return report::Detail::hazards;
  return verbosity == Verbosity::verbose ? report::Detail::flags : report::Detail::overview;
}

Result<ExitStatus> show(const StatusOptions& options) {
  KAUDIT_TRY(root, host::Root::open(options.run.root));
  Session session{options.run, std::move(root)};
  KAUDIT_TRY(survey, look(session, options.kubeconfig));
  const std::vector<survey::Hazard> hazards = survey::hazards_of(survey);
  const std::string text =
      options.run.output == Output::json
          ? report::status_json(survey, hazards)
          : report::status_text(survey, hazards, detail_of(options.run.verbosity), paint_of(options.run.color));
  return print(text) ? survey::exit_status_of(hazards) : ExitStatus::host_refused;
}

}  // namespace

ExitStatus status(const StatusOptions& options) {
  const Result<ExitStatus> ended = options.follows ? follow(options) : show(options);
  if (ended) return *ended;
  print_failure("status", options.run.output, options.run.color, ended.error());
  return ended.error().status;
}

}  // namespace kaudit::cli
