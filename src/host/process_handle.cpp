#include "kaudit/host/process_handle.hpp"

#include <cerrno>
#include <csignal>
#include <string>

#include <sys/syscall.h>
#include <unistd.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

// glibc has functions for both from 2.36 on, whose header C++ cannot use there.
int pidfd_open(int pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }
long pidfd_send_signal(int pidfd, int signal) { return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0); }

Error gone(const ProcessId& process) {
  return file_error(ExitStatus::host_refused, "gone", "", "process " + std::to_string(process.pid) + " has ended");
}

}  // namespace

Result<ProcessHandle> ProcessHandle::open(const ProcessId& process) {
  Descriptor descriptor(pidfd_open(process.pid));
  if (!descriptor.is_open()) {
    if (errno == ESRCH) return gone(process);
    return file_error(ExitStatus::host_refused, "no-pidfd", "", "no pidfd can be had: " + reason(errno));
  }
  // Looked at after the opening: a process that lives now and began when this one did had its number all the time.
  if (!is_running(process)) return gone(process);
  return ProcessHandle(std::move(descriptor));
}

Status ProcessHandle::terminate() const {
  if (pidfd_send_signal(m_descriptor.get(), SIGTERM) == 0) return Done{};
  if (errno == ESRCH) return file_error(ExitStatus::host_refused, "gone", "", "the process has ended");
  return file_error(ExitStatus::host_refused, errno == ENOSYS ? "no-pidfd" : "signal", "",
                    "the signal cannot be sent: " + reason(errno));
}

}  // namespace kaudit::host
