#include <string>
#include <vector>

#include "support/catch.hpp"

#include "kaudit/kube/audit_flags.hpp"

using namespace kaudit::kube;

namespace {

using Settings = std::vector<FlagSetting>;
using Texts = std::vector<std::string>;

Texts messages(const Settings& settings, Version version = Version{1, 30}) {
  Texts texts;
  for (const FlagProblem& problem : refused_by_apiserver(settings, version)) texts.push_back(problem.message);
  return texts;
}

/// With the log backend on.
Texts log_messages(Settings settings, Version version = Version{1, 30}) {
  settings.push_back({"audit-log-path", "/var/log/audit.log"});
  return messages(settings, version);
}

Texts webhook_messages(Settings settings) {
  settings.push_back({"audit-webhook-config-file", "/etc/kubernetes/webhook.yaml"});
  return messages(settings);
}

std::string hint(const FlagSetting& setting) {
  const auto problems = refused_by_apiserver({setting}, Version{1, 30});
  return problems.empty() ? std::string("accepted") : problems.front().hint;
}

}  // namespace

TEST_CASE("the defaults of every version are accepted with both backends on", "[rules]") {
  for (int minor = k_oldest_known.minor; minor <= k_newest_known.minor; ++minor) {
    CAPTURE(minor);
    CHECK(messages({{"audit-log-path", "-"}, {"audit-webhook-config-file", "/w"}}, Version{1, minor}).empty());
  }
}

TEST_CASE("unknown audit flags are refused with the nearest real one", "[rules]") {
  CHECK(messages({{"audit-foo", "1"}}) == Texts{"unknown flag: --audit-foo"});
  CHECK(hint({"audit-log", "maxsize=100"}) == "did you mean --audit-log-maxsize=100?");
  CHECK(hint({"audit-log-max-size", "100"}) == "did you mean --audit-log-maxsize?");
  CHECK(hint({"audit-policy-fil", "/p"}) == "did you mean --audit-policy-file?");
  CHECK(hint({"audit-banana", "/p"}) == "kube-apiserver 1.30 has no such flag; delete it");
  CHECK(hint({"audit-dynamic-configuration", std::nullopt}).find("removed this flag in 1.19") != std::string::npos);
  CHECK(refused_by_apiserver({{"audit-foo", "1"}}, Version{1, 30}).front().code == "unknown-audit-flag");
}

TEST_CASE("flags that are not about auditing are not judged", "[rules]") {
  CHECK(messages({{"v", "two"}, {"service-account-key-file", "/a"}, {"service-account-key-file", "/b"}}).empty());
}

TEST_CASE("a flag without its value needs an argument, a bare boolean is true", "[rules]") {
  CHECK(messages({{"audit-log-path", std::nullopt}}) == Texts{"flag needs an argument: --audit-log-path"});
  CHECK(messages({{"audit-log-compress", std::nullopt}}).empty());
}

TEST_CASE("every setting must parse, also one that a later one overrides", "[rules]") {
  CHECK(messages({{"audit-log-maxage", "x"}, {"audit-log-maxage", "3"}}).size() == 1);
}

TEST_CASE("nothing is validated when something does not parse", "[rules]") {
  CHECK(
      log_messages({{"audit-log-mode", "wrong"}, {"audit-log-maxage", "x"}}) ==
      Texts{"invalid argument \"x\" for \"--audit-log-maxage\" flag: strconv.ParseInt: parsing \"x\": invalid syntax"});
}

TEST_CASE("the options of a backend that is off are not validated", "[rules]") {
  const Settings wrong{{"audit-log-mode", "wrong"}, {"audit-log-maxage", "-1"}, {"audit-webhook-mode", "wrong"}};
  CHECK(messages(wrong).empty());
  CHECK(log_messages(wrong).size() == 2);
  CHECK(webhook_messages(wrong).size() == 1);
  CHECK(messages({{"audit-log-path", "/a"}, {"audit-log-maxage", "-1"}, {"audit-log-path", ""}}).empty());
}

TEST_CASE("the last setting of a name counts", "[rules]") {
  CHECK(log_messages({{"audit-log-maxage", "-1"}, {"audit-log-maxage", "1"}}).empty());
  CHECK(log_messages({{"audit-log-maxage", "1"}, {"audit-log-maxage", "-1"}}).size() == 1);
}

TEST_CASE("rule: the mode is one of three", "[rules]") {
  CHECK(log_messages({{"audit-log-mode", "foo"}}) ==
        Texts{R"(invalid audit log mode foo, allowed modes are "batch,blocking,blocking-strict")"});
  CHECK(webhook_messages({{"audit-webhook-mode", "Batch"}}) ==
        Texts{R"(invalid audit webhook mode Batch, allowed modes are "batch,blocking,blocking-strict")"});
  CHECK(log_messages({{"audit-log-mode", "blocking-strict"}}).empty());
}

TEST_CASE("rule: batch sizes are positive, in batch mode only, one message at most", "[rules]") {
  const Settings wrong{{"audit-log-batch-buffer-size", "0"}, {"audit-log-batch-max-size", "-1"}};
  CHECK(log_messages(wrong).empty());
  Settings in_batch_mode = wrong;
  in_batch_mode.push_back({"audit-log-mode", "batch"});
  CHECK(log_messages(in_batch_mode) == Texts{"invalid audit batch log buffer size 0, must be a positive number"});
  CHECK(webhook_messages({{"audit-webhook-batch-max-size", "-1"}}) ==
        Texts{"invalid audit batch webhook max batch size -1, must be a positive number"});
}

