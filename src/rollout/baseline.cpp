#include "baseline.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <utility>

namespace kaudit::rollout {

Baseline take_baseline(const host::Root& root, const WatchPlan& plan, std::vector<host::ProcessId> processes,
                       Current current) {
  Baseline baseline;
  baseline.boot_id = boot_id();
  baseline.processes = std::move(processes);
  const host::Listener listener = node::listener_of(plan.server);
  if (current == Current::must_go && listener.process &&
      std::find(baseline.processes.begin(), baseline.processes.end(), *listener.process) == baseline.processes.end()) {
    baseline.processes.push_back(*listener.process);
  }
  baseline.attempts = started_containers(root, plan);
  baseline.kubelet_log = node::mark_kubelet_log(node::find_kubelet(root));
  baseline.began = seconds_since_boot();
  return baseline;
}

std::string container_name(const node::PodLog& log, unsigned attempt) {
  return log.uid + "/" + std::to_string(attempt);
}

std::vector<std::string> started_containers(const host::Root& root, const WatchPlan& plan) {
  std::vector<std::string> started;
  for (const node::PodLog& log : node::pod_logs_of(root, plan.pod_log_directory, plan.server)) {
    for (const unsigned attempt : log.attempts) started.push_back(container_name(log, attempt));
  }
  return started;
}

double seconds_since_boot() {
  std::timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace kaudit::rollout
