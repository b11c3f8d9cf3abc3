#pragma once

#include <utility>

#include "kaudit/base/result.hpp"
#include "kaudit/host/descriptor.hpp"
#include "kaudit/host/processes.hpp"

namespace kaudit::host {

/// A hold on one process: a signal sent through it reaches that process or none, whoever has got its number meanwhile.
/// Source: pidfd_open(2), Linux 5.3.
class ProcessHandle {
 public:
  /// Errors: status 4 "no-pidfd": the kernel has no such handles, or does not give them to this program; "gone": that
  /// very process does not live any more, or /proc does not show it.
  [[nodiscard]] static Result<ProcessHandle> open(const ProcessId& process);

  /// One SIGTERM. Errors: status 4 "gone"; else why it could not be sent. Source: pidfd_send_signal(2), Linux 5.1.
  [[nodiscard]] Status terminate() const;

 private:
  explicit ProcessHandle(Descriptor descriptor) : m_descriptor(std::move(descriptor)) {}

  Descriptor m_descriptor;
};

}  // namespace kaudit::host
