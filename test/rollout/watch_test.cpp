#include "kaudit/rollout/watch.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace kaudit;
using namespace kaudit::rollout;
using Action = Decision::Action;
using Answer = node::Health::Answer;
using Code = node::Reason::Code;
using Server = Sight::Server;

namespace {

const host::ProcessId k_old{100, 5};
const host::ProcessId k_new{200, 9};

Sight old_still_listens() {
  Sight sight;
  sight.server = Server::wrong;
  sight.process = k_old;
  sight.old = Sight::Old::running;
  return sight;
}

Sight old_lingers() {
  Sight sight;
  sight.old = Sight::Old::running;
  return sight;
}

Sight nobody() { return Sight{}; }

Sight comes(Answer answer, int status, host::ProcessId process = k_new) {
  Sight sight;
  sight.server = Server::right;
  sight.process = process;
  sight.health.answer = answer;
  sight.health.status = status;
  sight.health.detail = answer == Answer::ok ? "" : "status " + std::to_string(status);
  return sight;
}

Sight ready(host::ProcessId process = k_new) { return comes(Answer::ok, 200, process); }

Sight failing(Code code, node::Reason::Lasting lasting, unsigned ends = 0) {
  Sight sight;
  sight.reason = {code, "the reason", lasting};
  sight.ends_with_reason = ends;
  return sight;
}

bool reason_has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// What is seen from a moment on, once a second until the next.
struct Scene {
  double from;
  Sight sight;
};

struct Played {
  Decision decision;
  double at = 0;
  std::vector<Phase> phases;
};

/// Plays the scenes with a look every `pause` seconds until something is decided, or `until`.
Played play(const std::vector<Scene>& scenes, double until = 400, Goal goal = Goal::new_server, double pause = 1) {
  Played played;
  WatchState state;
  state.goal = goal;
  for (double now = 0; now <= until; now += pause) {
    const Scene* current = &scenes.front();
    for (const Scene& scene : scenes) {
      if (scene.from <= now) current = &scene;
    }
    played.decision = step(state, current->sight, WatchTimes{}, now);
    played.at = now;
    state = played.decision.state;
    if (played.phases.empty() || played.phases.back() != state.phase) played.phases.push_back(state.phase);
    if (played.decision.action != Action::wait) break;
  }
  return played;
}

}  // namespace

TEST_CASE("a rollout as measured on v1.37.2 goes through all phases and succeeds") {
  const Played played = play({{0, old_lingers()},
                              {30, nobody()},
                              {44, comes(Answer::forbidden, 403)},
                              {45, comes(Answer::not_ready, 500)},
                              {46, ready()}});
  CHECK(played.decision.action == Action::succeed);
  CHECK(played.at == 48);
  CHECK(played.phases == std::vector<Phase>{Phase::stopping, Phase::starting, Phase::answering, Phase::settling});
}

TEST_CASE("the old process answering 200 is never success") {
  const Played played = play({{0, old_still_listens()}});
  CHECK(played.decision.action == Action::give_up);
  CHECK(played.at == 300);
  CHECK(reason_has(played.decision.reason, "the kubelet did not act on the manifest"));
}

TEST_CASE("a server that is ready at once is watched until the kubelet has listed its directory") {
  const Played played = play({{0, old_lingers()}, {4, ready()}});
  CHECK(played.decision.action == Action::succeed);
  CHECK(played.at == 25);
}

TEST_CASE("three answers must come from one process, a second apart") {
  SECTION("looks closer together count once a second") {
    const Played played = play({{0, nobody()}, {30, ready()}}, 400, Goal::new_server, 0.25);
    CHECK(played.at == 32);
  }
  SECTION("another process begins anew") {
    const Played played = play({{0, nobody()}, {30, ready()}, {32, ready({201, 10})}});
    CHECK(played.decision.action == Action::succeed);
    CHECK(played.at == 34);
  }
  SECTION("one failure begins anew") {
    const Played played = play({{0, nobody()}, {30, ready()}, {32, comes(Answer::not_ready, 500)}, {33, ready()}});
    CHECK(played.at == 35);
  }
}

TEST_CASE("a server that falls over while settling has not succeeded") {
  const Played played = play({{0, old_lingers()}, {4, ready()}, {20, nobody()}});
  CHECK(played.decision.action == Action::give_up);
  CHECK(played.at == 300);
}

