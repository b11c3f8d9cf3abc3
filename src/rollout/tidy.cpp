#include <algorithm>
#include <utility>

#include "kaudit/host/signals.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/rollout/run.hpp"
#include "lock.hpp"
#include "settle.hpp"
#include "store.hpp"

namespace kaudit::rollout {
Result<std::vector<std::string>> unfinished_runs(const host::Root& root, const StateOptions& state) {
  KAUDIT_TRY(runs, Store(root, state).scan());
  std::vector<std::string> ids;
  for (const FoundRun& run : runs) {
    if (run.parsed.record && needs_settling(run)) ids.push_back(run.id);
  }
  const auto is_at_work = [&](const std::string& id) { return Lock::is_held_for(root, state, id); };
  ids.erase(std::remove_if(ids.begin(), ids.end(), is_at_work), ids.end());
  return ids;
}

Result<std::vector<std::string>> tidy(const host::Root& root, const StateOptions& state) {
  const Store store(root, state);
  KAUDIT_TRY(seen, store.scan());
  if (std::none_of(seen.begin(), seen.end(), needs_settling)) return std::vector<std::string>();
  const host::BlockedSignals blocked;
  std::vector<std::string> made;
  KAUDIT_TRY(taken, Lock::take(root, state, "-", made));
  const Lock lock = std::move(taken);
  KAUDIT_TRY(runs, store.scan());
  return settle_all(root, store, runs);
}

}  // namespace kaudit::rollout
