#include "kaudit/rollout/history.hpp"

#include "rollout/node.hpp"
#include "rollout/record.hpp"
#include "rollout/run_id.hpp"

using kaudit::rollout::find_run_that_wrote;
using kaudit::rollout::Record;
using kaudit::rollout::Role;
using kaudit::rollout::RunState;
using kaudit::test::k_manifest;
using kaudit::test::k_policy;
using kaudit::test::Node;

TEST_CASE("without a state directory there are no runs", "[history]") {
  const Node node;
  CHECK(node.runs().empty());
  CHECK_FALSE(node.scratch.exists("/var/lib"));
}

TEST_CASE("runs are listed the newest first, with what they did to which file", "[history]") {
  const Node node;
  REQUIRE(node.execute(node.intent("1\n", "policy 1\n")));
  REQUIRE(node.execute(node.intent("2\n", "policy 2\n")));
  const auto runs = node.runs();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].id > runs[1].id);
  CHECK(runs[0].verb == "enable");
  CHECK(runs[0].summary == std::vector<std::string>{"add --audit-policy-file"});
  CHECK(runs[0].started.size() == std::string("2026-01-31T08:15:30Z").size());
  REQUIRE(runs[0].files.size() == 2);
  CHECK(runs[0].files[0].role == Role::manifest);
  CHECK(runs[0].files[0].node_path == k_manifest);
  CHECK(runs[0].files[0].before_sha256 == kaudit::host::sha256("1\n"));
  CHECK(runs[0].files[0].after_sha256 == kaudit::host::sha256("2\n"));
  CHECK(runs[0].files[1].before_copy == runs[0].folder + "/before/prod-audit.yaml");
  CHECK(runs[1].files[1].node_path == k_policy);
  CHECK(runs[1].files[1].before_sha256.empty());
  CHECK(runs[1].files[1].before_copy.empty());
}

TEST_CASE("the way back is the newest written run with that digest", "[history]") {
  const Node node;
  REQUIRE(node.execute(node.intent("1\n", "policy 1\n")));
  REQUIRE(node.execute(node.intent("2\n", "policy 2\n")));
  const auto root = node.scratch.root();
  const auto found = find_run_that_wrote(root, node.state, Role::policy, kaudit::host::sha256("policy 1\n"));
  REQUIRE(found);
  REQUIRE(found->has_value());
  CHECK((*found)->id == node.runs()[1].id);
  const auto none = find_run_that_wrote(root, node.state, Role::policy, kaudit::host::sha256("else"));
  REQUIRE(none);
  CHECK_FALSE(none->has_value());
  const auto role = find_run_that_wrote(root, node.state, Role::webhook_config, kaudit::host::sha256("policy 1\n"));
  REQUIRE(role);
  CHECK_FALSE(role->has_value());
}

TEST_CASE("a record read back is the record written", "[record]") {
  const Node node;
  node.scratch.write(k_policy, "old policy\n", 0644);
  Record record = kaudit::rollout::make_record(node.intent(), "20260131T081530.123Z-5f3c9a", "2026-01-31T08:15:30Z");
  record.files[1].after.metadata.attributes = {{"security.selinux", std::string("a:b\0", 4)}, {"user.x", "\xFF"}};
  record.provisions[0].existed = true;
  record.summary = {"a line that is not UTF-8: \xFF"};
  const auto text = kaudit::rollout::to_json(record);
  REQUIRE(text);
  const auto parsed = kaudit::rollout::from_json(*text);
  REQUIRE(parsed.record);
  const auto again = kaudit::rollout::to_json(*parsed.record);
  REQUIRE(again);
  CHECK(*again == *text);
  CHECK(parsed.record->files[1].after.metadata.attributes == record.files[1].after.metadata.attributes);
  CHECK(parsed.record->files[1].before->metadata.mode == 0644U);
  CHECK(parsed.record->provisions[0].existed);
  CHECK(parsed.record->state == RunState::prepared);
}

TEST_CASE("run ids sort as time does and are told from other names", "[run-id]") {
  const auto moment = kaudit::rollout::now();
  const std::string id = kaudit::rollout::make_run_id(moment);
  CHECK(kaudit::rollout::is_run_id(id));
  CHECK(id.substr(0, 4) == moment.text.substr(0, 4));
  CHECK(id != kaudit::rollout::make_run_id(moment));
  for (const char* name : {"", ".", "lost+found", "20260131T081530.123Z-5f3c9", "20260131T081530.123Z-5F3C9A",
                           "20260131T081530.123Z-5f3c9a0", "2026/131T081530.123Z-5f3c9a"}) {
    CHECK_FALSE(kaudit::rollout::is_run_id(name));
  }
}
