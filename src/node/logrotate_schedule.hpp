#pragma once

#include "kaudit/host/root.hpp"
#include "kaudit/node/logrotate.hpp"

namespace kaudit::node {

/// What runs logrotate on this node, by its files: see find_logrotate().
[[nodiscard]] LogrotateSchedule find_logrotate_schedule(const host::Root& root);

/// Fills in what systemd lets logrotate.service write, where that is what runs logrotate.
void look_at_sandbox(const host::Root& root, LogrotateSchedule& schedule);

}  // namespace kaudit::node
