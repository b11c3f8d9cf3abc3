#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kaudit::host {

/// What came of a program of the node that was run for its output.
struct ProgramResult {
  bool started = false;    ///< it was found and could be run
  bool timed_out = false;  ///< it was ended because its time was over; `output` is what it had written
  int exit_code = -1;      ///< 128 + N for one that signal N ended, as a shell counts
  std::string output;      ///< of its standard output
};

/// Runs `arguments.front()`, looked up in PATH, with all of `arguments`, without a shell: standard input and standard
/// error are /dev/null, of the environment only PATH is passed on (LC_ALL is C), no signal is blocked or ignored. At
/// most the last `limit` bytes of its output are kept. After `timeout_ms` it is killed, with all its own children that
/// stayed in its process group; nothing of it is left when this returns.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& arguments, std::size_t limit, int timeout_ms);

}  // namespace kaudit::host
