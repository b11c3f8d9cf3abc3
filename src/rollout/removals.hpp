#pragma once

#include <string>
#include <vector>

#include "kaudit/base/error.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

/// Removes every file that still is what the plan saw, and syncs its directory. One that is gone already is fine; what
/// did not go is a warning "not-removed". Returns what went, as shown.
[[nodiscard]] std::vector<std::string> remove_all(const host::Root& root, const std::vector<Removal>& removals,
                                                  std::vector<Warning>& warnings);

}  // namespace kaudit::rollout
