#include "settle.hpp"

#include <utility>

#include "kaudit/host/system_error.hpp"
#include "put_back.hpp"

namespace kaudit::rollout {
namespace {

Error cannot_put_back(const Store& store, const Record& record, PutBack end) {
  Error error =
      host::file_error(ExitStatus::host_refused, "unfinished-run", store.shown(record.id),
                       "run " + record.id + " was interrupted and could not be put back",
                       "remove what stands in the way and run again; the old files are in its folder before/");
  error.also = std::move(end.failures);
  return error;
}

Result<std::string> settle(const host::Root& root, const Store& store, const Record& record) {
  PutBack end = put_back(root, store, record, Rename::unknown);
  if (!end.is_complete()) return cannot_put_back(store, record, std::move(end));
  KAUDIT_TRY_DO(store.close(record, end.was_renamed ? RunState::written : RunState::abandoned));
  std::string line = "run " + record.id + " was interrupted ";
  line += end.was_renamed ? "after it had replaced the manifest: closed"
                          : "before it had replaced the manifest: what it had written was put back";
  for (const std::string& remark : end.remarks) line += "; " + remark;
  return line;
}

}  // namespace

bool needs_settling(const FoundRun& run) {
  if (run.parsed.record) return run.parsed.record->state == RunState::prepared && !needs_guardian(run);
  return run.parsed.unreadable.kind == Unreadable::Kind::cut_off;
}

bool needs_guardian(const FoundRun& run) {
  const std::optional<Record>& record = run.parsed.record;
  return record && record->watch && record->baseline && is_unfinished(record->state);
}

Result<std::vector<std::string>> settle_all(const host::Root& root, const Store& store,
                                            const std::vector<FoundRun>& runs) {
  std::vector<std::string> lines;
  // The newest first: an older run's "before" is what was there before the newer one's.
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (!needs_settling(*run)) continue;
    if (run->parsed.record) {
      KAUDIT_TRY(line, settle(root, store, *run->parsed.record));
      lines.push_back(std::move(line));
    } else {
      KAUDIT_TRY_DO(store.remove(run->id));
      lines.push_back("run " + run->id + " was interrupted before it had changed anything: its folder was removed");
    }
  }
  return lines;
}

}  // namespace kaudit::rollout
