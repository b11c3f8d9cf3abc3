#include "kaudit/report/status_report.hpp"

#include "support/catch.hpp"

using namespace kaudit;
using report::Detail;
using report::Paint;
using survey::Survey;

namespace {

constexpr double k_now = 1769860800;  // 2026-01-31T12:00:00Z
constexpr std::uint64_t k_mb = 1U << 20U;

Survey running() {
  Survey survey;
  survey.now = k_now;
  survey.setup.manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  survey.setup.image = "registry.k8s.io/kube-apiserver:v1.37.2";
  survey.setup.kubernetes_version = "1.37";
  survey.setup.policy = survey::ServerFile{"/p.yaml", "/p.yaml", "", std::string(64, 'a'), std::string(64, 'a'), k_now};
  survey::LogSetup log;
  log.path = log.node_path = "/var/log/audit/audit.log";
  log.mount = survey::LogSetup::Mount::directory;
  log.rotation = {survey::Rotation::By::server, 100 * k_mb, 1, 30};
  log.found.state = node::AuditLog::State::file;
  log.found.size = 5 * k_mb;
  log.found.rotated_files = 1;
  log.found.rotated_size = 100 * k_mb;
  log.found.recent = node::EventSpan{101, 101 * k_mb / 100, k_now - 1000, k_now};
  log.found.oldest = k_now - 7200;
  survey.setup.log = log;
  survey.process.known = survey::Process::Known::running;
  survey.process.pid = 42;
  survey.process.started = k_now - 3600;
  survey.process.flags = {{"audit-log-path", "/var/log/audit/audit.log"}, {"v", "2"}};
  survey.process.health.answer = node::Health::Answer::ok;
  survey.metrics = {"", "/etc/kubernetes/admin.conf", 12.0, {{"webhook", 3.0}}, 1.0};
  return survey;
}

std::string text_of(const Survey& survey) { return report::status_text(survey, {}, Detail::overview, Paint::plain); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the overview is a line for each thing", "[status]") {
  CHECK(text_of(running()) ==
        "auditing    on\n"
        "manifest    /etc/kubernetes/manifests/kube-apiserver.yaml (registry.k8s.io/kube-apiserver:v1.37.2)\n"
        "policy      /p.yaml, sha256 aaaaaaaaaaaa, as annotated\n"
        "log         /var/log/audit/audit.log, its directory mounted, 5.0 MB and 100 MB in 1 rotated file\n"
        "  events    the last 0 s ago, 0.1 a second, 86 MB a day, the oldest 2 h ago\n"
        "  kept      rotated by kube-apiserver at 100 MB, 1 backup, 30 days: 2 days of history at that rate\n"
        "process     42, since 2026-01-31T11:00:00Z (1 h), healthy, its flags are the manifest's\n"
        "metrics     12 events since then, 3 lost, 1 request refused\n"
        "last run    none is stored\n");
}

TEST_CASE("what the process is, in every case", "[status]") {
  using Known = survey::Process::Known;
  using Answer = node::Health::Answer;
  Survey survey = running();
  survey.process.differences = {{"a", "1", "2"}};
  survey.process.health.answer = Answer::forbidden;
  CHECK(has(text_of(survey), "answering (anonymous requests are not allowed), its flags are not the manifest's\n"));
  survey.process.known = Known::unseen;
  survey.process.health.answer = Answer::not_ready;
  CHECK(has(text_of(survey), "process     not to be seen from here, not ready\n"));
  survey.process.known = Known::nobody;
  CHECK(has(text_of(survey), "process     none: nobody listens on the server's port\n"));
  survey.process.known = Known::not_looked;
  CHECK(has(text_of(survey), "process     not looked for: this is another root than /\n"));
}

TEST_CASE("hazards alone, and painted", "[status]") {
  const std::vector<survey::Hazard> hazards = {{"a-code", text::Severity::error, "it is\x1b bad", "mend it"},
                                               {"b-code", text::Severity::info, "it is so", "nothing"}};
  CHECK(report::status_text(running(), hazards, Detail::hazards, Paint::plain) ==
        "error: it is? bad [a-code]\n  hint: mend it\ninfo: it is so [b-code]\n  hint: nothing\n");
  CHECK(
      report::status_text(running(), hazards, Detail::hazards, Paint::colored).starts_with("\x1b[31merror:\x1b[0m it"));
  CHECK(report::status_text(running(), {}, Detail::hazards, Paint::plain).empty());
}

TEST_CASE("the document has the process, and only its audit flags", "[status]") {
  Survey survey = running();
  survey.process.differences = {{"audit-log-maxage", "3", std::nullopt}};
  const std::string json = report::status_json(survey, {});
  CHECK(has(json, "\"started\": \"2026-01-31T11:00:00Z\""));
  CHECK(has(json, "\"agrees\": false"));
  CHECK(has(json, "\"webhook\": 3.0"));
  CHECK(has(json, "\"process\": null"));
  CHECK(has(json, "\"name\": \"audit-log-path\""));
  CHECK_FALSE(has(json, "\"name\": \"v\""));
  CHECK(json.ends_with("\"exit_status\": 0\n}\n"));
}
