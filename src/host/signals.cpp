#include "kaudit/host/signals.hpp"

#include <initializer_list>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): pthread_sigmask(3)

namespace kaudit::host {

BlockedSignals::BlockedSignals() noexcept {
  sigset_t all{};
  ::sigfillset(&all);
  // What a defect raises must end the program; blocked, it would be undefined (sigprocmask(2)).
  for (const int raised : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) ::sigdelset(&all, raised);
  ::pthread_sigmask(SIG_BLOCK, &all, &m_before);
}

BlockedSignals::~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }

}  // namespace kaudit::host
