#include "list_runs.hpp"

#include <fmt/format.h>

#include "console.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/report/runs_report.hpp"

namespace kaudit::cli {
namespace {

/// "" when it cannot be read.
std::string digest_now(const host::Root& root, const std::string& node_path) {
  const auto place = root.locate(node_path);
  if (!place) return {};
  const auto image = host::read_file(*place, kube::k_manifest_size_limit);
  return image && *image ? host::sha256((*image)->bytes) : std::string();
}

report::RunLine line_of(const host::Root& root, const rollout::StoredRun& run) {
  using Manifest = report::RunLine::Manifest;
  report::RunLine line{run.id,     run.started, run.verb,       std::string(to_string(run.state)), run.ending.reason,
                       run.folder, run.summary, Manifest::other};
  if (run.files.empty()) return line;
  const rollout::StoredFile& manifest = run.files.front();
  const std::string now = digest_now(root, manifest.node_path);
  if (now == manifest.after_sha256) line.manifest = Manifest::written;
  if (now == manifest.before_sha256) line.manifest = Manifest::before;
  return line;
}

Result<std::vector<report::RunLine>> lines_of(const RunOptions& options) {
  KAUDIT_TRY(root, host::Root::open(options.root));
  KAUDIT_TRY(runs, rollout::list_runs(root, {options.state_dir, options.keep_backups}));
  std::vector<report::RunLine> lines;
  for (const rollout::StoredRun& run : runs) {
    if (is_run_on(options, run)) lines.push_back(line_of(root, run));
  }
  return lines;
}

}  // namespace

bool is_run_on(const RunOptions& options, const rollout::StoredRun& run) {
  return !options.manifest || (!run.files.empty() && run.files.front().node_path == *options.manifest);
}

ExitStatus list_runs(const RunOptions& options) {
  const auto lines = lines_of(options);
  if (!lines) {
    print_failure("rollback", options.output, options.color, lines.error());
    return lines.error().status;
  }
  const bool printed = print(options.output == Output::json ? report::runs_json(*lines) : report::runs_text(*lines));
  return printed ? ExitStatus::done : ExitStatus::host_refused;
}

}  // namespace kaudit::cli
