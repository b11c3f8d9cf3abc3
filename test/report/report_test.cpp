#include "kaudit/report/report.hpp"

#include "support/catch.hpp"

using namespace kaudit;
using report::Paint;
using report::Report;

namespace {

Report sample() {
  Report report;
  report.manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  report.kubernetes_version = "1.36";
  report.changed = true;
  report.changes.push_back({"spec.volumes", patch::Action::add, "", "audit (hostPath /p, File)"});
  report.changes.push_back({"spec.containers[0].command", patch::Action::replace, "--a=1", "--a=2"});
  report.changes.push_back({"spec.volumes", patch::Action::remove, "old (hostPath /o)", ""});
  report.diffs.push_back({"a/f", "b/f", "x\n", "y\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n"});
  return report;
}

}  // namespace

TEST_CASE("the plan is a short list in the field's words, then the diff", "[report]") {
  CHECK(report::plan_text(sample(), Paint::plain) ==
        "plan for /etc/kubernetes/manifests/kube-apiserver.yaml (Kubernetes 1.36):\n"
        "  + spec.volumes: audit (hostPath /p, File)\n"
        "  ~ spec.containers[0].command: --a=1 -> --a=2\n"
        "  - spec.volumes: old (hostPath /o)\n"
        "\n"
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n");
}

TEST_CASE("colours go around whole lines and leave the text as it is", "[report]") {
  std::string painted = report::plan_text(sample(), Paint::colored);
  CHECK(painted.find("\x1b[32m+y\x1b[0m\n") != std::string::npos);
  for (std::size_t at = painted.find('\x1b'); at != std::string::npos; at = painted.find('\x1b')) {
    painted.erase(at, painted.find('m', at) - at + 1);
  }
  CHECK(painted == report::plan_text(sample(), Paint::plain));
}

TEST_CASE("a configuration that loses events is the plan's first line", "[report]") {
  Report report = sample();
  report.warnings.push_back({"version-unknown", "first given"});
  report.warnings.push_back({"log-cannot-rotate", "recording stops at max-size"});
  CHECK(report::plan_text(report, Paint::plain).starts_with("! recording stops at max-size\nplan for "));
}

TEST_CASE("nothing to do is one line", "[report]") {
  Report report;
  report.manifest = "/m";
  CHECK(report::plan_text(report, Paint::plain) == "nothing to do: /m is as asked\n");
}

TEST_CASE("a terminal's control characters never reach it from a file's content", "[report]") {
  Report report = sample();
  report.changes[0].after = "\x1b]0;x\x07";
  CHECK(report::plan_text(report, Paint::plain).find('\x1b') == std::string::npos);
  CHECK(report::warning_text({"c", "a\x1b[31m"}, Paint::plain).find('\x1b') == std::string::npos);
}

TEST_CASE("an error is printed with its code, and what to do", "[report]") {
  Error error;
  error.code = "stray-pod";
  error.message = "same pod";
  error.hint = "move it";
  CHECK(report::error_text(error, Paint::plain) == "error: same pod [stray-pod]\n  hint: move it\n");
}

TEST_CASE("JSON holds the same as the text, with numbers and nulls where the schema has them", "[report]") {
  Report report = sample();
  report.warnings.push_back({"code", "text", "spec.volumes", "f", 3, 0});
  report.exit_status = ExitStatus::work_found;
  const std::string json = report::to_json(report);
  CHECK(json.find("\"format_version\": 1") != std::string::npos);
  CHECK(json.find("\"before_header\": \"a/f\"") != std::string::npos);
  CHECK(json.find("\"line\": 3,\n      \"column\": null") != std::string::npos);
  CHECK(json.find("\"run\": null") != std::string::npos);
  CHECK(json.find("\"exit_status\": 1") != std::string::npos);
  CHECK(json.ends_with("}\n"));
}

TEST_CASE("bytes that are no UTF-8 do not break the JSON", "[report]") {
  Report report = sample();
  report.diffs[0].before = "\xff";
  CHECK(report::to_json(report).find("\xEF\xBF\xBD") != std::string::npos);
}
