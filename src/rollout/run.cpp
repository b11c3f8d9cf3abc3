#include "kaudit/rollout/run.hpp"

#include <utility>

#include "begin.hpp"
#include "execution.hpp"
#include "kaudit/host/signals.hpp"
#include "prune.hpp"
#include "removals.hpp"

namespace kaudit::rollout {
namespace {

/// The run failed: where everything is as it was, it never was; else its record says what became of it.
Error close_failed(const Store& store, const Record& record, CarriedOut carried) {
  Error error = std::move(carried.error);
  if (carried.end == CarriedOut::End::stuck) return error;
  const Status closed = carried.left.empty() ? store.remove(record.id) : store.close(record, RunState::abandoned);
  if (!closed) error.also.push_back(to_text(closed.error()));
  return error;
}

}  // namespace

Result<Outcome> execute(const host::Root& root, const StateOptions& state, const Intent& intent) {
  const host::BlockedSignals blocked;
  const Store store(root, state);
  KAUDIT_TRY(begun, begin(root, store, state, intent));
  const Record& record = begun.record;

  CarriedOut carried = carry_out(root, store, record, intent);
  if (carried.end != CarriedOut::End::renamed) return close_failed(store, record, std::move(carried));
  Outcome outcome;
  outcome.warnings = std::move(carried.warnings);
  for (std::string& line : begun.settled) outcome.warnings.push_back({"unfinished-run", std::move(line), {}, {}, 0, 0});
  Status closed = store.close(record, RunState::written);
  if (closed && is_kept(intent.manifest)) closed = store.sync_folder(record.id);
  if (!closed) outcome.warnings.push_back(warning_of("record", closed.error()));
  outcome.removed = remove_all(root, intent.removals, outcome.warnings);
  for (const Error& error : prune(store, begun.earlier, state.keep_backups)) {
    outcome.warnings.push_back(warning_of("prune", error));
  }
  outcome.run_id = record.id;
  outcome.run_folder = store.shown(record.id);
  outcome.backup_path = backup_of(store, record);
  return outcome;
}

}  // namespace kaudit::rollout
