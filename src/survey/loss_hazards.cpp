#include <fmt/format.h>

#include "hazard_list.hpp"

namespace kaudit::survey {
namespace {

/// "1 event", "763 events"
std::string counted(double number, const char* what) {
  return fmt::format("{:.0f} {}{}", number, what, number == 1 ? "" : "s");
}

std::string cure_of(const std::string& plugin) {
  if (plugin.find("webhook") != std::string::npos) {
    return "see whether the receiver of the webhook answers and keeps up; with the log backend beside it nothing "
           "depends on that";
  }
  if (plugin == "log")
    return "see whether the log can grow and be rotated: the other findings, and the container's log";
  return "the container's log of kube-apiserver says why: look for 'Error in audit plugin'";
}

}  // namespace

void judge_losses(const Survey& survey, HazardList& hazards) {
  for (const auto& [plugin, events] : survey.metrics.lost) {
    if (events <= 0) continue;
    hazards.error("events-lost",
                  fmt::format("kube-apiserver has lost {} since it started: its plugin '{}' could not deliver them",
                              counted(events, "event"), plugin),
                  cure_of(plugin));
  }
  if (survey.metrics.rejected > 0) {
    hazards.error("requests-rejected",
                  fmt::format("kube-apiserver has refused {} since it started because the event could not be recorded",
                              counted(survey.metrics.rejected, "request")),
                  "the mode blocking-strict asks for that; see why the log cannot be written");
  }
  if (survey.rename_failures > 0) {
    hazards.error(
        "rename-failed",
        fmt::format("kube-apiserver could not rotate the log: \"can't rename log file\" stands {} in the last "
                    "part of its container's log, once for each event lost",
                    counted(static_cast<double>(survey.rename_failures), "time")),
        "kaudit enable --log-volume file --rotate logrotate has a single file rotated, --log PATH with a "
        "directory of its own lets kube-apiserver do it");
  }
}

}  // namespace kaudit::survey
