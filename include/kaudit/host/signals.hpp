#pragma once

#include <csignal>

namespace kaudit::host {

/// While it lives, no signal that could end or stop the program reaches it (SIGKILL and SIGSTOP excepted): Ctrl-C and
/// a lost terminal wait until the step is done. They may be nested.
class BlockedSignals {
 public:
  BlockedSignals() noexcept;
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals();

 private:
  sigset_t m_before{};
};

}  // namespace kaudit::host
