#include "rollout/watched.hpp"

using kaudit::rollout::from_json;
using kaudit::rollout::Record;
using kaudit::rollout::RunState;
using kaudit::rollout::WatchPlan;
using kaudit::test::Node;
using Lines = std::vector<std::string>;

namespace {

Record watched_record(const Node& node) {
  auto intent = node.intent();
  intent.watch = kaudit::test::watch_plan();
  intent.removals = {{"/etc/kubernetes/gone.yaml", "12ab"}, {"/var/log/gone.log", ""}};
  Record record = kaudit::rollout::make_record(intent, kaudit::test::k_watched_id, "2026-01-31T08:15:30Z");
  record.baseline = kaudit::test::baseline();
  record.baseline->signal = kaudit::rollout::Baseline::Signal::sent;
  record.state = RunState::restored;
  record.finished = "2026-01-31T08:16:30Z";
  record.ending = {41.5, "it ended twice", {"Error: unknown flag", "not UTF-8: \xFF"}, {"with the old files: \xFF"}};
  return record;
}

Record again(const Record& record) {
  const auto text = kaudit::rollout::to_json(record);
  REQUIRE(text);
  auto parsed = from_json(*text);
  REQUIRE(parsed.record);
  const auto second = kaudit::rollout::to_json(*parsed.record);
  REQUIRE(second);
  CHECK(*second == *text);
  return *std::move(parsed.record);
}

std::string without(std::string text, const std::string& key) {
  const std::size_t begin = text.find("  \"" + key + "\"");
  REQUIRE(begin != std::string::npos);
  const std::size_t end = text.find("\n  \"", begin);
  REQUIRE(end != std::string::npos);
  return text.erase(begin, end + 1 - begin);
}

}  // namespace

TEST_CASE("what a guardian needs is read back from the record", "[record]") {
  const Record record = watched_record(Node());
  const Record read = again(record);
  REQUIRE(read.watch);
  const auto& server = read.watch->server;
  CHECK(server.pod_namespace == "kube-system");
  CHECK(server.pod_name == "kube-apiserver");
  CHECK(server.bind_address == "192.0.2.10");
  CHECK(server.certificate_files == Lines{"/etc/kubernetes/pki/apiserver.crt"});
  CHECK(server.client_certificate_file == "/etc/kubernetes/pki/client.crt");
  CHECK(server.client_key_file == "/etc/kubernetes/pki/client.key");
  CHECK(read.watch->audit_flags_before == record.watch->audit_flags_before);
  CHECK(read.watch->audit_flags_after == record.watch->audit_flags_after);
  CHECK(read.watch->pod_log_directory == "/data/pods");
  CHECK(read.watch->times.timeout == 120);
  CHECK(read.watch->times.settle == 25.5);
  CHECK(read.watch->restart == WatchPlan::Restart::none);
  CHECK(read.watch->hasten == WatchPlan::Hasten::yes);
}

TEST_CASE("every role is read back from the record", "[record]") {
  using kaudit::rollout::Role;
  const Node node;
  auto intent = node.intent();
  const std::vector<Role> roles = {Role::policy, Role::webhook_config, Role::webhook_file, Role::drop_in};
  intent.files.clear();
  for (const Role role : roles) {
    intent.files.push_back({role, "/etc/" + std::string(to_string(role)), std::nullopt, "x", {}});
  }
  const Record read = again(kaudit::rollout::make_record(intent, kaudit::test::k_watched_id, "2026-01-31T08:15:30Z"));
  REQUIRE(read.files.size() == roles.size() + 1);
  for (std::size_t i = 0; i < roles.size(); ++i) CHECK(read.files[i + 1].role == roles[i]);
}

