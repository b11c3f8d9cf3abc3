#include "kaudit/node/trail.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "support/catch.hpp"
#include "support/test_server.hpp"

#include "host/scratch.hpp"

using kaudit::node::ApiServer;
using kaudit::node::fields_of;
using kaudit::node::Proof;
using kaudit::node::proof_in;
using kaudit::node::prove;
using kaudit::node::trail_plan_in;
using kaudit::node::TrailPlan;
using kaudit::test::free_port;
using kaudit::test::http_answer;
using kaudit::test::make_certificate;
using kaudit::test::Scratch;
using kaudit::test::TestCertificate;
using kaudit::test::TestRequest;
using kaudit::test::TestServer;
using Certainty = TrailPlan::Certainty;
using Log = TrailPlan::Log;
using Verdict = Proof::Verdict;

namespace {

constexpr const char* k_trail = "/var/log/audit/audit.log";
constexpr const char* k_pods = "/var/log/pods";
constexpr const char* k_container =
    "/var/log/pods/kube-system_kube-apiserver-n1_0123456789abcdef0123456789abcdef/kube-apiserver";

std::string header_of(const TestRequest& request, const std::string& name) {
  const std::size_t at = request.text.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return request.text.substr(begin, request.text.find("\r\n", begin) - begin);
}

std::string answer_with_id(int status, const std::string& id) {
  std::string answer = http_answer(status, "{}");
  return answer.insert(answer.find("\r\n") + 2, "Audit-Id: " + id + "\r\n");
}

std::string json_event(const std::string& id) {
  return R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":")" + id +
         R"(","stage":"ResponseComplete"})";
}

/// A node with a server that does, for each request but one for /metrics, what a test says with its audit ID.
struct TrailNode {
  Scratch scratch;
  TestCertificate own = make_certificate("kube-apiserver", "");
  std::string metrics;
  int status = 404;
  std::function<void(const std::string& id)> happen = [](const std::string&) {};
  std::function<void()> measure = [] {};
  std::string echo = "same";
  TestServer server;
  ApiServer at;
  TrailPlan plan;

  TrailNode() : server(TestServer::Options{own, [this](const TestRequest& request) { return respond(request); }}) {
    scratch.write("/etc/kubernetes/pki/apiserver.crt", own.certificate);
    scratch.write("/etc/kubernetes/admin.conf",
                  "kind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: u}}]\n"
                  "users: [{name: u, user: {token: s3cret}}]\n");
    scratch.write(k_trail, json_event("earlier") + "\n");
    at.pod_namespace = "kube-system";
    at.pod_name = "kube-apiserver";
    at.container = "kube-apiserver";
    at.secure_port = server.port();
    at.certificate_files = {"/etc/kubernetes/pki/apiserver.crt"};
    plan.method = "GET";
    plan.target = "/api/v1/namespaces/x/secrets/x";
    plan.kubeconfig = "/etc/kubernetes/admin.conf";
    plan.rule = "/etc/kubernetes/audit.yaml:4";
    plan.log_kind = Log::file;
    plan.log = k_trail;
    plan.log_wait = 0.3;
    plan.pod_log_directory = k_pods;
  }

  std::string respond(const TestRequest& request) {
    if (request.text.starts_with("GET /metrics ")) {
      measure();
      return metrics.empty() ? http_answer(403, "{}") : http_answer(200, metrics);
    }
    const std::string id = header_of(request, "Audit-ID");
    happen(id);
    return answer_with_id(status, echo == "same" ? id : echo);
  }
  void append(const std::string& path, const std::string& text) const {
    std::ofstream(scratch.at(path), std::ios::app | std::ios::binary) << text;
  }
  void rename(const std::string& from, const std::string& to) const {
    std::filesystem::rename(scratch.at(from), scratch.at(to));
  }
  Proof proof() const { return prove(scratch.root(), at, plan); }
};

}  // namespace

