#include "kaudit/rollout/history.hpp"

#include <algorithm>
#include <utility>

#include "kaudit/host/processes.hpp"
#include "lock.hpp"
#include "store.hpp"
#include "stored_run.hpp"

namespace kaudit::rollout {

StoredRun stored_run(const Record& record, std::string folder) {
  StoredRun run;
  run.id = record.id;
  run.started = record.started;
  run.verb = record.verb;
  run.state = record.state;
  run.summary = record.summary;
  run.ending = record.ending;
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

Result<std::vector<StoredRun>> list_runs(const host::Root& root, const StateOptions& state) {
  const Store store(root, state);
  KAUDIT_TRY(found, store.scan());
  std::vector<StoredRun> runs;
  for (const FoundRun& run : found) {
    if (run.parsed.record) runs.push_back(stored_run(*run.parsed.record, store.shown(run.id)));
  }
  std::reverse(runs.begin(), runs.end());
  return runs;
}

Result<std::vector<StoredBytes>> stored_before(const host::Root& root, const StateOptions& state,
                                               const std::string& id) {
  const Store store(root, state);
  KAUDIT_TRY(record, store.read(id));
  std::vector<StoredBytes> files;
  for (const RecordedFile& file : record.files) {
    StoredBytes stored{file.role, file.node_path, {}, {}, file.after.sha256};
    if (file.before) {
      KAUDIT_TRY(bytes, store.read_copy(id, *file.before));
      stored.before = std::move(bytes);
      stored.before_metadata = file.before->metadata;
    }
    files.push_back(std::move(stored));
  }
  return files;
}

Result<std::optional<StoredRun>> find_run_that_wrote(const host::Root& root, const StateOptions& state, Role role,
                                                     std::string_view sha256) {
  KAUDIT_TRY(runs, list_runs(root, state));
  const auto wrote = [&](const StoredRun& run) {
    const auto is_it = [&](const StoredFile& file) { return file.role == role && file.after_sha256 == sha256; };
    return is_in_force(run.state) && std::any_of(run.files.begin(), run.files.end(), is_it);
  };
  const auto found = std::find_if(runs.begin(), runs.end(), wrote);
  if (found == runs.end()) return std::optional<StoredRun>();
  return std::optional(std::move(*found));
}

std::string run_at_work(const host::Root& root, const StateOptions& state) {
  const std::optional<Holder> holder = Lock::holder(root, state);
  if (!holder || !host::identify(holder->pid)) return {};
  const std::vector<std::string> arguments = host::command_line_of(holder->pid);
  const std::string program = arguments.empty() ? std::string() : arguments.front();
  const bool is_ours = program.substr(program.rfind('/') + 1).starts_with("kaudit");
  return is_ours ? holder->run_id : std::string();
}

}  // namespace kaudit::rollout
