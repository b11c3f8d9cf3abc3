#include "planned.hpp"
#include "samples.hpp"

using kaudit::patch::Desired;

TEST_CASE("the README's job puts flags with explicit rotation into their sorted places", "[flags]") {
  const auto plan = planned(samples::kubeadm(), readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text,
                 "    - --advertise-address=192.0.2.2\n"
                 "    - --audit-log-maxage=30\n"
                 "    - --audit-log-maxbackup=10\n"
                 "    - --audit-log-maxsize=100\n"
                 "    - --audit-log-path=/var/log/prod-secrets.log\n"
                 "    - --audit-policy-file=/etc/kubernetes/prod-audit.yaml\n"
                 "    - --secure-port=6443\n"));
}

TEST_CASE("planning again on the result finds nothing to do", "[flags]") {
  const auto first = planned(samples::kubeadm(), readme_job());
  REQUIRE(first);
  const auto second = planned(first->new_text, readme_job());
  REQUIRE(second);
  CHECK(second->edits.empty());
  CHECK(second->changes.empty());
  CHECK(second->new_text == first->new_text);
}

TEST_CASE("another value is replaced in place, and what was not given stays", "[flags]") {
  Desired desired;
  desired.max_age_days = 7;
  const auto plan = planned(samples::kubeadm("    - --audit-log-maxage=30\n    - --audit-log-maxbackup=2\n"), desired);
  REQUIRE(plan);
  REQUIRE(plan->changes.size() == 1);
  CHECK(plan->changes[0].before == "--audit-log-maxage=30");
  CHECK(plan->changes[0].after == "--audit-log-maxage=7");
  CHECK(contains(plan->new_text, "--audit-log-maxage=7\n    - --audit-log-maxbackup=2\n"));
}

TEST_CASE("defaults fill only what is absent", "[flags]") {
  const auto plan = planned(samples::kubeadm("    - --audit-log-maxage=5\n"), readme_job());
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "--audit-log-maxage=5\n"));
  CHECK_FALSE(contains(plan->new_text, "--audit-log-maxage=30"));
  CHECK(contains(plan->new_text, "--audit-log-maxbackup=10\n"));
}

TEST_CASE("a value spelt otherwise that means the same is left alone", "[flags]") {
  Desired desired;
  desired.max_age_days = 8;
  const auto plan = planned(samples::kubeadm("    - --audit-log-maxage=010\n"), desired);
  REQUIRE(plan);
  CHECK(plan->edits.empty());
}

TEST_CASE("of a flag set twice the last counts, and one is kept", "[flags]") {
  Desired desired;
  desired.max_age_days = 9;
  const auto plan =
      planned(samples::kubeadm("    - --audit-log-maxage=1 # first\n    - --audit-log-maxage=2\n"), desired);
  REQUIRE(plan);
  CHECK_FALSE(contains(plan->new_text, "first"));
  CHECK(contains(plan->new_text, "    - --audit-log-maxage=9\n"));
}

TEST_CASE("underscores in a flag's name are dashes, and the spelling stays", "[flags]") {
  Desired desired;
  desired.max_age_days = 9;
  const auto plan = planned(samples::kubeadm("    - --audit_log_maxage=1\n"), desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "    - --audit_log_maxage=9\n"));
}

TEST_CASE("a flag and its value in two elements are changed as such", "[flags]") {
  Desired desired;
  desired.max_age_days = 9;
  const auto plan = planned(samples::kubeadm("    - --audit-log-maxage\n    - \"1\"\n"), desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "    - --audit-log-maxage\n    - \"9\"\n"));
}

TEST_CASE("NAME- takes a flag out, all of its elements", "[flags]") {
  Desired desired;
  desired.flags.push_back({"audit-log-format", std::nullopt});
  const auto plan = planned(samples::kubeadm("    - --audit-log-format\n    - json\n"), desired);
  REQUIRE(plan);
  CHECK(plan->new_text == samples::kubeadm());
}

TEST_CASE("in a list that is not sorted a new flag goes behind its family", "[flags]") {
  Desired desired;
  desired.max_age_days = 9;
  const auto plan =
      planned(samples::kubeadm("    - --zzz=1\n    - --audit-log-maxsize=5\n    - --allow-privileged=true\n"), desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "    - --audit-log-maxsize=5\n    - --audit-log-maxage=9\n"));
}

TEST_CASE("the initial backoff and its deprecated alias are one variable: the last of either wins", "[flags]") {
  Desired desired;
  desired.flags.push_back({"audit-webhook-initial-backoff", "5s"});
  const auto plan = planned(samples::kubeadm("    - --audit-webhook-initial-backoff=1s\n"
                                             "    - --audit-webhook-batch-initial-backoff=2s\n"),
                            desired);
  REQUIRE(plan);
  CHECK_FALSE(contains(plan->new_text, "=1s"));
  CHECK(contains(plan->new_text, "--audit-webhook-batch-initial-backoff=5s"));
}

TEST_CASE("a flag that no version knows is refused where it stands, with the nearest real one", "[flags]") {
  const auto plan = planned(samples::kubeadm("    - --audit-log=maxsize=100\n"), readme_job());
  REQUIRE_FALSE(plan);
  CHECK(plan.error().status == kaudit::ExitStatus::refused);
  CHECK(plan.error().line == 16);
  CHECK(contains(plan.error().message, "unknown flag: --audit-log"));
}

TEST_CASE("cross-flag rules are checked on the flags as they will be", "[flags]") {
  Desired desired = readme_job();
  desired.flags.push_back({"audit-log-mode", "wrong"});
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE_FALSE(plan);
  CHECK(contains(plan.error().message,
                 "invalid audit log mode wrong, allowed modes are \"batch,blocking,blocking-strict\""));
}

TEST_CASE("a version older than the oldest known is refused unless another is given", "[flags]") {
  std::string text = samples::kubeadm();
  text.replace(text.find("v1.36.1"), 7, "v1.19.0");
  CHECK_FALSE(planned(text, readme_job()));
  Desired desired = readme_job();
  desired.version = kaudit::kube::Version{1, 30};
  CHECK(planned(text, desired));
}

TEST_CASE("without a readable tag the rules of every known version apply, and it is said", "[flags]") {
  std::string text = samples::kubeadm();
  text.replace(text.find("v1.36.1"), 7, "latest ");
  const auto plan = planned(text, readme_job());
  REQUIRE(plan);
  CHECK(has_warning(*plan, "version-unknown"));
}
