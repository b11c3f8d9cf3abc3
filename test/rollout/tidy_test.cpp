#include <sys/file.h>
#include <unistd.h>

#include "kaudit/host/atomic_file.hpp"
#include "kaudit/rollout/guardian.hpp"
#include "kaudit/rollout/run.hpp"
#include "rollout/lock.hpp"
#include "rollout/node.hpp"
#include "rollout/record.hpp"
#include "rollout/store.hpp"

using kaudit::rollout::Intent;
using kaudit::rollout::Provision;
using kaudit::rollout::Record;
using kaudit::rollout::RunState;
using kaudit::rollout::Store;
using kaudit::test::k_log;
using kaudit::test::k_manifest;
using kaudit::test::k_policy;
using kaudit::test::k_runs;
using kaudit::test::Names;
using kaudit::test::Node;

namespace {

constexpr const char* k_run_id = "20260131T081530.123Z-5f3c9a";

/// A node on which a run was killed right after its record was on the disk; what it would have done next is up to the
/// test.
struct Killed {
  explicit Killed(Intent planned) : intent(std::move(planned)) {}

  void prepare(const Node& node) const {
    const auto root = node.scratch.root();
    const Record record = kaudit::rollout::make_record(intent, k_run_id, "2026-01-31T08:15:30Z");
    REQUIRE(Store(root, node.state).create(record, intent, {}));
  }

  Intent intent;
};

std::string temporary(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash + 1) + kaudit::host::temporary_name(k_run_id, path.substr(slash + 1));
}

/// A file as the run itself puts it there: by a rename.
void replace_by(const Node& node, const std::string& path, const std::string& bytes, unsigned mode = 0600) {
  node.scratch.write(path + ".new", bytes, mode);
  std::filesystem::rename(node.scratch.at(path + ".new"), node.scratch.at(path));
}

/// Tidies and checks what every end has in common.
std::string tidy(const Node& node, RunState end) {
  const auto unfinished = kaudit::rollout::unfinished_runs(node.scratch.root(), node.state);
  REQUIRE(unfinished);
  CHECK(*unfinished == std::vector<std::string>{k_run_id});
  const auto lines = node.tidy();
  REQUIRE(lines);
  REQUIRE(lines->size() == 1);
  CHECK(lines->front().find(k_run_id) != std::string::npos);
  const auto runs = node.runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].state == end);
  for (const char* path : {k_manifest, k_policy}) CHECK_FALSE(node.scratch.exists(temporary(path)));
  const auto again = node.tidy();
  REQUIRE(again);
  CHECK(again->empty());
  return lines->front();
}

}  // namespace

TEST_CASE("where there is nothing to tidy nothing is written", "[tidy]") {
  const Node node;
  const auto lines = node.tidy();
  REQUIRE(lines);
  CHECK(lines->empty());
  CHECK_FALSE(node.scratch.exists("/var/lib"));
}

TEST_CASE("killed before it changed anything: the run is abandoned, everything is as it was", "[tidy]") {
  const Node node;
  Killed(node.intent()).prepare(node);
  tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_manifest) == "old manifest\n");
  CHECK_FALSE(node.scratch.exists(k_policy));
  CHECK_FALSE(node.scratch.exists(k_log));
}

TEST_CASE("killed while it wrote a temporary: the temporary goes", "[tidy]") {
  const Node node;
  Killed(node.intent()).prepare(node);
  SECTION("of the policy") { node.scratch.write(temporary(k_policy), "new pol"); }
  SECTION("of the manifest") { node.scratch.write(temporary(k_manifest), "new man"); }
  tidy(node, RunState::abandoned);
  CHECK(node.names("/etc/kubernetes/manifests") == Names{"kube-apiserver.yaml"});
  CHECK(node.names("/etc/kubernetes") == Names{"manifests"});
}

TEST_CASE("killed after a new policy and log were made: both go", "[tidy]") {
  const Node node;
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  node.scratch.write(k_log, "");
  node.scratch.write(temporary(k_manifest), "new manifest\n");
  tidy(node, RunState::abandoned);
  CHECK_FALSE(node.scratch.exists(k_policy));
  CHECK_FALSE(node.scratch.exists(k_log));
  CHECK(node.scratch.read(k_manifest) == "old manifest\n");
}

TEST_CASE("killed after a policy was replaced: the old one comes back with its owner and mode", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n", 0644);
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "new policy\n", 0600);
  tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_policy) == "old policy\n");
  CHECK((node.scratch.status(k_policy).st_mode & 07777U) == 0644U);
}

