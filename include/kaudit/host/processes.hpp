#pragma once

#include <string>
#include <vector>

namespace kaudit::host {

/// Command line of the first process whose program's file name is `name`, by process id; empty if none runs or /proc
/// cannot say. Source: proc(5), /proc/PID/cmdline.
[[nodiscard]] std::vector<std::string> command_line_of(const std::string& name);

}  // namespace kaudit::host
