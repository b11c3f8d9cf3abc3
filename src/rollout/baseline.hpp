#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kaudit/host/processes.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/node/pod_logs.hpp"
#include "kaudit/rollout/watch_plan.hpp"

namespace kaudit::rollout {

/// What was there before the files of a goal came into force: everything that must not be taken for the API server
/// that is waited for. Stored in the record, so that a guardian that takes over knows it, too.
struct Baseline {
  std::string boot_id;  ///< of the kernel: process ids and `began` mean nothing after a reboot
  double began = 0;     ///< seconds since boot, right before the rename
  /// later: the machine was started again since.
  enum class Boot : std::uint8_t { same, later } boot = Boot::same;
  std::vector<host::ProcessId> processes;  ///< API servers that must go
  std::vector<std::string> attempts;       ///< "UID/N": containers that had been started
  node::KubeletLogMark kubelet_log;
  /// sent: the signal of `--hasten`, or about to be. Noted before it is sent: there is never a second one.
  enum class Signal : std::uint8_t { not_sent, sent } signal = Signal::not_sent;
};

/// Takes stock. `processes` are those known to be wrong already; the one that listens now is added unless
/// `keep_current` says that it may stay.
enum class Current : std::uint8_t { must_go, may_stay };
[[nodiscard]] Baseline take_baseline(const host::Root& root, const WatchPlan& plan,
                                     std::vector<host::ProcessId> processes, Current current);

/// "UID/N".
[[nodiscard]] std::string container_name(const node::PodLog& log, unsigned attempt);

/// "UID/N" for every container of the API server that has a log.
[[nodiscard]] std::vector<std::string> started_containers(const host::Root& root, const WatchPlan& plan);

/// Seconds since boot, suspended time included, and the boot's id. Source: clock_gettime(2) CLOCK_BOOTTIME,
/// random(4) /proc/sys/kernel/random/boot_id.
[[nodiscard]] double seconds_since_boot();
[[nodiscard]] std::string boot_id();

}  // namespace kaudit::rollout
