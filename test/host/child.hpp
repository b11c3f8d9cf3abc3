#pragma once

#include <csignal>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/catch.hpp"

namespace kaudit::test {

/// A child of this process that sleeps until it is ended.
class Child {
 public:
  Child() : m_pid(::fork()) {
    REQUIRE(m_pid >= 0);
    if (m_pid == 0) {
      while (true) ::pause();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    end();
    wait();
  }

  [[nodiscard]] int pid() const { return m_pid; }
  /// Ends it and returns when it is a zombie.
  void end() const {
    ::kill(m_pid, SIGKILL);
    siginfo_t information{};
    static_cast<void>(::waitid(P_PID, static_cast<id_t>(m_pid), &information, WEXITED | WNOWAIT));
  }
  void wait() const { static_cast<void>(::waitpid(m_pid, nullptr, 0)); }

 private:
  pid_t m_pid;
};

}  // namespace kaudit::test