TEST_CASE("and so is what was there before it wrote, and how it ended", "[record]") {
  const Record read = again(watched_record(Node()));
  REQUIRE(read.baseline);
  CHECK(read.baseline->boot_id == "6f2d7e5e-boot");
  CHECK(read.baseline->began == 1234.5);
  REQUIRE(read.baseline->processes.size() == 2);
  CHECK(read.baseline->processes[1].pid == 18);
  CHECK(read.baseline->processes[1].start_time == 100);
  CHECK(read.baseline->attempts == Lines{"uid/0", "uid/1"});
  CHECK(read.baseline->kubelet_log.file == "/var/log/kubelet");
  CHECK(read.baseline->kubelet_log.offset == 42);
  CHECK(read.baseline->kubelet_log.since == "@1.5");
  CHECK(read.baseline->signal == kaudit::rollout::Baseline::Signal::sent);
  CHECK(read.state == RunState::restored);
  CHECK(read.ending.seconds == 41.5);
  CHECK(read.ending.reason == "it ended twice");
  CHECK(read.ending.log_tail == Lines{"Error: unknown flag", "not UTF-8: \xEF\xBF\xBD"});
  CHECK(read.ending.errors == Lines{"with the old files: \xEF\xBF\xBD"});
  REQUIRE(read.removals.size() == 2);
  CHECK(read.removals[0].sha256 == "12ab");
  CHECK(read.removals[1].node_path == "/var/log/gone.log");
  CHECK(read.removals[1].sha256.empty());
}

TEST_CASE("what proves a trail, and what came of it, is read back; a record of before has neither", "[record]") {
  Record record = watched_record(Node());
  CHECK_FALSE(again(record).watch->trail);
  CHECK_FALSE(again(record).ending.proof);
  kaudit::node::TrailPlan trail;
  trail.method = "DELETE";
  trail.target = "/api/v1/namespaces/x/secrets/x?dryRun=All";
  trail.kubeconfig = "/etc/kubernetes/admin.conf";
  trail.log_kind = kaudit::node::TrailPlan::Log::file;
  trail.log_wait = 12.5;
  record.watch->trail = trail;
  kaudit::node::Proof proof;
  proof.verdict = kaudit::node::Proof::Verdict::missing;
  proof.reason = "not UTF-8: \xFF";
  proof.seconds = 0.25;
  record.ending.proof = proof;
  const Record read = again(record);
  REQUIRE(read.watch->trail);
  CHECK(kaudit::node::fields_of(*read.watch->trail) == kaudit::node::fields_of(trail));
  REQUIRE(read.ending.proof);
  CHECK(read.ending.proof->verdict == proof.verdict);
  CHECK(read.ending.proof->reason == "not UTF-8: \xEF\xBF\xBD");
  CHECK(read.ending.proof->seconds == 0.25);

  std::string old = *kaudit::rollout::to_json(watched_record(Node()));
  for (const char* key : {",\n    \"trail\": null", ",\n    \"proof\": null"}) {
    const std::size_t at = old.find(key);
    REQUIRE(at != std::string::npos);
    old.erase(at, std::string(key).size());
  }
  const auto parsed = from_json(old);
  REQUIRE(parsed.record);
  CHECK_FALSE(parsed.record->watch->trail);
  CHECK_FALSE(parsed.record->ending.proof);
}

TEST_CASE("the record of a program that watched nothing has none of it, and is read", "[record]") {
  const auto text = kaudit::rollout::to_json(watched_record(Node()));
  REQUIRE(text);
  std::string old = *text;
  for (const char* key : {"watch", "baseline", "removals"}) old = without(old, key);
  const auto parsed = from_json(old);
  REQUIRE(parsed.record);
  CHECK_FALSE(parsed.record->watch);
  CHECK_FALSE(parsed.record->baseline);
  CHECK(parsed.record->removals.empty());
}

TEST_CASE("the record of a program that hastened nothing is read as one that does not", "[record]") {
  const auto text = kaudit::rollout::to_json(watched_record(Node()));
  REQUIRE(text);
  std::string old = *text;
  for (const char* key : {"\"hasten\"", "\"hastened\""})
    old.replace(old.find(key), std::string(key).size(), "\"other\"");
  const auto parsed = from_json(old);
  REQUIRE(parsed.record);
  CHECK(parsed.record->watch->hasten == WatchPlan::Hasten::no);
  CHECK(parsed.record->baseline->signal == kaudit::rollout::Baseline::Signal::not_sent);
}

TEST_CASE("a watch that lacks something is a damaged record", "[record]") {
  const auto text = kaudit::rollout::to_json(watched_record(Node()));
  REQUIRE(text);
  for (const char* key : {"\"port\"", "\"timeout\"", "\"restart\"", "\"boot_id\"", "\"containers\"", "\"log_tail\""}) {
    std::string broken = *text;
    broken.replace(broken.find(key), std::string(key).size(), "\"other\"");
    INFO(key);
    const auto parsed = from_json(broken);
    CHECK_FALSE(parsed.record);
    CHECK(parsed.unreadable.kind == kaudit::rollout::Unreadable::Kind::damaged);
  }
}