TEST_CASE("killed after a policy was replaced by the same bytes with another mode: the old mode comes back", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "same policy\n", 0644);
  Intent intent = node.intent("new manifest\n", "same policy\n");
  intent.files[0].metadata.mode = 0600;
  Killed(intent).prepare(node);
  replace_by(node, k_policy, "same policy\n", 0600);
  tidy(node, RunState::abandoned);
  CHECK((node.scratch.status(k_policy).st_mode & 07777U) == 0644U);
}

TEST_CASE("killed after the rename: the run is closed and nothing goes back", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  node.scratch.write(k_log, "");
  replace_by(node, k_manifest, "new manifest\n", 0640);
  tidy(node, RunState::written);
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(node.scratch.exists(k_log));
}

TEST_CASE("killed in a run that leaves the manifest as it is: the policy goes back", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent("old manifest\n")).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_policy) == "old policy\n");
}

TEST_CASE("directories the run had made go when they are empty, others never", "[tidy]") {
  const Node node;
  node.scratch.make_directory("/var/log/there");
  Intent intent = node.intent();
  intent.provisions = {{Provision::Kind::directory, "/var/log/there", Node::metadata(0755)},
                       {Provision::Kind::directory, "/var/log/made", Node::metadata(0700)},
                       {Provision::Kind::directory, "/var/log/made/deep", Node::metadata(0700)},
                       {Provision::Kind::directory, "/var/log/used", Node::metadata(0700)}};
  Record record = kaudit::rollout::make_record(intent, k_run_id, "2026-01-31T08:15:30Z");
  record.provisions[0].existed = true;
  REQUIRE(Store(node.scratch.root(), node.state).create(record, intent, {}));
  node.scratch.make_directory("/var/log/made/deep");
  node.scratch.write("/var/log/used/theirs", "x");
  const std::string line = tidy(node, RunState::abandoned);
  CHECK(node.names("/var/log") == Names{"there", "used"});
  CHECK(line.find(node.scratch.at("/var/log/used")) != std::string::npos);
}

TEST_CASE("a log that is not empty any more stays", "[tidy]") {
  const Node node;
  Killed(node.intent()).prepare(node);
  node.scratch.write(k_log, "events\n");
  const std::string line = tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_log) == "events\n");
  CHECK(line.find(node.scratch.at(k_log)) != std::string::npos);
}

TEST_CASE("a policy that somebody edited after the kill is left, and named with the way to the old one", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "their policy\n");
  const std::string line = tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_policy) == "their policy\n");
  CHECK(line.find(std::string(k_run_id) + "/before/prod-audit.yaml") != std::string::npos);
}

TEST_CASE("a policy that somebody put a link or FIFO in place of is left, never followed", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent()).prepare(node);
  REQUIRE(::unlink(node.scratch.at(k_policy).c_str()) == 0);
  node.scratch.write("/victim", "untouched");
  SECTION("link") { node.scratch.link("/victim", k_policy); }
  SECTION("FIFO") { node.scratch.fifo(k_policy); }
  tidy(node, RunState::abandoned);
  CHECK(node.scratch.read("/victim") == "untouched");
}

TEST_CASE("a manifest that somebody else changed: nothing is put back, for nobody knows what it names", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  replace_by(node, k_manifest, "their manifest\n");
  const std::string line = tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_manifest) == "their manifest\n");
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(line.find(node.scratch.at(k_manifest)) != std::string::npos);
}

TEST_CASE("with the manifest's temporary still there the rename cannot have happened: the policy goes back", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  node.scratch.write(temporary(k_manifest), "new manifest\n");
  replace_by(node, k_manifest, "their manifest\n");
  tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_manifest) == "their manifest\n");
  CHECK(node.scratch.read(k_policy) == "old policy\n");
}

TEST_CASE("a folder whose record was never completed is removed", "[tidy]") {
  const Node node;
  Killed(node.intent()).prepare(node);
  const std::string record = std::string(k_runs) + "/" + k_run_id + "/record.json";
  const std::string text = node.scratch.read(record);
  SECTION("no record") { REQUIRE(::unlink(node.scratch.at(record).c_str()) == 0); }
  SECTION("an empty one") { node.scratch.write(record, ""); }
  SECTION("half a one") { node.scratch.write(record, text.substr(0, text.size() / 2)); }
  SECTION("all but its last byte") { node.scratch.write(record, text.substr(0, text.size() - 1)); }
  const auto lines = node.tidy();
  REQUIRE(lines);
  CHECK(lines->size() == 1);
  CHECK(node.names(k_runs).empty());
}

