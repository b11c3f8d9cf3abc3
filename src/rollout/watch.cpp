#include "kaudit/rollout/watch.hpp"

namespace kaudit::rollout {
namespace {

using Action = Decision::Action;
using Answer = node::Health::Answer;
using Code = node::Reason::Code;

std::string seconds(double value) { return std::to_string(static_cast<long>(value)) + " s"; }

/// The way there, by who listens.
Phase phase_of(const Sight& sight, bool is_healthy) {
  if (is_healthy) return Phase::settling;
  if (sight.server == Sight::Server::right || sight.server == Sight::Server::unseen) return Phase::answering;
  return sight.old == Sight::Old::running || sight.server == Sight::Server::wrong ? Phase::stopping : Phase::starting;
}

/// Whether this look counts as an answer of a healthy server of the goal.
bool is_healthy_answer(const WatchState& state, const Sight& sight, double now) {
  if (sight.server != Sight::Server::right) return false;
  if (sight.health.answer == Answer::ok) return true;
  return sight.health.answer == Answer::forbidden && state.forbidden_since &&
         now - *state.forbidden_since >= k_forbidden_lasts;
}

void note_forbidden(WatchState& state, const Sight& sight, double now) {
  const bool is_forbidden = sight.server == Sight::Server::right && sight.health.answer == Answer::forbidden;
  if (!is_forbidden) {
    state.forbidden_since.reset();
  } else if (!state.forbidden_since) {
    state.forbidden_since = now;
  }
}

void note_host_path(WatchState& state, const Sight& sight, double now) {
  const bool fails = sight.server == Sight::Server::none && sight.reason.code == Code::host_path;
  if (!fails) {
    state.host_path_since.reset();
  } else if (!state.host_path_since) {
    state.host_path_since = now;
  }
}

void count_answer(WatchState& state, const Sight& sight, double now) {
  const bool is_same = state.process == sight.process;
  if (!is_healthy_answer(state, sight, now) || !is_same) state.healthy_answers = 0;
  state.process = sight.process;
  if (!is_healthy_answer(state, sight, now)) return;
  if (state.healthy_answers > 0 && now - state.last_counted < k_answer_distance) return;
  ++state.healthy_answers;
  state.last_counted = now;
  state.healthy_by = sight.health.answer == Answer::ok
                         ? std::string()
                         : "it answers " + std::to_string(sight.health.status) +
                               " only: anonymous access is off, and no client certificate of this node opens /readyz";
}

bool is_host_path_hopeless(const WatchState& state, double now) {
  return state.host_path_since && now - *state.host_path_since >= k_host_path_lasts;
}

/// What cannot end well any more, long before the time is up.
bool is_hopeless(const WatchState& state, const Sight& sight, const WatchTimes& times, double now) {
  if (times.patience == WatchTimes::Patience::to_the_end) return false;
  if (state.goal == Goal::old_server || sight.server == Sight::Server::right) return false;
  if (sight.ends_with_reason >= k_ends_needed || is_host_path_hopeless(state, now)) return true;
  return sight.reason.code == Code::manifest_refused && sight.reason.lasting == node::Reason::Lasting::yes;
}

/// Why it did not come, from the best that is known.
std::string why(const WatchState& state, const Sight& sight) {
  if (!sight.reason.text.empty()) return sight.reason.text;
  switch (state.phase) {
    case Phase::stopping:
      return "the old API server did not go: the kubelet did not act on the manifest";
    case Phase::starting:
      return "the kubelet did not start a new API server";
    case Phase::answering:
      return "the new API server does not become ready: " + sight.health.detail;
    case Phase::settling:
      break;
  }
  return "the API server did not stay healthy";
}

Decision decide(WatchState state, Action action, std::string reason = {}, Code code = Code::none) {
  return {action, std::move(state), std::move(reason), code};
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::stopping:
      return "stopping";
    case Phase::starting:
      return "starting";
    case Phase::answering:
      return "answering";
    case Phase::settling:
      break;
  }
  return "settling";
}

Decision step(const WatchState& before, const Sight& sight, const WatchTimes& times, double now) {
  WatchState state = before;
  if (sight.manifest == Sight::Manifest::other) {
    return decide(std::move(state), Action::yield,
                  "another program wrote the manifest meanwhile; it was left as it is");
  }
  if (!sight.strays.empty() && state.goal == Goal::new_server) {
    return decide(std::move(state), Action::give_up,
                  sight.strays.front() + " appeared beside the manifest and is the same pod: the kubelet runs either");
  }
  note_forbidden(state, sight, now);
  note_host_path(state, sight, now);
  count_answer(state, sight, now);
  const bool is_healthy = state.healthy_answers >= k_answers_needed;
  state.phase = phase_of(sight, is_healthy);
  if (is_healthy) {
    return decide(std::move(state), now >= times.settle ? Action::succeed : Action::wait);
  }
  if (is_hopeless(state, sight, times, now)) {
    std::string reason = why(state, sight);
    return decide(std::move(state), Action::give_up, std::move(reason), sight.reason.code);
  }
  // A server that was healthy and has only just been asked again gets the settling time before it is called failed.
  if (now < times.timeout || (state.healthy_answers > 0 && now < times.timeout + times.settle)) {
    return decide(std::move(state), Action::wait);
  }
  std::string reason = why(state, sight) + " (after " + seconds(now) + ")";
  return decide(std::move(state), Action::give_up, std::move(reason), sight.reason.code);
}

std::string describe_change(const WatchState& before, const WatchState& after, const Sight& sight) {
  if (before.phase == after.phase && before.process == after.process) return {};
  const std::string who = after.process ? " (process " + std::to_string(after.process->pid) + ")" : "";
  switch (after.phase) {
    case Phase::stopping:
      return before.phase == after.phase ? "" : "the API server of the other manifest is there still" + who;
    case Phase::starting:
      return before.phase == after.phase ? ""
                                         : "the old API server is gone; waiting for the kubelet to start the other";
    case Phase::answering:
      return "an API server" + who +
             " listens: " + (sight.health.detail.empty() ? std::string("not ready yet") : sight.health.detail);
    case Phase::settling:
      break;
  }
  if (before.phase == after.phase) return {};
  return "the API server" + who + " is ready" + (after.healthy_by.empty() ? "" : " (" + after.healthy_by + ")") +
         "; watching it until the kubelet has listed its directory again";
}

}  // namespace kaudit::rollout
