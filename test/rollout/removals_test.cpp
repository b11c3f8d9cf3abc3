#include <unistd.h>

#include "support/catch.hpp"

#include "rollout/node.hpp"

using kaudit::rollout::Role;
using kaudit::test::k_log;
using kaudit::test::k_manifest;
using kaudit::test::k_policy;
using kaudit::test::k_runs;
using kaudit::test::Names;
using kaudit::test::Node;

namespace {

/// A node that has policy and log, and the run that takes them away.
struct Purge {
  Purge() {
    node.scratch.write(k_policy, "policy\n", 0600);
    node.scratch.write(k_log, "events\n", 0600);
    intent.verb = "disable";
    intent.program_version = "1.2.3";
    intent.manifest = node.file(Role::manifest, k_manifest, "new manifest\n");
    intent.files.push_back(node.file(Role::policy, k_policy, "policy\n"));
    intent.removals = {{k_policy, kaudit::host::sha256("policy\n")}, {k_log, ""}};
  }

  Node node;
  kaudit::rollout::Intent intent;
};

}  // namespace

TEST_CASE("what a run removes goes after its rename, and is recorded", "[removals]") {
  const Purge purge;
  const Node& node = purge.node;
  const auto outcome = node.execute(purge.intent);
  REQUIRE(outcome);
  CHECK(outcome->warnings.empty());
  CHECK(outcome->removed == Names{node.scratch.at(k_policy), node.scratch.at(k_log)});
  CHECK(node.scratch.read(k_manifest) == "new manifest\n");
  CHECK_FALSE(node.scratch.exists(k_policy));
  CHECK_FALSE(node.scratch.exists(k_log));
  const std::string folder = std::string(k_runs) + "/" + outcome->run_id;
  CHECK(node.scratch.read(folder + "/before/prod-audit.yaml") == "policy\n");
  const std::string record = node.scratch.read(folder + "/record.json");
  CHECK(record.find("\"removals\"") != std::string::npos);
  CHECK(record.find(k_log) != std::string::npos);
  REQUIRE(node.runs().size() == 1);
}

TEST_CASE("a run that only removes leaves the manifest's file alone", "[removals]") {
  Purge purge;
  purge.intent.manifest = purge.node.file(Role::manifest, k_manifest, "old manifest\n");
  const auto inode = purge.node.scratch.status(k_manifest).st_ino;
  REQUIRE(purge.node.execute(purge.intent));
  CHECK(purge.node.scratch.status(k_manifest).st_ino == inode);
  CHECK_FALSE(purge.node.scratch.exists(k_log));
}

TEST_CASE("what is not what the plan saw stays, with a warning", "[removals]") {
  Purge purge;
  purge.intent.removals.front().sha256 = kaudit::host::sha256("another policy\n");
  REQUIRE(::link(purge.node.scratch.at(k_log).c_str(), purge.node.scratch.at("/var/log/second").c_str()) == 0);
  const auto outcome = purge.node.execute(purge.intent);
  REQUIRE(outcome);
  CHECK(outcome->removed.empty());
  REQUIRE(outcome->warnings.size() == 2);
  CHECK(outcome->warnings[0].code == "not-removed");
  CHECK(purge.node.scratch.read(k_policy) == "policy\n");
  CHECK(purge.node.scratch.read(k_log) == "events\n");
}

TEST_CASE("a link in the place of a log is not removed", "[removals]") {
  Purge purge;
  REQUIRE(::unlink(purge.node.scratch.at(k_log).c_str()) == 0);
  REQUIRE(::symlink("/etc/passwd", purge.node.scratch.at(k_log).c_str()) == 0);
  const auto outcome = purge.node.execute(purge.intent);
  REQUIRE(outcome);
  CHECK(outcome->removed == Names{purge.node.scratch.at(k_policy)});
  CHECK(outcome->warnings.size() == 1);
  CHECK(purge.node.names("/var/log") == Names{"prod-secrets.log"});
}

TEST_CASE("a run that fails before its rename removes nothing", "[removals]") {
  Purge purge;
  purge.node.scratch.write(k_manifest, "somebody else's\n", 0640);
  REQUIRE_FALSE(purge.node.execute(purge.intent));
  CHECK(purge.node.scratch.exists(k_policy));
  CHECK(purge.node.scratch.exists(k_log));
}
