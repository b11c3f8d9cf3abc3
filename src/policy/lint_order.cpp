// Rules that decide nothing because of the rules before them.

#include <algorithm>
#include <iterator>

#include "lint_rules.hpp"

namespace kaudit::policy {
namespace {

std::string rules_at(const Policy& policy, const std::vector<std::uint32_t>& indices) {
  constexpr std::size_t k_named = 8;
  std::vector<std::string> words;
  for (const std::uint32_t index : indices) {
    if (words.size() == k_named) {
      words.push_back(std::to_string(indices.size() - k_named) + " more");
      break;
    }
    words.push_back(std::to_string(index + 1) + " (line " + std::to_string(policy.rules[index].line) + ")");
  }
  return (indices.size() == 1 ? "rule " : "rules ") + enumerate(words);
}

/// A rule that only a resource with a slash could reach is told of where the resource stands, unless others cover it.
bool is_covered(const Reach& reach) {
  return reach.answer == Reach::Answer::unreachable || (reach.decides_no_real_request() && !reach.covered_by.empty());
}

/// Without those that never decide themselves: they only cover requests that no server makes.
std::vector<std::uint32_t> covers_of(const LintInput& input, std::size_t index) {
  const std::vector<std::uint32_t>& all = input.reaches[index].covered_by;
  std::vector<std::uint32_t> deciding;
  std::copy_if(all.begin(), all.end(), std::back_inserter(deciding),
               [&](std::uint32_t cover) { return !input.reaches[cover].decides_no_real_request(); });
  return deciding.empty() ? all : deciding;
}

void add_unreachable(const LintInput& input, std::size_t index, Findings& findings) {
  const Policy& policy = input.policy;
  const std::vector<std::uint32_t> covering = covers_of(input, index);
  const std::string number = std::to_string(index + 1);
  if (covering.empty()) {
    findings.add(text::Severity::warning, "unreachable-rule", rule_path(index), policy.rules[index].offset,
                 "rule " + number + " matches no request that can be made", "see docs/lint.md, unreachable-rule");
    return;
  }
  const bool one = covering.size() == 1;
  findings.add(text::Severity::warning, "unreachable-rule", rule_path(index), policy.rules[index].offset,
               "rule " + number + " never decides: every request that it matches is decided before, by " +
                   rules_at(policy, covering),
               std::string("move it before ") + (one ? "that rule" : "those rules") + ", or take it out");
}

}  // namespace

void lint_order(const LintInput& input, Findings& findings) {
  const std::vector<Rule>& rules = input.policy.rules;
  bool had_catch_all = false;
  for (std::size_t i = 0; i < rules.size() && !findings.are_enough(); ++i) {
    if (is_covered(input.reaches[i])) add_unreachable(input, i, findings);
    if (input.reaches[i].answer == Reach::Answer::open) {
      findings.add(text::Severity::info, "reach-open", rule_path(i), rules[i].offset,
                   "whether rule " + std::to_string(i + 1) +
                       " ever decides a request was not found out within the fixed number of steps",
                   "ask `kaudit explain` about a request that it should decide");
    }
    if (had_catch_all || i + 1 == rules.size() || !is_unconditional(rules[i])) continue;
    had_catch_all = true;
    const std::size_t behind = rules.size() - i - 1;
    findings.add(text::Severity::warning, "catch-all-first", rule_path(i), rules[i].offset,
                 "rule " + std::to_string(i + 1) + " has no condition and matches every request: " +
                     (behind == 1 ? "the rule behind it never decides"
                                  : "the " + std::to_string(behind) + " rules behind it never decide"),
                 "the first rule that matches decides: put this one last");
  }
}

}  // namespace kaudit::policy
