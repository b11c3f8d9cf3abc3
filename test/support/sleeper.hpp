#pragma once

#include <array>
#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/catch.hpp"

#include "kaudit/host/processes.hpp"

namespace kaudit::test {

/// A process that waits under the name and with the arguments of another program: a shell that reads from a pipe to
/// which nobody writes. Unlike a mere fork it has no handlers of ours for signals.
class Sleeper {
 public:
  explicit Sleeper(const char* name, const char* flag = "--secure-port=1") {
    REQUIRE(::pipe2(m_pipe.data(), O_CLOEXEC) == 0);
    m_pid = ::fork();
    REQUIRE(m_pid >= 0);
    if (m_pid == 0) {
      ::dup2(m_pipe[0], STDIN_FILENO);
      ::execl("/bin/sh", name, "-c", "read line; exit", flag, "--audit-policy-file=/p.yaml", nullptr);
      ::_exit(127);
    }
    while (!is_called(name)) ::usleep(1000);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    if (m_pid > 0) {
      ::kill(m_pid, SIGKILL);
      static_cast<void>(::waitpid(m_pid, nullptr, 0));
    }
    for (const int end : m_pipe) ::close(end);
  }

  [[nodiscard]] host::ProcessId id() const {
    const auto process = host::identify(m_pid);
    REQUIRE(process);
    return *process;
  }
  [[nodiscard]] bool lives() const { return ::waitpid(m_pid, nullptr, WNOHANG) == 0; }
  /// The signal that ended it.
  [[nodiscard]] int wait_for_end() {
    int status = 0;
    REQUIRE(::waitpid(m_pid, &status, 0) == m_pid);
    m_pid = 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  /// Looked at once: during execve(2) there may be no arguments in between.
  [[nodiscard]] bool is_called(const char* name) const {
    const auto arguments = host::command_line_of(m_pid);
    return !arguments.empty() && arguments.front() == name;
  }

  std::array<int, 2> m_pipe{};
  pid_t m_pid = -1;
};

}  // namespace kaudit::test
