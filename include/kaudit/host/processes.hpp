#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kaudit::host {

/// One process for as long as it lives: a pid alone comes back, together with the start time it does not.
struct ProcessId {
  int pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since boot. Source: proc(5), /proc/PID/stat, field 22
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

/// The process that has this pid now; nothing: there is none, /proc cannot say, or it has ended and was only not waited
/// for yet (a zombie).
[[nodiscard]] std::optional<ProcessId> identify(int pid);

/// Whether that very process is still there, as `identify` sees it: a zombie is not, nor is one that /proc hides.
[[nodiscard]] bool is_running(const ProcessId& process);

/// Every process whose program's file name (the last part of its first argument) is `name`, by process id.
[[nodiscard]] std::vector<ProcessId> processes_called(const std::string& name);

/// Its arguments, the program first; empty if it is gone or /proc cannot say. Source: proc(5), /proc/PID/cmdline.
[[nodiscard]] std::vector<std::string> command_line_of(int pid);

/// Command line of the first process whose program's file name is `name`; empty if none runs or /proc cannot say.
[[nodiscard]] std::vector<std::string> command_line_of(const std::string& name);

}  // namespace kaudit::host