TEST_CASE("A trail is proven by the very event of the request") {
  TrailNode node;
  node.happen = [&](const std::string& id) { node.append(k_trail, json_event(id) + "\n"); };
  const Proof proof = node.proof();
  CHECK(proof.verdict == Verdict::proven);
  CHECK(proof.reason.empty());
  CHECK(proof.status == 404);
  CHECK(proof.request == "GET /api/v1/namespaces/x/secrets/x");
  CHECK(proof.rule == "/etc/kubernetes/audit.yaml:4");
  CHECK(proof.file == node.scratch.at(k_trail));
  CHECK(proof.audit_id.size() == 36);
  CHECK(proof.audit_id[14] == '4');
  REQUIRE(proof.seconds);
  CHECK(*proof.seconds < 10);
  node.server.stop();
  const auto requests = node.server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(header_of(requests[1], "Audit-ID") == proof.audit_id);
  CHECK(header_of(requests[1], "Authorization") == "Bearer s3cret");
}

TEST_CASE("The legacy format has the audit ID, too") {
  TrailNode node;
  node.happen = [&](const std::string& id) {
    node.append(k_trail, "2026-01-31T08:15:30.1Z AUDIT: id=\"" + id + "\" stage=\"ResponseComplete\" ip=\"::1\"\n");
  };
  CHECK(node.proof().verdict == Verdict::proven);
}

TEST_CASE("An event that comes late is waited for, and half a line is none") {
  TrailNode node;
  node.plan.log_wait = 20;
  std::string half;
  node.happen = [&](const std::string& id) {
    node.append(k_trail, json_event(id));
    half = id;
  };
  SECTION("the line is never ended") {
    node.plan.log_wait = 0.2;
    CHECK(node.proof().verdict == Verdict::missing);
  }
  SECTION("a log that is not there yet") {
    std::filesystem::remove(node.scratch.at(k_trail));
    node.happen = [&](const std::string& id) { node.scratch.write(k_trail, json_event(id) + "\n"); };
    CHECK(node.proof().verdict == Verdict::proven);
  }
}

TEST_CASE("A request that was answered and left no event is a failure, with what the server counts and says") {
  TrailNode node;
  node.metrics = "apiserver_audit_error_total{plugin=\"log\"} 1\n";
  node.happen = [&](const std::string& id) {
    node.append(k_trail, json_event("other-" + id) + "\n");
    node.metrics = "apiserver_audit_error_total{plugin=\"log\"} 2\n";
  };
  node.scratch.write(std::string(k_container) + "/3.log",
                     "2026-01-31T08:15:30Z stderr F E0131 08:15:30.1 1 metrics.go:110] \"Error in audit plugin\" "
                     "err=\"can't rename log file\" plugin=\"log\"\n");
  const Proof proof = node.proof();
  CHECK(proof.verdict == Verdict::missing);
  CHECK(proof.reason.find(proof.audit_id) != std::string::npos);
  CHECK(proof.reason.find(node.scratch.at(k_trail)) != std::string::npos);
  CHECK(proof.reason.find("within 0.3 s") != std::string::npos);
  CHECK(proof.reason.find("apiserver_audit_error_total") != std::string::npos);
  CHECK(proof.reason.find("can't rename log file") != std::string::npos);
  CHECK_FALSE(proof.seconds);
  node.plan.certainty = Certainty::depends_on_user;
  CHECK(node.proof().verdict == Verdict::unproven);
}

TEST_CASE("A request that could not be made proves nothing") {
  TrailNode node;
  SECTION("nobody listens") {
    node.at.secure_port = free_port();
    CHECK(node.proof().reason.find("did not answer") != std::string::npos);
  }
  SECTION("the user is not taken") {
    node.status = 401;
    CHECK(node.proof().reason.find("401") != std::string::npos);
  }
  SECTION("another server answers") {
    node.scratch.write("/etc/kubernetes/pki/apiserver.crt", make_certificate("other", "").certificate);
    CHECK(node.proof().verdict == Verdict::unproven);
    node.server.stop();
    CHECK(node.server.requests().empty());
  }
  SECTION("the answer has another audit ID") {
    node.echo = "somebody-elses";
    CHECK(node.proof().reason.find("Audit-ID") != std::string::npos);
  }
  SECTION("no kubeconfig") {
    node.plan.kubeconfig = "/etc/kubernetes/gone.conf";
    const Proof proof = node.proof();
    CHECK(proof.reason.find("gone.conf") != std::string::npos);
    CHECK(proof.audit_id.empty());
  }
  CHECK(node.proof().verdict == Verdict::unproven);
}

