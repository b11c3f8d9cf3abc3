#pragma once

#include <cstddef>
#include <vector>

#include "kaudit/base/error.hpp"
#include "store.hpp"

namespace kaudit::rollout {

/// Removes the oldest finished runs of `earlier` (the oldest first), so that with the run just done `keep` written
/// ones remain, and as many abandoned ones. Unfinished and unreadable ones stay. Returns what could not be removed.
[[nodiscard]] std::vector<Error> prune(const Store& store, const std::vector<FoundRun>& earlier, std::size_t keep);

}  // namespace kaudit::rollout
