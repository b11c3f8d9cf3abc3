#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/node/api_server.hpp"
#include "kaudit/node/trail.hpp"
#include "kaudit/rollout/watch.hpp"

namespace kaudit::rollout {

/// What a run needs to know to watch the API server come: decided before it writes anything, and stored with it, so
/// that whoever finishes the run needs nothing else.
struct WatchPlan {
  node::ApiServer server;
  /// The elements of the server's command line that begin with `--audit`, with the old and with the new manifest: a
  /// process that has others was not started from that manifest.
  std::vector<std::string> audit_flags_before;
  std::vector<std::string> audit_flags_after;
  std::string pod_log_directory = "/var/log/pods";
  WatchTimes times;
  /// Whether the kubelet will see another pod at all: where two manifests differ in nothing but comments or layout, the
  /// process stays.
  enum class Restart : std::uint8_t { expected, none } restart = Restart::expected;
  /// `--hasten`: whether the guardian ends the old API server once it only lingers (rollout/hasten.hpp).
  enum class Hasten : std::uint8_t { no, yes } hasten = Hasten::no;
  /// What proves the new server's audit trail, once it is healthy (`--verify`); nothing: that is not asked for, or
  /// cannot be tried.
  std::optional<node::TrailPlan> trail = {};
};

}  // namespace kaudit::rollout
