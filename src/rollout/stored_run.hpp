#pragma once

#include <string>

#include "kaudit/rollout/history.hpp"
#include "record.hpp"

namespace kaudit::rollout {

/// A record as it is told to other modules; `folder` as shown.
[[nodiscard]] StoredRun stored_run(const Record& record, std::string folder);

}  // namespace kaudit::rollout
