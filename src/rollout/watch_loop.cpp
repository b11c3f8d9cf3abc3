#include "watch_loop.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "kaudit/node/runtime.hpp"
#include "observer.hpp"

namespace kaudit::rollout {
namespace {

/// Often enough to see a server come within its first second, seldom enough to cost it nothing.
constexpr std::chrono::milliseconds k_pause(300);

/// What a late guardian grants at least, in seconds from its first look.
constexpr double k_least = 10;

}  // namespace

Verdict watch(const host::Root& root, const Record& record, Goal goal, const Journal& journal, Hastener* hastener) {
  Observer observer(root, record, goal);
  WatchState state;
  state.goal = goal;
  const double began = record.baseline->began;
  const double entered = seconds_since_boot() - began;
  WatchTimes times = record.watch->times;
  times.timeout = std::max(times.timeout, entered + k_least);
  if (record.baseline->boot == Baseline::Boot::later) times.patience = WatchTimes::Patience::to_the_end;
  while (true) {
    const Sight sight = observer.look();
    const double now = seconds_since_boot() - began;
    Decision decision = step(state, sight, times, now);
    if (const std::string line = describe_change(state, decision.state, sight); !line.empty()) {
      journal.write(to_string(decision.state.phase), line);
    }
    if (decision.action != Decision::Action::wait) {
      Verdict verdict{decision.action, std::move(decision.reason), now, {}, observer.own_processes()};
      if (decision.action == Decision::Action::succeed) {
        verdict.reason = decision.state.healthy_by;
      } else {
        verdict.last_words = observer.last_words();
        if (decision.code == node::Reason::Code::none) {
          verdict.reason += node::words_of_runtime(record.watch->server.container);
        }
      }
      return verdict;
    }
    if (hastener != nullptr) hastener->look(sight, now);
    state = std::move(decision.state);
    std::this_thread::sleep_for(k_pause);
  }
}

}  // namespace kaudit::rollout
