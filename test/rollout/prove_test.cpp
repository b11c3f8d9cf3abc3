#include "rollout/prove.hpp"

#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "host/scratch.hpp"
#include "rollout/journal.hpp"
#include "rollout/store.hpp"

using kaudit::node::Proof;
using kaudit::node::TrailPlan;
using kaudit::rollout::Decision;
using kaudit::rollout::Journal;
using kaudit::rollout::prove_trail;
using kaudit::rollout::read_journal;
using kaudit::rollout::Record;
using kaudit::rollout::Store;
using kaudit::rollout::Verdict;
using kaudit::rollout::WatchPlan;
using kaudit::test::make_certificate;
using kaudit::test::Scratch;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Action = Decision::Action;

namespace {

constexpr const char* k_id = "20260131T081530.123Z-5f3c9a";

/// A run whose server has just been found healthy, and a server that records, or does not.
struct Run {
  Scratch scratch;
  kaudit::host::Root root = scratch.root();
  TestCertificate own = make_certificate("kube-apiserver", "");
  bool records = true;
  TestServer server;
  Record record;
  Verdict verdict;

  Run() : server(TestServer::Options{own, [this](const TestRequest& request) { return respond(request.text); }}) {
    scratch.write("/pki/apiserver.crt", own.certificate);
    scratch.write("/admin.conf",
                  "kind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: u}}]\n"
                  "users: [{name: u, user: {token: t}}]\n");
    scratch.make_directory(std::string("/var/lib/kaudit/runs/") + k_id);
    record.id = k_id;
    WatchPlan plan;
    plan.server.secure_port = server.port();
    plan.server.certificate_files = {"/pki/apiserver.crt"};
    TrailPlan trail;
    trail.method = "GET";
    trail.target = "/version";
    trail.kubeconfig = "/admin.conf";
    trail.log_kind = TrailPlan::Log::file;
    trail.log = "/audit.log";
    trail.log_wait = 0.1;
    plan.trail = trail;
    record.watch = plan;
  }
  std::string respond(const std::string& request) const {
    const std::size_t at = request.find("Audit-ID: ");
    const std::string id = at == std::string::npos ? "" : request.substr(at + 10, 36);
    if (records) std::ofstream(scratch.at("/audit.log"), std::ios::app) << "{\"auditID\":\"" << id << "\"}\n";
    return "HTTP/1.1 200 OK\r\nAudit-Id: " + id + "\r\nContent-Length: 0\r\n\r\n";
  }
  std::vector<std::string> words() {
    const Store store(root, {});
    auto journal = Journal::open(store, k_id);
    REQUIRE(journal);
    prove_trail(root, record, *journal, verdict);
    std::uint64_t offset = 0;
    std::vector<std::string> found;
    for (const std::string& line : read_journal(store, k_id, offset)) {
      const std::size_t begin = line.find(' ') + 1;
      found.push_back(line.substr(begin, line.find(' ', begin) - begin));
    }
    return found;
  }
};

}  // namespace

TEST_CASE("a trail that is there leaves the verdict as it was", "[prove]") {
  Run run;
  CHECK(run.words() == std::vector<std::string>{"proving", "proven"});
  CHECK(run.verdict.action == Action::succeed);
  REQUIRE(run.record.ending.proof);
  CHECK(run.record.ending.proof->verdict == Proof::Verdict::proven);
}

TEST_CASE("a request without an event makes it one to give up, with the reason", "[prove]") {
  Run run;
  run.records = false;
  CHECK(run.words() == std::vector<std::string>{"proving", "missing"});
  CHECK(run.verdict.action == Action::give_up);
  CHECK(run.verdict.reason.find("no event of it") != std::string::npos);
  CHECK(run.record.ending.proof->verdict == Proof::Verdict::missing);
}

TEST_CASE("a request that cannot be made changes nothing", "[prove]") {
  Run run;
  run.records = false;
  std::filesystem::remove(run.scratch.at("/admin.conf"));
  CHECK(run.words() == std::vector<std::string>{"proving", "unproven"});
  CHECK(run.verdict.action == Action::succeed);
  CHECK(run.record.ending.proof->verdict == Proof::Verdict::unproven);
}

TEST_CASE("without a plan for it nothing is asked", "[prove]") {
  Run run;
  run.record.watch->trail.reset();
  CHECK(run.words().empty());
  CHECK_FALSE(run.record.ending.proof);
  run.server.stop();
  CHECK(run.server.connections() == 0);
}