TEST_CASE("rule: a throttle that is on needs positive QPS and burst", "[rules]") {
  CHECK(webhook_messages({{"audit-webhook-batch-throttle-qps", "-0.5"}}) ==
        Texts{"invalid audit batch webhook throttle QPS -0.5, must be a positive number"});
  CHECK(webhook_messages({{"audit-webhook-batch-throttle-burst", "0"}}) ==
        Texts{"invalid audit batch webhook throttle burst 0, must be a positive number"});
  CHECK(webhook_messages({{"audit-webhook-batch-throttle-qps", "0"}, {"audit-webhook-batch-throttle-enable", "false"}})
            .empty());
  // The log backend's throttle is off by default, and its QPS and burst are 0.
  CHECK(log_messages({{"audit-log-mode", "batch"}}).empty());
  CHECK(log_messages({{"audit-log-mode", "batch"}, {"audit-log-batch-throttle-enable", std::nullopt}}) ==
        Texts{"invalid audit batch log throttle QPS 0, must be a positive number"});
}

TEST_CASE("rule: truncation sizes are validated even when truncation is off", "[rules]") {
  CHECK(log_messages({{"audit-log-truncate-max-event-size", "0"}}) ==
        Texts{"invalid audit truncate log max event size 0, must be a positive number"});
  CHECK(log_messages({{"audit-log-truncate-max-batch-size", "1"}}) ==
        Texts{"invalid audit truncate log max batch size 1, must be greater than max event size (102400)"});
  CHECK(log_messages({{"audit-log-truncate-max-batch-size", "102400"}}).empty());
  const auto problems = refused_by_apiserver(
      {{"audit-log-path", "-"}, {"audit-log-truncate-max-event-size", "99999999"}}, Version{1, 30});
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().name == "audit-log-truncate-max-event-size");
}

TEST_CASE("rule: the group version must parse and be known", "[rules]") {
  CHECK(log_messages({{"audit-log-version", "a/b/c"}}) == Texts{"unexpected GroupVersion string: a/b/c"});
  CHECK(webhook_messages({{"audit-webhook-version", ""}}) ==
        Texts{R"(invalid group version, allowed versions are ["audit.k8s.io/v1"])"});
}

TEST_CASE("rule: the alpha and beta group versions went after 1.23", "[rules]") {
  const Settings beta{{"audit-log-version", "audit.k8s.io/v1beta1"}};
  CHECK(log_messages(beta, Version{1, 20}).empty());
  CHECK(log_messages(beta, Version{1, 23}).empty());
  CHECK(log_messages(beta, Version{1, 24}) ==
        Texts{R"(invalid group version, allowed versions are ["audit.k8s.io/v1"])"});
  CHECK(log_messages({{"audit-log-version", "v1"}}, Version{1, 23}) ==
        Texts{"invalid group version, allowed versions are [\"audit.k8s.io/v1alpha1\" \"audit.k8s.io/v1beta1\" "
              "\"audit.k8s.io/v1\"]"});
}

TEST_CASE("rule: the log format is legacy or json", "[rules]") {
  CHECK(log_messages({{"audit-log-format", "JSON"}}) ==
        Texts{R"(invalid audit log format JSON, allowed formats are "legacy,json")"});
  CHECK(log_messages({{"audit-log-format", "legacy"}}).empty());
}

TEST_CASE("rule: age, backups and size of the log are not negative, each with its own message", "[rules]") {
  CHECK(log_messages({{"audit-log-maxsize", "-3"}, {"audit-log-maxage", "-1"}, {"audit-log-maxbackup", "-2"}}) ==
        Texts{"--audit-log-maxage -1 can't be a negative number", "--audit-log-maxbackup -2 can't be a negative number",
              "--audit-log-maxsize -3 can't be a negative number"});
  CHECK(log_messages({{"audit-log-maxsize", "0"}}).empty());
}

TEST_CASE("rules come in kube-apiserver's order: batch, truncate, version, format, numbers, log before webhook",
          "[rules]") {
  CHECK(messages({{"audit-webhook-config-file", "/w"},
                  {"audit-webhook-mode", "w"},
                  {"audit-log-path", "-"},
                  {"audit-log-maxage", "-1"},
                  {"audit-log-format", "f"},
                  {"audit-log-version", "g"},
                  {"audit-log-truncate-max-event-size", "0"},
                  {"audit-log-mode", "m"}}) ==
        Texts{R"(invalid audit log mode m, allowed modes are "batch,blocking,blocking-strict")",
              "invalid audit truncate log max event size 0, must be a positive number",
              R"(invalid group version, allowed versions are ["audit.k8s.io/v1"])",
              R"(invalid audit log format f, allowed formats are "legacy,json")",
              "--audit-log-maxage -1 can't be a negative number",
              R"(invalid audit webhook mode w, allowed modes are "batch,blocking,blocking-strict")"});
}

TEST_CASE("versions outside the known range are judged by the nearest known one", "[rules]") {
  CHECK(log_messages({{"audit-log-version", "audit.k8s.io/v1beta1"}}, Version{1, 14}).empty());
  CHECK(log_messages({{"audit-log-version", "audit.k8s.io/v1beta1"}}, Version{1, 50}).size() == 1);
}
