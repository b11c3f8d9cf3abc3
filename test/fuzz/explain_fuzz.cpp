// Any text as a line of `explain --requests`: it is read or refused, and every policy decides it.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/load.hpp"
#include "kaudit/policy/request.hpp"

using namespace kaudit;

namespace {

const policy::Policy& sample() {
  static const policy::Policy k_policy = *policy::load(text::Source("policy.yaml", R"(
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: None, users: ["", a, "system:kube-proxy"], verbs: [watch, get]}
- {level: Request, userGroups: [g, "system:nodes"], namespaces: ["", a, kube-system]}
- {level: None, verbs: [get, put], resources: [{group: apps, resources: ["a/*", b/c, "*/scale"], resourceNames: [a]}]}
- level: Metadata
  resources: [{group: "", resources: [pods, pods/log, "*/status", "services/*"], resourceNames: [a, ""]}, {group: "*"}]
- {level: None, nonResourceURLs: ["/healthz*", /version, "*"]}
- {level: RequestResponse, omitManagedFields: true}
)"),
                                                       kube::k_newest_known)
                                              .policy;
  return k_policy;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const policy::Evaluator k_evaluator = policy::Evaluator::compile(sample(), kube::k_newest_known);
  const auto request =
      policy::read_request(text::Source("fuzz", std::string(reinterpret_cast<const char*>(data), size)));
  if (!request) return 0;
  std::vector<std::string_view> groups;
  const policy::Attributes attributes = policy::attributes_of(*request, groups);
  const policy::Decision decision = k_evaluator.decide(attributes);
  // The last rule takes everything, and the rule that decides is the first that matches by itself.
  if (!decision.rule) std::abort();
  for (std::size_t i = 0; i <= *decision.rule; ++i) {
    const bool matches =
        policy::mismatch(sample().rules[i], attributes, kube::k_newest_known) == policy::Mismatch::none;
    if (matches != (i == *decision.rule)) std::abort();
  }
  return 0;
}
