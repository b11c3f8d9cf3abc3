#include "kaudit/rollout/guardian.hpp"
#include "rollout/journal.hpp"
#include "rollout/lock.hpp"
#include "rollout/watched.hpp"

using kaudit::rollout::Journal;
using kaudit::rollout::Lock;
using kaudit::rollout::read_journal;
using kaudit::rollout::RunState;
using kaudit::rollout::Store;
using kaudit::test::k_log;
using kaudit::test::k_manifest;
using kaudit::test::k_policy;
using kaudit::test::k_watched_id;
using kaudit::test::Node;
using kaudit::test::Watched;
using Lines = std::vector<std::string>;

namespace {

Lines orphans_of(const Node& node) {
  auto ids = kaudit::rollout::orphaned_runs(node.scratch.root(), node.state);
  REQUIRE(ids);
  return std::move(ids).value();
}

}  // namespace

TEST_CASE("a run that a guardian has begun with is only a guardian's to finish", "[unfinished]") {
  const Node node;
  const RunState state = GENERATE(RunState::prepared, RunState::watching, RunState::restoring);
  const Watched run(node, node.intent(), state);
  run.write_everything();
  const auto unfinished = kaudit::rollout::unfinished_runs(run.root, node.state);
  REQUIRE(unfinished);
  CHECK(unfinished->empty());
  const auto tidied = node.tidy();
  REQUIRE(tidied);
  CHECK(tidied->empty());
  CHECK(orphans_of(node) == Lines{k_watched_id});
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(node.runs().at(0).state == state);
}

TEST_CASE("another run does not begin while one is to be finished", "[unfinished]") {
  const Node node;
  const RunState state = GENERATE(RunState::prepared, RunState::watching, RunState::restoring);
  const Watched run(node, node.intent(), state);
  run.write_everything();
  const auto refused = node.execute(node.intent("newer manifest\n"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "unfinished-run");
  CHECK(refused.error().status == kaudit::ExitStatus::host_refused);
  CHECK(refused.error().message.find(k_watched_id) != std::string::npos);
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
  CHECK(node.runs().size() == 1);
}

TEST_CASE("a watched run that is over, or that no guardian has begun with, is no orphan", "[unfinished]") {
  const Node node;
  SECTION("healthy") { const Watched run(node, node.intent(), RunState::healthy); }
  SECTION("restored") { const Watched run(node, node.intent(), RunState::restored); }
  SECTION("failed") { const Watched run(node, node.intent(), RunState::failed); }
  SECTION("no baseline") {
    Watched run(node, node.intent(), RunState::prepared);
    run.record.baseline.reset();
    REQUIRE(run.store.update(run.record));
    const auto tidied = node.tidy();
    REQUIRE(tidied);
    CHECK(tidied->size() == 1);
    CHECK(node.runs().at(0).state == RunState::abandoned);
  }
  CHECK(orphans_of(node).empty());
}

TEST_CASE("a run whose guardian is at work is no orphan", "[unfinished][lock]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::watching);
  Lines made;
  const auto lock = Lock::take(run.root, node.state, k_watched_id, made);
  REQUIRE(lock);
  CHECK(orphans_of(node).empty());
}

TEST_CASE("a journal is read line by line, and only lines that are whole", "[journal]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::watching);
  std::uint64_t offset = 0;
  CHECK(read_journal(run.store, k_watched_id, offset).empty());
  const auto journal = Journal::open(run.store, k_watched_id);
  REQUIRE(journal);
  journal->write("starting", "the old API server is gone");
  Lines lines = read_journal(run.store, k_watched_id, offset);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].substr(std::string("2026-01-31T08:15:30Z").size()) == " starting the old API server is gone");
  CHECK(read_journal(run.store, k_watched_id, offset).empty());

  const std::string path = Watched::folder() + "/journal";
  const std::string before = node.scratch.read(path);
  node.scratch.write(path, before + "T word half a li");
  CHECK(read_journal(run.store, k_watched_id, offset).empty());
  node.scratch.write(path, before + "T word half a line\nT word an");
  CHECK(read_journal(run.store, k_watched_id, offset) == Lines{"T word half a line"});
}

TEST_CASE("what a terminal may take for a command does not get into the journal", "[journal]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::watching);
  const auto journal = Journal::open(run.store, k_watched_id);
  REQUIRE(journal);
  journal->write("restoring", "it said: \x1b[2J\nT healthy done\r\x7f");
  std::uint64_t offset = 0;
  const Lines lines = read_journal(run.store, k_watched_id, offset);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find(" restoring it said: ?[2J?T healthy done??") != std::string::npos);
}

TEST_CASE("a link in the journal's place is not followed", "[journal]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::watching);
  node.scratch.write("/victim", "untouched");
  node.scratch.link(node.scratch.at("/victim"), Watched::folder() + "/journal");
  CHECK_FALSE(Journal::open(run.store, k_watched_id));
  std::uint64_t offset = 0;
  CHECK(read_journal(run.store, k_watched_id, offset).empty());
  CHECK(node.scratch.read("/victim") == "untouched");
}
