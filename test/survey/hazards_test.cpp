#include "kaudit/survey/hazards.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "support/catch.hpp"

#include "kaudit/base/units.hpp"

using namespace kaudit;
using namespace kaudit::survey;
using text::Severity;

namespace {

constexpr double k_now = 1769860800;

/// A node where all is well: a log in a directory of its own, policy and webhook, a healthy server.
Survey good() {
  Survey survey;
  survey.now = k_now;
  Setup& setup = survey.setup;
  setup.manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  setup.policy = ServerFile{"/etc/kubernetes/audit.yaml", "/etc/kubernetes/audit.yaml", "", "aa", "aa", k_now - 9000};
  setup.webhook_config = ServerFile{"/etc/kubernetes/w.yaml", "/etc/kubernetes/w.yaml", "", "bb", "bb", k_now - 9000};
  LogSetup log;
  log.path = log.node_path = "/var/log/audit/audit.log";
  log.mount = LogSetup::Mount::directory;
  log.rotation = {Rotation::By::server, 100 * k_megabyte, 10, 30};
  log.server_max_size = 100 * k_megabyte;
  log.found.state = node::AuditLog::State::file;
  log.found.size = 10 * k_megabyte;
  log.found.recent = node::EventSpan{1001, 1001 * 1000, k_now - 1000, k_now};
  log.space = host::Space{1000 * k_megabyte, 500 * k_megabyte};
  log.reserve = 100 * k_megabyte;
  setup.log = log;
  survey.process.known = Process::Known::running;
  survey.process.pid = 7;
  survey.process.started = k_now - 8000;
  survey.process.health.answer = node::Health::Answer::ok;
  survey.metrics = {"", "/etc/kubernetes/admin.conf", 5000.0, {}, 0};
  survey.runs.last = Runs::Last{"20260131T081530.123Z-5f3c9a", "2026-01-31T08:15:30Z", "enable", "healthy", ""};
  return survey;
}

LogSetup& log_of(Survey& survey) { return *survey.setup.log; }

/// A single file that nobody rotates, filled to `size`.
Survey single_file(std::uint64_t size) {
  Survey survey = good();
  log_of(survey).mount = LogSetup::Mount::file;
  log_of(survey).rotation = {Rotation::By::nobody, 100 * k_megabyte, 10, 30};
  log_of(survey).found.size = size;
  return survey;
}

constexpr std::uint64_t k_never = std::uint64_t{1} << 40U;

/// A single file that our drop-in keeps at 100 MB.
Survey rotated_file(std::uint64_t size) {
  Survey survey = single_file(size);
  log_of(survey).rotation = {Rotation::By::logrotate, 100 * k_megabyte, 10, 30};
  log_of(survey).rotation_file = "/etc/logrotate.d/kaudit";
  log_of(survey).is_rotated_by_own = true;
  log_of(survey).logrotate_runs = "daily";
  log_of(survey).server_max_size = k_never;
  return survey;
}

/// "code:severity" of everything found.
std::vector<std::string> found(const Survey& survey) {
  std::vector<std::string> words;
  for (const Hazard& hazard : hazards_of(survey)) {
    constexpr const char* k_words[] = {"error", "warning", "info"};
    words.push_back(hazard.code + ":" + k_words[static_cast<int>(hazard.severity)]);
    CHECK(std::count(hazard_codes().begin(), hazard_codes().end(), hazard.code) == 1);
    CHECK_FALSE(hazard.message.empty());
    CHECK_FALSE(hazard.hint.empty());
    CHECK(hazard.message.back() != '.');
  }
  return words;
}

using Words = std::vector<std::string>;

/// What one change of a good node leads to.
template <typename Change>
Words after(Change change) {
  Survey survey = good();
  change(survey);
  return found(survey);
}

Words without_log(Survey survey) {
  survey.setup.log.reset();
  return found(survey);
}

}  // namespace

