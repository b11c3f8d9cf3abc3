#pragma once

#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "store.hpp"

namespace kaudit::rollout {

/// Whether a run needs a hand that can be lent at once: it was interrupted while nobody watched, or its folder was
/// never completed.
[[nodiscard]] bool needs_settling(const FoundRun& run);

/// Whether a guardian had begun with it: only a guardian finishes it, for it may have to watch.
[[nodiscard]] bool needs_guardian(const FoundRun& run);

/// Finishes or undoes every run of `runs` that needs it. The caller holds the lock. A line per run.
[[nodiscard]] Result<std::vector<std::string>> settle_all(const host::Root& root, const Store& store,
                                                          const std::vector<FoundRun>& runs);

}  // namespace kaudit::rollout