TEST_CASE("401 and 403 count only when they last, and say so") {
  const Played played = play({{0, nobody()}, {40, comes(Answer::forbidden, 401)}});
  CHECK(played.decision.action == Action::succeed);
  CHECK(played.at == 40 + k_forbidden_lasts + 2);
  CHECK(reason_has(played.decision.state.healthy_by, "401"));
  CHECK(reason_has(played.decision.state.healthy_by, "anonymous access is off"));
  CHECK(play({{0, nobody()}, {40, comes(Answer::not_ready, 500)}}).decision.action == Action::give_up);
  CHECK(play({{0, nobody()}, {40, comes(Answer::stranger, 0)}}).decision.action == Action::give_up);
}

TEST_CASE("a certain failure ends the watch early") {
  using Lasting = node::Reason::Lasting;
  SECTION("two containers that ended with a lasting reason") {
    const Played played = play({{0, old_lingers()},
                                {13, failing(Code::policy, Lasting::yes, 1)},
                                {17, failing(Code::policy, Lasting::yes, 2)}});
    CHECK(played.decision.action == Action::give_up);
    CHECK(played.at == 17);
    CHECK(played.decision.reason == "the reason");
    CHECK(played.decision.code == Code::policy);
  }
  SECTION("one is not enough: it may have been a race") {
    CHECK(play({{0, failing(Code::policy, Lasting::yes, 1)}}).at == 300);
  }
  SECTION("a hostPath check that goes on failing") {
    const Played played = play({{0, old_lingers()}, {35, failing(Code::host_path, Lasting::no)}});
    CHECK(played.at == 35 + k_host_path_lasts);
    CHECK(played.decision.action == Action::give_up);
  }
  SECTION("one that heals is none") {
    CHECK(play({{0, old_lingers()}, {35, failing(Code::host_path, Lasting::no)}, {45, ready()}}).decision.action ==
          Action::succeed);
  }
  SECTION("a manifest that the kubelet refuses") {
    CHECK(play({{0, old_lingers()}, {2, failing(Code::manifest_refused, Lasting::yes)}}).at == 2);
  }
  SECTION("a port that is taken may become free") {
    CHECK(play({{0, failing(Code::port_taken, Lasting::no, 0)}}).at == 300);
  }
  SECTION("nothing is certain after a reboot: the whole node comes up") {
    WatchTimes times;
    times.patience = WatchTimes::Patience::to_the_end;
    const Sight sight = failing(Code::policy, Lasting::yes, 5);
    CHECK(step(WatchState{}, sight, times, 299).action == Action::wait);
    CHECK(step(WatchState{}, sight, times, 300).action == Action::give_up);
  }
  SECTION("nothing is given up early on the way back") {
    const Played played = play({{0, failing(Code::policy, Lasting::yes, 5)}}, 400, Goal::old_server);
    CHECK(played.at == 300);
    CHECK(played.decision.action == Action::give_up);
  }
}

TEST_CASE("a manifest written by somebody else ends everything, whatever the server does") {
  Sight sight = ready();
  sight.manifest = Sight::Manifest::other;
  CHECK(play({{0, sight}}).decision.action == Action::yield);
  CHECK(play({{0, sight}}, 400, Goal::old_server).decision.action == Action::yield);
  sight.manifest = Sight::Manifest::unreadable;
  CHECK(play({{0, sight}}).decision.action == Action::succeed);
}

TEST_CASE("a stray copy of the pod that appears is a reason to go back, and is named") {
  Sight sight = ready();
  sight.strays = {"/etc/kubernetes/manifests/kube-apiserver.yaml.bak"};
  const Played played = play({{0, old_lingers()}, {10, sight}});
  CHECK(played.decision.action == Action::give_up);
  CHECK(played.at == 10);
  CHECK(reason_has(played.decision.reason, "kube-apiserver.yaml.bak"));
  CHECK(play({{0, sight}}, 400, Goal::old_server).decision.action == Action::succeed);
}

TEST_CASE("a listener that nobody can name is not taken for the new server") {
  Sight sight;
  sight.server = Server::unseen;
  sight.health.answer = Answer::ok;
  sight.health.status = 200;
  CHECK(play({{0, sight}}).decision.action == Action::give_up);
}

TEST_CASE("a server that becomes ready with the last second gets its settling time") {
  const Played played = play({{0, nobody()}, {299, ready()}});
  CHECK(played.decision.action == Action::succeed);
  CHECK(played.at == 301);
}

TEST_CASE("what is told to people names phases and processes once") {
  WatchState before;
  WatchState after = before;
  CHECK(describe_change(before, after, nobody()).empty());
  after.phase = Phase::starting;
  CHECK(reason_has(describe_change(before, after, nobody()), "old API server is gone"));
  before = after;
  after.phase = Phase::answering;
  after.process = k_new;
  CHECK(reason_has(describe_change(before, after, comes(Answer::forbidden, 403)), "process 200"));
  CHECK(reason_has(describe_change(before, after, comes(Answer::forbidden, 403)), "status 403"));
}