TEST_CASE("a node where all is well has no hazard", "[hazards]") {
  CHECK(found(good()).empty());
  CHECK(exit_status_of(hazards_of(good())) == ExitStatus::done);
  CHECK(without_log(good()).empty());
}

TEST_CASE("auditing that is off, or records nothing", "[hazards]") {
  CHECK(after([](Survey& survey) {
          survey.setup.policy.reset();
          survey.setup.log.reset();
          survey.setup.webhook_config.reset();
        }) == Words{"auditing-off:warning"});
  CHECK(after([](Survey& survey) { survey.setup.policy.reset(); }) == Words{"no-policy:error"});
  CHECK(after([](Survey& survey) {
          survey.setup.log.reset();
          survey.setup.webhook_config.reset();
        }) == Words{"no-backend:error"});
  CHECK(after([](Survey& survey) { survey.setup.webhook_config.reset(); }).empty());
}

TEST_CASE("a single file near its max-size", "[hazards]") {
  CHECK(found(single_file(79 * k_megabyte)) == Words{"log-cannot-rotate:info"});
  CHECK(found(single_file(80 * k_megabyte)) == Words{"log-nearly-full:warning"});
  CHECK(found(single_file(100 * k_megabyte - 2100)) == Words{"log-nearly-full:warning"});
  CHECK(found(single_file(100 * k_megabyte - 2000)) == Words{"log-full:error"});
  CHECK(found(single_file(200 * k_megabyte)) == Words{"log-full:error"});
  Survey empty = single_file(100 * k_megabyte - 4000);
  log_of(empty).found.recent.reset();
  CHECK(found(empty) == Words{"log-full:error", "log-broken:warning"});
  CHECK(after([](Survey& survey) { log_of(survey).found.size = 99 * k_megabyte; }).empty());
}

TEST_CASE("a single file that logrotate truncates", "[hazards]") {
  Survey rotated = rotated_file(200 * k_megabyte);
  CHECK(found(rotated).empty());
  SECTION("a server that tries to rotate it, too") {
    log_of(rotated).found.size = k_megabyte;
    log_of(rotated).server_max_size = k_never - 1;
    CHECK(found(rotated) == Words{"log-cannot-rotate:warning"});
    log_of(rotated).found.size = 100 * k_megabyte;
    log_of(rotated).server_max_size = 100 * k_megabyte;
    CHECK(found(rotated) == Words{"log-full:error"});
    CHECK(
        hazards_of(rotated).front().hint.ends_with("kaudit enable puts the server's max-size out of its reach again"));
    log_of(rotated).rotation_file = "/etc/logrotate.d/mine";
    log_of(rotated).is_rotated_by_own = false;
    CHECK(hazards_of(rotated).front().hint.find("--max-size 2147483647") != std::string::npos);
  }
  SECTION("not, although it should") {
    log_of(rotated).found.size = 200 * k_megabyte + 1;
    CHECK(found(rotated) == Words{"log-outgrown:warning"});
    log_of(rotated).rotation.max_size = 0;
    CHECK(found(rotated).empty());
  }
  SECTION("where systemd lets it write nothing") {
    log_of(rotated).is_out_of_reach = true;
    CHECK(found(rotated) == Words{"logrotate-out-of-reach:error"});
  }
}

TEST_CASE("a drop-in of ours that does its work no more", "[hazards]") {
  CHECK(after([](Survey& survey) { log_of(survey).is_own_broken = true; }) == Words{"drop-in-broken:error"});
}

TEST_CASE("a log that grows without end", "[hazards]") {
  Survey never = single_file(k_megabyte);
  log_of(never).server_max_size = k_never;
  CHECK(found(never) == Words{"drop-in-missing:error"});
  log_of(never).logrotate = {{"/etc/logrotate.d/mine", 1, "/var/log/audit/audit.log", false}};
  CHECK(found(never) == Words{"other-logrotate:warning"});
  log_of(never).logrotate.clear();
  log_of(never).server_max_size -= 1;
  CHECK(found(never) == Words{"log-cannot-rotate:info"});
  log_of(never).server_max_size = 0;
  CHECK(found(never) == Words{"log-unbounded:warning"});
  CHECK(after([](Survey& survey) { log_of(survey).server_max_size = k_never; }) == Words{"log-unbounded:warning"});
  CHECK(after([](Survey& survey) { log_of(survey).server_max_size = k_never - 1; }).empty());
}

