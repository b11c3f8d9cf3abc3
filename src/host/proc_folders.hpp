#pragma once

#include <string>
#include <vector>

namespace kaudit::host {

/// The ids of all processes that /proc shows, ascending; empty where it cannot be read.
[[nodiscard]] std::vector<int> all_processes();

/// "/proc/PID/NAME".
[[nodiscard]] std::string proc_path(int pid, const char* name);

}  // namespace kaudit::host
