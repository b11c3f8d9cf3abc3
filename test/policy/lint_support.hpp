#pragma once

#include <string>
#include <vector>

#include "kaudit/policy/lint.hpp"

namespace kaudit::test {

/// What lint says of a policy's text, everything around it done as the program does it.
[[nodiscard]] inline std::vector<text::Diagnostic> lint_text(const std::string& text,
                                                             kube::Version version = kube::k_newest_known,
                                                             std::size_t budget = policy::k_reach_budget) {
  const policy::Loading loading = policy::load(text::Source("policy.yaml", text), version);
  if (!loading.policy) return {};
  return policy::lint(loading, version, policy::reach(*loading.policy, version, budget));
}

/// A policy with these rules in which nothing else is found.
[[nodiscard]] inline std::string with_rules(const std::string& rules) {
  return "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nomitManagedFields: true\nrules:\n" +
         rules + "- level: Metadata\n";
}

/// A rule for one resource of one group.
[[nodiscard]] inline std::string with_resource(const std::string& group, const std::string& resource) {
  return with_rules("- level: None\n  verbs: [get]\n  resources:\n  - group: \"" + group + "\"\n    resources: [\"" +
                    resource + "\"]\n");
}

/// `code: hint`, a line for each, in order.
[[nodiscard]] inline std::vector<std::string> codes_and_hints(const std::vector<text::Diagnostic>& findings) {
  std::vector<std::string> lines;
  lines.reserve(findings.size());
  for (const text::Diagnostic& finding : findings) lines.push_back(finding.code + ": " + finding.hint);
  return lines;
}

[[nodiscard]] inline std::vector<std::string> codes(const std::vector<text::Diagnostic>& findings) {
  std::vector<std::string> found;
  found.reserve(findings.size());
  for (const text::Diagnostic& finding : findings) found.push_back(finding.code);
  return found;
}

}  // namespace kaudit::test
