#include "planned.hpp"
#include "samples.hpp"

TEST_CASE("the pod carries the policy's digest, so that a new policy recreates it", "[annotation]") {
  const auto first = planned(samples::kubeadm(), readme_job());
  REQUIRE(first);
  CHECK(
      contains(first->new_text, "    kaudit/policy-sha256: " + std::string(64, 'a') + "\n    kubeadm.kubernetes.io/"));
  kaudit::patch::Desired desired = readme_job();
  desired.policy_digest = std::string(64, 'b');
  const auto second = planned(first->new_text, desired);
  REQUIRE(second);
  REQUIRE(second->changes.size() == 1);
  CHECK(second->changes[0].path == "metadata.annotations[kaudit/policy-sha256]");
}

TEST_CASE("a pod without annotations gets them", "[annotation]") {
  std::string text = samples::kubeadm();
  const std::size_t begin = text.find("  annotations:");
  text.erase(begin, text.find("  labels:") - begin);
  const auto plan = planned(text, readme_job());
  REQUIRE(plan);
  CHECK(
      contains(plan->new_text, "metadata:\n  annotations:\n    kaudit/policy-sha256: " + std::string(64, 'a') + "\n"));
}

TEST_CASE("a digest that a YAML reader could take for a number is quoted", "[annotation]") {
  kaudit::patch::Desired desired = readme_job();
  desired.policy_digest = std::string(64, '1');
  const auto plan = planned(samples::kubeadm(), desired);
  REQUIRE(plan);
  CHECK(contains(plan->new_text, "kaudit/policy-sha256: \"" + std::string(64, '1') + "\""));
  desired.policy_digest = "1e" + std::string(62, '3');
  CHECK(planned(samples::kubeadm(), desired));
}
