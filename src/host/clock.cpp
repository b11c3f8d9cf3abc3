#include "kaudit/host/clock.hpp"

#include <chrono>
#include <fstream>

#include <unistd.h>

namespace kaudit::host {

double seconds_since_epoch() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<double> started_at(const ProcessId& process) {
  std::ifstream file("/proc/uptime");
  double uptime = 0;
  if (!(file >> uptime)) return std::nullopt;
  const long ticks = ::sysconf(_SC_CLK_TCK);
  if (ticks <= 0) return std::nullopt;
  const double age = uptime - static_cast<double>(process.start_time) / static_cast<double>(ticks);
  return seconds_since_epoch() - age;
}

}  // namespace kaudit::host