TEST_CASE("a log that the host does not have, or the server cannot write", "[hazards]") {
  CHECK(after([](Survey& survey) {
          log_of(survey).path = "-";
          log_of(survey).node_path.clear();
        }) == Words{"log-stdout:warning"});
  CHECK(after([](Survey& survey) { log_of(survey).node_path.clear(); }) == Words{"log-not-mounted:error"});
  CHECK(after([](Survey& survey) { log_of(survey).is_read_only = true; }) == Words{"log-read-only:error"});
}

TEST_CASE("what is on the disk is no log, or an old one", "[hazards]") {
  using State = node::AuditLog::State;
  CHECK(after([](Survey& survey) { log_of(survey).found = {}; }) == Words{"log-missing:error"});
  CHECK(after([](Survey& survey) {
          log_of(survey).found = {};
          survey.process.known = Process::Known::not_looked;
        }).empty());
  CHECK(after([](Survey& survey) {
          log_of(survey).found = {};
          log_of(survey).found.state = State::unreadable;
          log_of(survey).found.detail = "is a FIFO";
        }) == Words{"log-unreadable:error"});
  CHECK(after([](Survey& survey) { log_of(survey).found.recent.reset(); }) == Words{"log-broken:warning"});
  const auto ended = [](double age) {
    return [age](Survey& survey) { log_of(survey).found.recent->last = k_now - age; };
  };
  CHECK(after(ended(3601)) == Words{"log-idle:info"});
  CHECK(after(ended(3599)).empty());
  const auto empty = [](double age) {
    return [age](Survey& survey) {
      log_of(survey).found.recent.reset();
      log_of(survey).found.size = 0;
      survey.process.started = k_now - age;
    };
  };
  CHECK(after(empty(3601))[0] == "log-idle:info");
  CHECK(after([](Survey& survey) {
          log_of(survey).found.recent.reset();
          log_of(survey).found.size = 0;
          survey.process.known = Process::Known::not_looked;
          survey.process.started.reset();
          survey.process.health = {};
        }).empty());
}

TEST_CASE("a disk that is nearly full", "[hazards]") {
  const auto free = [](std::uint64_t mb) {
    return [mb](Survey& survey) { log_of(survey).space = host::Space{1000 * k_megabyte, mb * k_megabyte}; };
  };
  CHECK(after(free(99)) == Words{"disk-nearly-full:warning"});
  CHECK(after(free(100)).empty());
  const auto free_without_reserve = [](std::uint64_t mb) {
    return [mb](Survey& survey) {
      log_of(survey).reserve = 0;
      log_of(survey).space = host::Space{1000 * k_megabyte, mb * k_megabyte};
    };
  };
  CHECK(after(free_without_reserve(49)) == Words{"disk-nearly-full:warning"});
  CHECK(after(free_without_reserve(50)).empty());
}

TEST_CASE("a rule of logrotate that is not ours", "[hazards]") {
  const auto rule = [](const char* file) {
    return [file](Survey& survey) {
      log_of(survey).logrotate = {{file, 3, "/var/log/*/*.log", false}};
      log_of(survey).rotation_file = "/etc/logrotate.d/kaudit";
    };
  };
  CHECK(after(rule("/etc/logrotate.d/rsyslog")) == Words{"other-logrotate:warning"});
  CHECK(after(rule("/etc/logrotate.d/kaudit")).empty());
}

