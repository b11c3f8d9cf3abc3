#include "rollout/hastener.hpp"

#include <csignal>
#include <string>
#include <string_view>
#include <utility>

#include "support/proc.hpp"
#include "support/sleeper.hpp"

#include "kaudit/rollout/hasten.hpp"
#include "rollout/watched.hpp"

using namespace kaudit;
using namespace kaudit::rollout;

namespace {

/// A watched run that hastens the end of `process`.
struct Hastened {
  explicit Hastened(const host::ProcessId& process)
      : watched(node, node.intent(), RunState::watching), journal(*Journal::open(watched.store, test::k_watched_id)) {
    watched.record.watch->hasten = WatchPlan::Hasten::yes;
    watched.record.watch->server.secure_port = 1;  // where nobody listens
    watched.record.baseline->processes = {process};
  }
  void play(Hastener& hastener) const {
    for (const double now : {0.5, 1.0, 2.0, 3.0, 4.0, 5.0}) hastener.look(Sight{}, now);
  }
  [[nodiscard]] std::string lines() const { return node.scratch.read(test::Watched::folder() + "/journal"); }

  test::Node node;
  test::Watched watched;
  Journal journal;
};

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a lingering process gets one SIGTERM, and the journal and the record say so", "[hasten]") {
  if (!test::has_proc()) return;
  test::Sleeper server("kube-apiserver");
  Hastened run(server.id());
  Hastener hastener(run.watched.store, run.watched.record, run.journal);
  hastener.take_hold();
  hastener.look(Sight{}, 0.5);
  hastener.look(Sight{}, 1.5);
  hastener.look(Sight{}, 2.4);
  CHECK(server.lives());
  hastener.look(Sight{}, 2.6);
  CHECK(server.wait_for_end() == SIGTERM);
  CHECK(says(run.lines(), " hastened ended the old API server (process "));
  CHECK(says(run.lines(), "which had closed its listener 2.1 s ago\n"));
  const auto stored = run.watched.store.read(test::k_watched_id);
  REQUIRE(stored);
  CHECK(stored->baseline->signal == Baseline::Signal::sent);
}

TEST_CASE("a guardian that takes over after the note sends nothing", "[hasten]") {
  if (!test::has_proc()) return;
  const test::Sleeper server("kube-apiserver");
  Hastened run(server.id());
  run.watched.record.baseline->signal = Baseline::Signal::sent;
  Hastener hastener(run.watched.store, run.watched.record, run.journal);
  hastener.take_hold();
  run.play(hastener);
  CHECK(server.lives());
  CHECK(run.lines().empty());
}

TEST_CASE("nothing is sent where it was not wished for, or for another process with that number", "[hasten]") {
  if (!test::has_proc()) return;
  const test::Sleeper server("kube-apiserver");
  Hastened run(server.id());
  SECTION("not wished for") { run.watched.record.watch->hasten = WatchPlan::Hasten::no; }
  SECTION("another process") { --run.watched.record.baseline->processes.front().start_time; }
  SECTION("none was there") { run.watched.record.baseline->processes.clear(); }
  Hastener hastener(run.watched.store, run.watched.record, run.journal);
  hastener.take_hold();
  run.play(hastener);
  CHECK(server.lives());
  CHECK(run.lines().empty());
}

TEST_CASE("without a record that says so nothing is sent", "[hasten]") {
  if (!test::has_proc()) return;
  const test::Sleeper server("kube-apiserver");
  Hastened run(server.id());
  Hastener hastener(run.watched.store, run.watched.record, run.journal);
  hastener.take_hold();
  run.watched.record.summary = {"a path"};
  run.watched.record.files.front().node_path = "/not UTF-8: \xFF";  // it cannot be written
  run.play(hastener);
  CHECK(server.lives());
  CHECK(says(run.lines(), " warning the old API server is left to linger: "));
}

TEST_CASE("what may not be ended is refused, each with its code", "[hasten]") {
  if (!test::has_proc()) return;
  const auto code = [](const host::ProcessId& process) {
    const auto handle = hold_for_hastening(process);
    if (handle) return std::string("held");
    CHECK(handle.error().status == ExitStatus::refused);
    CHECK_FALSE(handle.error().hint.empty());
    return handle.error().code;
  };
  CHECK(code(test::Sleeper("kube-apiserver").id()) == "held");
  CHECK(code(test::Sleeper("haproxy").id()) == "hasten-unseen");
  CHECK(code(test::Sleeper("kube-apiserver", "--audit-webhook-config-file=/w.yaml").id()) == "hasten-batching");
  const host::ProcessId ended = test::Sleeper("kube-apiserver").id();
  CHECK(code(ended) == "hasten-gone");
}

TEST_CASE("where nobody listens there is nothing to hasten", "[hasten]") {
  if (!test::has_proc()) return;
  node::ApiServer server;
  server.secure_port = 1;
  CHECK(check_hasten(server));
}
