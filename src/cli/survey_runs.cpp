#include <algorithm>

#include "kaudit/base/ascii.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/rollout/history.hpp"
#include "list_runs.hpp"
#include "surveying.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

using rollout::RunState;
using rollout::StoredRun;
using Manifest = survey::Runs::Manifest;

/// What a finished run left of the manifest: its digest, and a copy of it. "": that is not known.
struct Left {
  std::string sha256;
  std::string copy;
};

Left left_by(const StoredRun& run) {
  if (run.files.empty() || run.state == RunState::failed || rollout::is_unfinished(run.state)) return {};
  const rollout::StoredFile& manifest = run.files.front();
  if (rollout::is_in_force(run.state)) return {manifest.after_sha256, manifest.after_copy};
  return {manifest.before_sha256, manifest.before_copy};
}

/// The annotations with which a run says which files it has put in force.
std::vector<std::pair<std::string, std::string>> own_annotations(const manifest::Manifest& manifest) {
  std::vector<std::pair<std::string, std::string>> own;
  for (const auto& annotation : manifest.annotation_values) {
    if (annotation.first.starts_with("kaudit/")) own.push_back(annotation);
  }
  std::sort(own.begin(), own.end());
  return own;
}

bool has_same_audit(Session& session, const ManifestInput& input, const std::string& copy) {
  auto image = host::read_own_file(copy, kube::k_manifest_size_limit);
  if (!image) return false;
  const auto left = understand_manifest(session, input.node_path, copy, std::move(*image));
  return left && audit_flags_of((*left)->manifest) == audit_flags_of(input.manifest) &&
         own_annotations((*left)->manifest) == own_annotations(input.manifest);
}

Manifest manifest_since(Session& session, const ManifestInput& input, const StoredRun& run) {
  const Left left = left_by(run);
  if (left.sha256.empty() || left.sha256 == host::sha256(input.image.bytes)) return Manifest::as_left;
  return has_same_audit(session, input, left.copy) ? Manifest::rewritten : Manifest::rewritten_audit;
}

}  // namespace

survey::Runs runs_of(Session& session, const ManifestInput& input) {
  survey::Runs found;
  const auto runs = rollout::list_runs(session.root, session.state());
  if (!runs) {
    found.problem = one_line(runs.error().message);
    return found;
  }
  const std::string at_work = rollout::run_at_work(session.root, session.state());
  RunOptions of_this = session.options;
  of_this.manifest = input.node_path;
  for (const StoredRun& run : *runs) {
    if (rollout::is_unfinished(run.state) && run.id == at_work) found.at_work = run.id;
    if (rollout::is_unfinished(run.state) && run.id != at_work) found.unfinished.push_back(run.id);
    if (found.last || !is_run_on(of_this, run)) continue;
    found.last =
        survey::Runs::Last{run.id, run.started, run.verb, std::string(to_string(run.state)), run.ending.reason};
    found.manifest = manifest_since(session, input, run);
  }
  return found;
}

}  // namespace kaudit::cli