TEST_CASE("A server of before that does not answer with the audit ID is known by its certificate") {
  TrailNode node;
  node.echo = "";
  CHECK(node.proof().verdict == Verdict::missing);
  node.happen = [&](const std::string& id) { node.append(k_trail, json_event(id) + "\n"); };
  CHECK(node.proof().verdict == Verdict::proven);
  node.scratch.write(
      "/etc/kubernetes/admin.conf",
      "kind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: u}}]\nusers: [{name: u, user: "
      "{client-certificate: u.crt, client-key: u.key}}]\n");
  const TestCertificate user = make_certificate("u", "");
  node.scratch.write("/etc/kubernetes/u.crt", user.certificate);
  node.scratch.write("/etc/kubernetes/u.key", user.key);
  node.at.certificate_files.clear();
  CHECK(node.proof().verdict == Verdict::unproven);
}

TEST_CASE("A log that is rotated meanwhile is read to its end") {
  TrailNode node;
  SECTION("the event went into the old file") {
    node.happen = [&](const std::string& id) {
      node.append(k_trail, json_event(id) + "\n");
      node.rename(k_trail, "/var/log/audit/audit-2026-01-31T08-15-30.123.log");
      node.scratch.write(k_trail, "");
    };
    CHECK(node.proof().verdict == Verdict::proven);
  }
  SECTION("the event went into the new file") {
    node.happen = [&](const std::string& id) {
      node.rename(k_trail, "/var/log/audit/audit-2026-01-31T08-15-30.123.log");
      node.scratch.write(k_trail, json_event(id) + "\n");
    };
    CHECK(node.proof().verdict == Verdict::proven);
  }
  SECTION("the old file is gone with the event: another request is made") {
    int times = 0;
    node.happen = [&](const std::string& id) {
      node.append(k_trail, json_event(id) + "\n");
      if (times++ > 0) return;
      node.rename(k_trail, "/var/log/audit/kept-elsewhere");
      node.scratch.write(k_trail, "");
      std::filesystem::remove(node.scratch.at("/var/log/audit/kept-elsewhere"));
    };
    CHECK(node.proof().verdict == Verdict::proven);
    CHECK(times == 2);
  }
  SECTION("emptied each time by a copytruncate: not known") {
    int times = 0;
    node.happen = [&](const std::string&) {
      ++times;
      std::filesystem::resize_file(node.scratch.at(k_trail), 0);
      // Something must be there for the next time to be emptied.
      node.append(k_trail, "x\n");
    };
    node.append(k_trail, std::string(1000, 'x') + "\n");
    node.plan.log_wait = 0.1;
    const Proof proof = node.proof();
    CHECK(proof.verdict != Verdict::proven);
    CHECK(times >= 2);
  }
}

TEST_CASE("A log on standard output is looked for in the container's log, on that stream only") {
  TrailNode node;
  node.plan.log_kind = Log::container;
  node.plan.log = "-";
  const std::string file = std::string(k_container) + "/0.log";
  node.scratch.write(file, "2026-01-31T08:15:30Z stdout F " + json_event("earlier") + "\n");
  SECTION("CRI") {
    node.happen = [&](const std::string& id) {
      node.append(file, "2026-01-31T08:15:31Z stdout F " + json_event(id) + "\n");
    };
    const Proof proof = node.proof();
    CHECK(proof.verdict == Verdict::proven);
    CHECK(proof.file == node.scratch.at(file));
  }
  SECTION("Docker") {
    node.happen = [&](const std::string& id) {
      node.append(file, R"({"log":"{\"kind\":\"Event\",\"auditID\":\")" + id +
                            R"(\"}\n","stream":"stdout","time":"2026-01-31T08:15:31Z"})" + "\n");
    };
    CHECK(node.proof().verdict == Verdict::proven);
  }
  SECTION("what the server could not write is said on the other stream") {
    node.happen = [&](const std::string& id) {
      node.append(file, "2026-01-31T08:15:31Z stderr F 2026-01-31T08:15:31Z AUDIT: id=\"" + id + "\" stage=\"x\"\n");
    };
    CHECK(node.proof().verdict == Verdict::missing);
  }
  SECTION("there is none") {
    std::filesystem::remove_all(node.scratch.at(k_container));
    const Proof proof = node.proof();
    CHECK(proof.verdict == Verdict::unproven);
    CHECK(proof.reason.find(k_pods) != std::string::npos);
  }
}

