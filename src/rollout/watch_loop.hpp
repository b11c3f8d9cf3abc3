#pragma once

#include <string>
#include <vector>

#include "hastener.hpp"
#include "journal.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/watch.hpp"
#include "record.hpp"

namespace kaudit::rollout {

/// How the watch of one goal ended.
struct Verdict {
  Decision::Action action = Decision::Action::succeed;
  std::string reason;
  double seconds = 0;  ///< from the rename
  std::vector<std::string> last_words;
  std::vector<host::ProcessId> own_processes;  ///< API servers that ran with the goal's files
};

/// Looks, steps, waits, until something is decided. Each change of phase is a line in the journal. A goal whose time
/// was up before this was called (the guardian before was killed) still gets a few looks: the server may have come
/// meanwhile. `hastener` is shown each of them; null pointer: none.
[[nodiscard]] Verdict watch(const host::Root& root, const Record& record, Goal goal, const Journal& journal,
                            Hastener* hastener);

}  // namespace kaudit::rollout