TEST_CASE("a rule of ours that nobody carries out", "[hazards]") {
  const auto run = [](Rotation::By by, const char* how_often) {
    return [=](Survey& survey) {
      log_of(survey).rotation.by = by;
      log_of(survey).logrotate_runs = how_often;
    };
  };
  CHECK(after(run(Rotation::By::logrotate, "")) == Words{"logrotate-not-run:warning"});
  CHECK(after(run(Rotation::By::logrotate, "daily")).empty());
  CHECK(after(run(Rotation::By::server, "")).empty());
}

TEST_CASE("what the server counts as lost", "[hazards]") {
  CHECK(after([](Survey& survey) {
          survey.metrics.lost = {{"log", 763}, {"webhook", 1}};
        }) == Words{"events-lost:error", "events-lost:error"});
  CHECK(after([](Survey& survey) { survey.metrics.lost = {{"log", 0}}; }).empty());
  CHECK(after([](Survey& survey) { survey.metrics.rejected = 2; }) == Words{"requests-rejected:error"});
  CHECK(after([](Survey& survey) { survey.rename_failures = 1; }) == Words{"rename-failed:error"});
  Survey survey = good();
  survey.metrics.lost = {{"webhook", 1}};
  CHECK(hazards_of(survey)[0].message.find("lost 1 event since") != std::string::npos);
}

TEST_CASE("a file that is not the one in force", "[hazards]") {
  const auto edited_at = [](double after_start, const char* digest) {
    return [=](Survey& survey) {
      survey.setup.policy->modified = *survey.process.started + after_start;
      survey.setup.policy->sha256 = digest;
    };
  };
  CHECK(after(edited_at(2, "cc")) == Words{"policy-not-in-force:warning", "policy-edited:warning"});
  CHECK(after(edited_at(-2, "cc")) == Words{"policy-edited:warning"});
  CHECK(after(edited_at(2, "aa")).empty());
  const auto unannotated = [](double after_start) {
    return [=](Survey& survey) {
      survey.setup.policy->modified = *survey.process.started + after_start;
      survey.setup.policy->annotated.clear();
    };
  };
  CHECK(after(unannotated(2)) == Words{"policy-not-in-force:warning"});
  CHECK(after(unannotated(1)).empty());
  CHECK(after([](Survey& survey) {
          survey.setup.webhook_config->modified = k_now;
          survey.setup.webhook_config->sha256 = "cc";
        }) == Words{"webhook-config-not-in-force:warning", "webhook-config-edited:warning"});
}

TEST_CASE("a file that the server will not find", "[hazards]") {
  CHECK(after([](Survey& survey) { survey.setup.policy->node_path.clear(); }) == Words{"policy-not-mounted:error"});
  CHECK(after([](Survey& survey) { survey.setup.policy->problem = "there is no such file"; }) ==
        Words{"policy-unreadable:error"});
  CHECK(after([](Survey& survey) { survey.setup.webhook_config->node_path.clear(); }) ==
        Words{"webhook-config-not-mounted:error"});
  CHECK(after([](Survey& survey) { survey.setup.webhook_config->problem = "is a directory"; }) ==
        Words{"webhook-config-unreadable:error"});
}

TEST_CASE("the files that the webhook config names", "[hazards]") {
  const auto with = [](ServerFile file, const std::string& annotated) {
    return [=](Survey& survey) {
      survey.setup.webhook_files = {file};
      survey.setup.webhook_files_sha256 = "dd";
      survey.setup.webhook_files_annotated = annotated;
    };
  };
  const ServerFile there{"/etc/kubernetes/ca.crt", "/etc/kubernetes/ca.crt", "", "cc", "", 0};
  CHECK(after(with(there, "dd")).empty());
  CHECK(after(with(there, "")).empty());
  CHECK(after(with(there, "ee")) == Words{"webhook-files-edited:warning"});
  ServerFile gone = there;
  gone.problem = "there is no such file";
  CHECK(after(with(gone, "ee")) == Words{"webhook-file-unreadable:error"});
  ServerFile unmounted = there;
  unmounted.node_path.clear();
  CHECK(after(with(unmounted, "dd")) == Words{"webhook-file-unreadable:error"});
}