TEST_CASE("a damaged or newer record is never removed, nor acted upon", "[tidy]") {
  const Node node;
  Killed(node.intent()).prepare(node);
  const std::string record = std::string(k_runs) + "/" + k_run_id + "/record.json";
  std::string text = node.scratch.read(record);
  SECTION("a state that is none") { text.replace(text.find("prepared"), 8, "prepored"); }
  SECTION("not JSON") { text.replace(text.find(':'), 1, ";"); }
  SECTION("a newer format") { text.replace(text.find(": 1,"), 4, ": 2,"); }
  SECTION("a copy outside the folder") {
    const std::string copy = "after/kube-apiserver.yaml";
    text.replace(text.find(copy), copy.size(), "../../../etc/some.yaml");
  }
  node.scratch.write(record, text);
  replace_by(node, k_policy, "new policy\n");
  const auto lines = node.tidy();
  REQUIRE(lines);
  CHECK(lines->empty());
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(node.names(k_runs) == Names{k_run_id});
}

TEST_CASE("an old file that cannot be put back leaves the run unfinished, and says so", "[tidy]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  Killed(node.intent()).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  const std::string copy = std::string(k_runs) + "/" + k_run_id + "/before/prod-audit.yaml";
  node.scratch.write(copy, "rotten\n");
  const auto failed = node.tidy();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "unfinished-run");
  CHECK(failed.error().status == kaudit::ExitStatus::host_refused);
  REQUIRE(failed.error().also.size() == 1);
  CHECK(failed.error().also[0].find(node.scratch.at(copy)) != std::string::npos);
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  node.scratch.write(copy, "old policy\n");
  tidy(node, RunState::abandoned);
  CHECK(node.scratch.read(k_policy) == "old policy\n");
}

TEST_CASE("execute tidies first, and tells", "[tidy][execute]") {
  const Node node;
  const Intent intent = node.intent();
  Killed(intent).prepare(node);
  replace_by(node, k_policy, "new policy\n");
  const auto outcome = node.execute(intent);
  REQUIRE(outcome);
  REQUIRE(outcome->warnings.size() == 1);
  CHECK(outcome->warnings[0].code == "unfinished-run");
  CHECK(outcome->warnings[0].message.find(k_run_id) != std::string::npos);
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(node.runs().size() == 2);
}

TEST_CASE("a run that another process is working on is not unfinished, and not tidied", "[tidy][lock]") {
  const Node node;
  const auto root = node.scratch.root();
  std::vector<std::string> made;
  const auto lock = kaudit::rollout::Lock::take(root, node.state, k_run_id, made);
  REQUIRE(lock);
  Killed(node.intent()).prepare(node);
  const auto unfinished = kaudit::rollout::unfinished_runs(root, node.state);
  REQUIRE(unfinished);
  CHECK(unfinished->empty());
  const auto tidied = node.tidy();
  REQUIRE_FALSE(tidied);
  CHECK(tidied.error().code == "locked");
}

TEST_CASE("a guardian at work is named, and one that is not does not count", "[guardian]") {
  const Node node;
  const auto root = node.scratch.root();
  Killed killed(node.intent());
  killed.intent.watch = kaudit::rollout::WatchPlan{};
  killed.prepare(node);
  const Store store(root, node.state);
  CHECK(kaudit::rollout::check_no_guardian(root, node.state));

  Record begun = kaudit::rollout::make_record(killed.intent, k_run_id, "2026-01-31T08:15:30Z");
  begun.baseline.emplace();
  begun.state = RunState::watching;
  REQUIRE(store.update(begun));
  std::vector<std::string> made;
  {
    const auto other = kaudit::rollout::Lock::take(root, node.state, "-", made);
    REQUIRE(other);
    CHECK(kaudit::rollout::check_no_guardian(root, node.state));
  }
  const auto own = kaudit::rollout::Lock::take(root, node.state, k_run_id, made);
  REQUIRE(own);
  const auto refused = kaudit::rollout::check_no_guardian(root, node.state);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "locked");
  CHECK(refused.error().message ==
        "another kaudit is at work: process " + std::to_string(::getpid()) + ", run " + std::string(k_run_id));
}
