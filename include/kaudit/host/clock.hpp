#pragma once

#include <optional>

#include "kaudit/host/processes.hpp"

namespace kaudit::host {

/// Now, in seconds since 1970-01-01T00:00:00Z.
[[nodiscard]] double seconds_since_epoch();

/// When a process started, on the same scale, by the clock of this moment: a clock that was set since moves it, too.
/// Nothing: /proc/uptime cannot be read. Source: proc(5).
[[nodiscard]] std::optional<double> started_at(const ProcessId& process);

}  // namespace kaudit::host
