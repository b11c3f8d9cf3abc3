#include <algorithm>
#include <cerrno>
#include <utility>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill(2)

#include "kaudit/host/signals.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/rollout/run.hpp"
#include "lock.hpp"
#include "settle.hpp"
#include "store.hpp"

namespace kaudit::rollout {
namespace {

bool is_alive(pid_t pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

}  // namespace

Result<std::vector<std::string>> unfinished_runs(const host::Root& root, const StateOptions& state) {
  KAUDIT_TRY(runs, Store(root, state).scan());
  std::vector<std::string> ids;
  for (const FoundRun& run : runs) {
    if (run.parsed.record && needs_settling(run)) ids.push_back(run.id);
  }
  if (ids.empty()) return ids;
  const auto holder = Lock::holder(root, state);
  if (holder && is_alive(holder->pid)) ids.erase(std::remove(ids.begin(), ids.end(), holder->run_id), ids.end());
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
