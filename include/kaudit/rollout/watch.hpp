#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/host/processes.hpp"
#include "kaudit/node/api_server.hpp"
#include "kaudit/node/reason.hpp"

namespace kaudit::rollout {

/// Which files are in force while a run watches.
enum class Goal : std::uint8_t {
  new_server,  ///< those the run wrote
  old_server,  ///< those that were there before: the way back
};

/// Where the API server is on its way. The names are printed, and stand in the journal.
enum class Phase : std::uint8_t {
  stopping,   ///< the old process is there still
  starting,   ///< it is gone, and no other owns the port yet
  answering,  ///< another process owns the port and is not healthy yet
  settling,   ///< healthy; waiting until the kubelet has listed its directory once more
};
[[nodiscard]] std::string_view to_string(Phase phase);

/// What one look at the node saw. Plain values: no clock, no file in it.
struct Sight {
  /// Whether the manifest is byte for byte the one of the goal.
  enum class Manifest : std::uint8_t { ours, other, unreadable } manifest = Manifest::ours;
  /// Who listens on the secure port, as far as the goal is concerned.
  enum class Server : std::uint8_t {
    none,    ///< nobody
    wrong,   ///< a process that was there before these files were in force, or that does not have their flags
    right,   ///< another one
    unseen,  ///< somebody, and neither /proc nor the pod logs tell who
  } server = Server::none;
  std::optional<host::ProcessId> process;  ///< the listener, where /proc says
  /// Whether the process that must go lives on, listening or not.
  enum class Old : std::uint8_t { running, gone } old = Old::gone;
  node::Health health;
  node::Reason reason;              ///< why it does not come, as far as logs tell
  unsigned ends_with_reason = 0;    ///< containers that have ended with a lasting reason since these files are in force
  std::vector<std::string> strays;  ///< files beside the manifest that are the same pod
};

/// How long, in seconds.
struct WatchTimes {
  double timeout = 300;  ///< from the rename to a healthy server
  double settle = 25;    ///< from the rename: one listing of the kubelet (fileCheckFrequency) and 5 s
  /// Whether a failure that is certain ends the watch early. After a reboot nothing is: the whole node comes up.
  enum class Patience : std::uint8_t { until_certain, to_the_end } patience = Patience::until_certain;
};

/// What is remembered between two looks. Times are seconds since the rename.
struct WatchState {
  Goal goal = Goal::new_server;
  Phase phase = Phase::stopping;
  std::optional<host::ProcessId> process;  ///< the one being counted
  unsigned healthy_answers = 0;            ///< of it, in a row, at least k_answer_distance apart
  double last_counted = -1;
  std::optional<double> forbidden_since;  ///< nothing but 401 and 403 from the right process since then
  std::optional<double> host_path_since;  ///< nothing but a failing hostPath check since then
  std::string healthy_by;                 ///< "": /readyz said 200; else why less than that was enough
};

struct Decision {
  enum class Action : std::uint8_t {
    wait,
    succeed,  ///< the goal is reached
    give_up,  ///< it will not be: the way back, or, on it already, a person
    yield,    ///< somebody else wrote the manifest: hands off
  } action = Action::wait;
  WatchState state;
  std::string reason;  ///< one line, for give_up and yield
  node::Reason::Code code = node::Reason::Code::none;
};

/// 200 this often, this far apart, before a server counts as healthy.
inline constexpr unsigned k_answers_needed = 3;
inline constexpr double k_answer_distance = 1;
/// 401 and 403 from a starting server end after about 1.5 s (measured on v1.37.2: RBAC is not there yet); where they
/// last, anonymous access is off, and no certificate of the node's opens it.
inline constexpr double k_forbidden_lasts = 20;
/// The kubelet tries a failed hostPath check again after 0.5, 1, 2, 4 … s (measured on v1.37.2).
inline constexpr double k_host_path_lasts = 15;
/// Containers that have ended with words that will not change by themselves.
inline constexpr unsigned k_ends_needed = 2;

/// One step of the watch: what was seen `now` seconds after the rename, to what is to be done. Pure; the whole of what
/// is called healthy, failed and hopeless is in here (docs/ARCHITECTURE.md names the states).
[[nodiscard]] Decision step(const WatchState& state, const Sight& sight, const WatchTimes& times, double now);

/// What the person at the keyboard is told when `after` follows `before`; "": nothing worth a line.
[[nodiscard]] std::string describe_change(const WatchState& before, const WatchState& after, const Sight& sight);

}  // namespace kaudit::rollout
