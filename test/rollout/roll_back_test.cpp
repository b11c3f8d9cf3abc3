#include "rollout/put_back.hpp"
#include "rollout/watched.hpp"

using kaudit::rollout::roll_back;
using kaudit::rollout::RolledBack;
using kaudit::rollout::RunState;
using kaudit::test::k_log;
using kaudit::test::k_manifest;
using kaudit::test::k_policy;
using kaudit::test::Names;
using kaudit::test::Node;
using kaudit::test::Watched;

namespace {

using ManifestFate = RolledBack::Manifest;

RolledBack roll_back_of(const Watched& run) { return roll_back(run.root, run.store, run.record); }

void put(const Node& node, const std::string& path, const std::string& bytes) {
  node.scratch.write(path + ".new", bytes);
  std::filesystem::rename(node.scratch.at(path + ".new"), node.scratch.at(path));
}

}  // namespace

TEST_CASE("everything goes back: the manifest with its mode, a replaced policy, an empty log", "[roll-back]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n", 0644);
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  const RolledBack end = roll_back_of(run);
  CHECK(end.manifest == ManifestFate::back);
  CHECK(end.remarks.empty());
  CHECK(end.failures.empty());
  CHECK(node.scratch.read(k_manifest) == "old manifest\n");
  CHECK((node.scratch.status(k_manifest).st_mode & 07777U) == 0640U);
  CHECK(node.scratch.read(k_policy) == "old policy\n");
  CHECK((node.scratch.status(k_policy).st_mode & 07777U) == 0644U);
  CHECK_FALSE(node.scratch.exists(k_log));
  CHECK(node.names("/etc/kubernetes/manifests") == Names{"kube-apiserver.yaml"});
  CHECK(node.names("/etc/kubernetes") == Names{"manifests", "prod-audit.yaml"});
}

TEST_CASE("called twice, or after a kill in between, it comes to the same end", "[roll-back]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  SECTION("after all of it") { CHECK(roll_back_of(run).manifest == ManifestFate::back); }
  SECTION("after the manifest") { put(node, k_manifest, "old manifest\n"); }
  SECTION("with a temporary left") {
    node.scratch.write("/etc/kubernetes/manifests/.kaudit-" + run.record.id + "-kube-apiserver.yaml", "old m");
  }
  const RolledBack end = roll_back_of(run);
  CHECK(end.manifest == ManifestFate::back);
  CHECK(end.failures.empty());
  CHECK(node.scratch.read(k_manifest) == "old manifest\n");
  CHECK_FALSE(node.scratch.exists(k_policy));
  CHECK_FALSE(node.scratch.exists(k_log));
  CHECK(node.names("/etc/kubernetes/manifests") == Names{"kube-apiserver.yaml"});
}

TEST_CASE("a log that holds events stays, and is named", "[roll-back]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  node.scratch.write(k_log, "an event\n");
  const RolledBack end = roll_back_of(run);
  CHECK(end.manifest == ManifestFate::back);
  REQUIRE(end.remarks.size() == 1);
  CHECK(end.remarks[0].find(node.scratch.at(k_log)) == 0);
  CHECK(node.scratch.read(k_log) == "an event\n");
}

TEST_CASE("where somebody else wrote the manifest nothing is touched", "[roll-back]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  put(node, k_manifest, "their manifest\n");
  CHECK(roll_back_of(run).manifest == ManifestFate::foreign);
  CHECK(node.scratch.read(k_manifest) == "their manifest\n");
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(node.scratch.exists(k_log));
}

TEST_CASE("a policy that somebody edited stays theirs, and the manifest goes back all the same", "[roll-back]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  put(node, k_policy, "their policy\n");
  const RolledBack end = roll_back_of(run);
  CHECK(end.manifest == ManifestFate::back);
  REQUIRE(end.remarks.size() == 1);
  CHECK(end.remarks[0].find("/before/prod-audit.yaml") != std::string::npos);
  CHECK(node.scratch.read(k_policy) == "their policy\n");
}

TEST_CASE("a manifest whose stored bytes are damaged stays, with the reason; so does what it names", "[roll-back]") {
  const Node node;
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  node.scratch.write(Watched::folder() + "/before/kube-apiserver.yaml", "rotten\n");
  const RolledBack end = roll_back_of(run);
  CHECK(end.manifest == ManifestFate::stuck);
  REQUIRE(end.failures.size() == 1);
  CHECK(end.failures[0].find("before/kube-apiserver.yaml") != std::string::npos);
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
  CHECK(node.scratch.read(k_policy) == "new policy\n");
  CHECK(node.scratch.exists(k_log));
}

TEST_CASE("a replaced policy is back before the manifest is", "[roll-back]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n");
  const Watched run(node, node.intent(), RunState::restoring);
  run.write_everything();
  // What stops the manifest tells in which order they went.
  node.scratch.write(Watched::folder() + "/before/kube-apiserver.yaml", "rotten\n");
  CHECK(roll_back_of(run).manifest == ManifestFate::stuck);
  CHECK(node.scratch.read(k_policy) == "old policy\n");
}
