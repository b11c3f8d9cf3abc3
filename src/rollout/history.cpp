#include "kaudit/rollout/history.hpp"

#include <algorithm>
#include <utility>

#include "store.hpp"

namespace kaudit::rollout {
namespace {

StoredRun stored_run(const Record& record, const std::string& id, std::string folder) {
  StoredRun run;
  run.id = id;
  run.started = record.started;
  run.verb = record.verb;
  run.state = record.state;
  run.summary = record.summary;
  for (const RecordedFile& file : record.files) {
    StoredFile stored;
    stored.role = file.role;
    stored.node_path = file.node_path;
    stored.after_sha256 = file.after.sha256;
    stored.after_copy = folder + "/" + file.after.copy;
    if (file.before) {
      stored.before_sha256 = file.before->sha256;
      stored.before_copy = folder + "/" + file.before->copy;
    }
    run.files.push_back(std::move(stored));
  }
  run.folder = std::move(folder);
  return run;
}

}  // namespace

Result<std::vector<StoredRun>> list_runs(const host::Root& root, const StateOptions& state) {
  const Store store(root, state);
  KAUDIT_TRY(found, store.scan());
  std::vector<StoredRun> runs;
  for (const FoundRun& run : found) {
    if (run.parsed.record) runs.push_back(stored_run(*run.parsed.record, run.id, store.shown(run.id)));
  }
  std::reverse(runs.begin(), runs.end());
  return runs;
}

Result<std::optional<StoredRun>> find_run_that_wrote(const host::Root& root, const StateOptions& state, Role role,
                                                     std::string_view sha256) {
  KAUDIT_TRY(runs, list_runs(root, state));
  const auto wrote = [&](const StoredRun& run) {
    const auto is_it = [&](const StoredFile& file) { return file.role == role && file.after_sha256 == sha256; };
    return run.state == RunState::written && std::any_of(run.files.begin(), run.files.end(), is_it);
  };
  const auto found = std::find_if(runs.begin(), runs.end(), wrote);
  if (found == runs.end()) return std::optional<StoredRun>();
  return std::optional(std::move(*found));
}

}  // namespace kaudit::rollout
