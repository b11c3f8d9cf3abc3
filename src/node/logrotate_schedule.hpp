#pragma once

#include "kaudit/host/root.hpp"
#include "kaudit/node/logrotate.hpp"

namespace kaudit::node {

/// What runs logrotate on this node, by its files: see find_logrotate().
[[nodiscard]] LogrotateSchedule find_logrotate_schedule(const host::Root& root);

}  // namespace kaudit::node
