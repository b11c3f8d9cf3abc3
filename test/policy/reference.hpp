#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/random.hpp"

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/policy.hpp"
#include "kaudit/policy/reach.hpp"

namespace kaudit::test {

/// policyRuleEvaluator.EvaluatePolicyRule of k8s.io/apiserver pkg/audit/policy/checker.go (v0.20 to v0.37), line by
/// line and slow: what the compiled evaluator is compared with.
[[nodiscard]] bool matches(const policy::Rule& rule, const policy::OwnedRequest& request, kube::Version version);
[[nodiscard]] std::optional<std::uint32_t> first_match(const policy::Policy& policy,
                                                       const policy::OwnedRequest& request, kube::Version version);

/// Views of an OwnedRequest, which must stay.
class View {
 public:
  explicit View(const policy::OwnedRequest& request);
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  View(View&&) = delete;
  View& operator=(View&&) = delete;
  ~View() = default;
  [[nodiscard]] const policy::Attributes& attributes() const { return m_attributes; }

 private:
  std::vector<std::string_view> m_groups;
  policy::Attributes m_attributes;
};

[[nodiscard]] policy::TextList list(const std::vector<std::string>& texts);

/// Each rule has `level`, unless it says otherwise.
struct RuleParts {
  std::vector<std::string> users = {};
  std::vector<std::string> groups = {};
  std::vector<std::string> verbs = {};
  std::vector<policy::GroupResources> resources = {};
  std::vector<std::string> namespaces = {};
  std::vector<std::string> urls = {};
  std::string level = "Metadata";
};
[[nodiscard]] policy::Rule rule(const RuleParts& parts);
[[nodiscard]] policy::GroupResources entry(const std::string& group, const std::vector<std::string>& resources = {},
                                           const std::vector<std::string>& names = {});
[[nodiscard]] policy::Policy policy_of(std::vector<policy::Rule> rules);

/// How often rules leave a dimension free, and from how many texts they choose.
struct Shape {
  std::size_t constrained_one_in = 2;
  std::size_t texts = 3;
};
[[nodiscard]] policy::Policy random_policy(Random& random, std::size_t rules, Shape shape);
[[nodiscard]] policy::OwnedRequest random_request(Random& random, Shape shape);

/// The texts random policies are made of, so that small universes can be searched whole.
[[nodiscard]] std::string text_of(std::size_t number);
[[nodiscard]] std::string describe(const policy::OwnedRequest& request);

}  // namespace kaudit::test