TEST_CASE("A log inside the container is said to be there, and not guessed at") {
  TrailNode node;
  node.plan.log_kind = Log::hidden;
  const Proof proof = node.proof();
  CHECK(proof.verdict == Verdict::unproven);
  CHECK(proof.reason.find("inside the container") != std::string::npos);
  CHECK(proof.status == 404);
}

TEST_CASE("A webhook backend is proven by a delivery that the server counts") {
  TrailNode node;
  const auto counted = [](int ok, int failed) {
    return "rest_client_requests_total{code=\"200\",host=\"10.0.0.9:8443\",method=\"POST\"} " + std::to_string(ok) +
           "\nrest_client_requests_total{code=\"<error>\",host=\"10.0.0.9:8443\",method=\"POST\"} " +
           std::to_string(failed) + "\nrest_client_requests_total{code=\"200\",host=\"other\",method=\"POST\"} 9\n" +
           "rest_client_requests_total{code=\"200\",host=\"10.0.0.9:8443\",method=\"GET\"} 9\n";
  };
  node.plan.receiver = "10.0.0.9:8443";
  node.plan.receiver_wait = 0.1;
  node.metrics = counted(5, 1);
  SECTION("with a log") {
    node.happen = [&](const std::string& id) {
      node.append(k_trail, json_event(id) + "\n");
      node.metrics = counted(6, 1);
    };
    const Proof proof = node.proof();
    CHECK(proof.verdict == Verdict::proven);
    CHECK(proof.receiver == "10.0.0.9:8443");
    CHECK(proof.delivered_seconds);
    CHECK(proof.seconds);
  }
  SECTION("alone") {
    node.plan.log_kind = Log::none;
    node.happen = [&](const std::string&) { node.metrics = counted(6, 1); };
    const Proof proof = node.proof();
    CHECK(proof.verdict == Verdict::proven);
    CHECK_FALSE(proof.seconds);
  }
  SECTION("none was counted: the log alone is not all that was asked for") {
    node.happen = [&](const std::string& id) {
      node.append(k_trail, json_event(id) + "\n");
      node.metrics = counted(5, 3);
    };
    const Proof proof = node.proof();
    CHECK(proof.verdict == Verdict::missing);
    CHECK(proof.seconds);
    CHECK(proof.reason.find("10.0.0.9:8443 got no delivery") != std::string::npos);
    CHECK(proof.reason.find("refuses them or cannot be reached") != std::string::npos);
  }
  SECTION("the metrics cannot be read: said") {
    node.metrics.clear();
    node.happen = [&](const std::string& id) { node.append(k_trail, json_event(id) + "\n"); };
    const Proof proof = node.proof();
    CHECK(proof.verdict == Verdict::proven);
    CHECK(proof.reason.find("cannot be seen") != std::string::npos);
  }
}

TEST_CASE("A plan and a proof come back from their fields") {
  TrailPlan plan{"DELETE",
                 "/api?x=1",
                 "{}",
                 "application/json",
                 "/etc/kubernetes/admin.conf",
                 "/etc/a.yaml:12",
                 Certainty::depends_on_user,
                 Log::container,
                 "-",
                 12.5,
                 "/var/log/pods",
                 "host:1",
                 45};
  const TrailPlan back = trail_plan_in(fields_of(plan));
  CHECK(fields_of(back) == fields_of(plan));
  CHECK(back.log_kind == Log::container);
  CHECK(back.certainty == Certainty::depends_on_user);
  CHECK(back.log_wait == 12.5);
  CHECK(back.receiver_wait == 45);
  Proof proof{Verdict::missing, "GET /", "id", 404, "a:1", "why", "/log", 0.25, "host:1", {}};
  const Proof again = proof_in(fields_of(proof));
  CHECK(fields_of(again) == fields_of(proof));
  CHECK(again.verdict == Verdict::missing);
  CHECK(again.seconds == 0.25);
  CHECK_FALSE(again.delivered_seconds);
  CHECK(proof_in({}).verdict == Verdict::unproven);
  CHECK(trail_plan_in({}).log_kind == Log::none);
}