TEST_CASE("the process beside the manifest", "[hazards]") {
  using Answer = node::Health::Answer;
  const auto answers = [](Answer answer) {
    return [answer](Survey& survey) { survey.process.health.answer = answer; };
  };
  CHECK(after(answers(Answer::none)) == Words{"api-server-down:error"});
  CHECK(after(answers(Answer::stranger)) == Words{"api-server-down:error"});
  CHECK(after(answers(Answer::not_ready)) == Words{"api-server-unhealthy:error"});
  CHECK(after(answers(Answer::forbidden)).empty());
  CHECK(after([](Survey& survey) {
          survey.process.known = Process::Known::not_looked;
          survey.process.health.answer = Answer::none;
        }).empty());
  CHECK(after([](Survey& survey) {
          survey.process.differences = {{"audit-log-maxage", "30", std::nullopt}};
        }) == Words{"process-differs:warning"});
  CHECK(after([](Survey& survey) { survey.strays = {"/etc/kubernetes/manifests/x.bak"}; }) == Words{"stray-pod:error"});
}

TEST_CASE("the stored runs", "[hazards]") {
  using Manifest = Runs::Manifest;
  CHECK(after([](Survey& survey) { survey.runs.unfinished = {"20260131T081530.123Z-5f3c9a"}; }) ==
        Words{"unfinished-run:warning"});
  CHECK(after([](Survey& survey) { survey.runs.at_work = "20260131T081530.123Z-5f3c9a"; }) ==
        Words{"run-at-work:info"});
  CHECK(after([](Survey& survey) { survey.runs.problem = "permission denied"; }) == Words{"runs-unreadable:warning"});
  CHECK(after([](Survey& survey) { survey.runs.manifest = Manifest::rewritten; }) == Words{"manifest-rewritten:info"});
  CHECK(after([](Survey& survey) { survey.runs.manifest = Manifest::rewritten_audit; }) ==
        Words{"manifest-rewritten:warning"});
  CHECK(after([](Survey& survey) { survey.runs.manifest = Manifest::as_left; }).empty());
}

TEST_CASE("the worst comes first, and decides the exit status", "[hazards]") {
  const Words words = after([](Survey& survey) {
    survey.runs.manifest = Runs::Manifest::rewritten;
    survey.runs.unfinished = {"20260131T081530.123Z-5f3c9a"};
    survey.strays = {"/x"};
  });
  CHECK(words == Words{"stray-pod:error", "unfinished-run:warning", "manifest-rewritten:info"});
  CHECK(exit_status_of({{"a", Severity::info, "", ""}}) == ExitStatus::done);
  CHECK(exit_status_of({{"a", Severity::info, "", ""}, {"b", Severity::warning, "", ""}}) == ExitStatus::work_found);
  CHECK(exit_status_of({{"b", Severity::error, "", ""}}) == ExitStatus::work_found);
}

TEST_CASE("every code has a section in docs/status.md and a test here", "[hazards]") {
  const std::filesystem::path top = std::filesystem::path(KAUDIT_TESTDATA).parent_path();
  const auto text_of = [&](const char* path) {
    std::ifstream file(top / path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string page = text_of("docs/status.md");
  const std::string tests = text_of("test/survey/hazards_test.cpp");
  std::set<std::string> sections;
  const std::regex heading("(^|\\n)### ([a-z-]+)\\n");
  for (std::sregex_iterator at(page.begin(), page.end(), heading), end; at != end; ++at) sections.insert((*at)[2]);
  CHECK(sections == std::set<std::string>(hazard_codes().begin(), hazard_codes().end()));
  for (const std::string& code : hazard_codes()) {
    CAPTURE(code);
    CHECK(tests.find("\"" + code + ":") != std::string::npos);
  }
}
