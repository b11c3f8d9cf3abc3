#include "kaudit/policy/lint.hpp"

#include <algorithm>
#include <array>

#include "lint_rules.hpp"

namespace kaudit::policy {

std::string rule_path(std::size_t rule) { return "rules[" + std::to_string(rule) + "]"; }

std::string rule_path(std::size_t rule, std::string_view field) { return rule_path(rule) + "." + std::string(field); }

std::string item_path(std::string_view list, std::size_t item) {
  return std::string(list) + "[" + std::to_string(item) + "]";
}

std::string entry_path(std::size_t rule, std::size_t entry, std::string_view field) {
  return item_path(rule_path(rule, "resources"), entry) + "." + std::string(field);
}

std::string enumerate(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t k_longest = 80;
  std::string shown = "'" + one_line(text.substr(0, k_longest));
  if (text.size() > k_longest) {
    // not in the middle of a character of UTF-8
    while ((static_cast<unsigned char>(text[shown.size() - 1]) & 0xC0U) == 0x80U && shown.size() > 1) shown.pop_back();
    shown += "...";
  }
  return shown + "'";
}

bool is_unconditional(const Rule& rule) {
  return rule.users.empty() && rule.user_groups.empty() && rule.verbs.empty() && rule.resources.empty() &&
         rule.namespaces.empty() && rule.non_resource_urls.empty();
}

bool omits(const Policy& policy, const Rule& rule, Stage stage) {
  return policy.omit_stages.contains(to_string(stage)) || rule.omit_stages.contains(to_string(stage));
}

bool records(const LintInput& input, std::size_t index) {
  const Rule& rule = input.policy.rules[index];
  if (level_of(rule.level.value) == Level::none) return false;
  if (input.reaches[index].decides_no_real_request()) return false;
  // Panic alone is no record of what was done
  return !omits(input.policy, rule, Stage::request_received) || !omits(input.policy, rule, Stage::response_started) ||
         !omits(input.policy, rule, Stage::response_complete);
}

bool records_bodies(const LintInput& input, std::size_t index) {
  const Rule& rule = input.policy.rules[index];
  const auto level = level_of(rule.level.value);
  return level && *level >= Level::request && records(input, index) && rule.non_resource_urls.empty() &&
         !omits(input.policy, rule, Stage::response_complete);
}

std::vector<text::Diagnostic> lint(const Loading& loading, kube::Version version, const std::vector<Reach>& reaches) {
  if (!loading.policy) return {};
  const std::size_t rules = loading.policy->rules.size();
  const std::vector<Reach> open(reaches.size() == rules ? 0 : rules);  // for whoever did not ask
  const LintInput input{*loading.policy, loading.dropped, reaches.size() == rules ? reaches : open, version};
  std::vector<text::Diagnostic> all;
  for (const auto theme : {lint_keys, lint_order, lint_recording, lint_bodies, lint_subjects, lint_places, lint_verbs,
                           lint_groups, lint_resources}) {
    Findings findings;
    theme(input, findings);
    std::vector<text::Diagnostic> found = std::move(findings).take();
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const text::Diagnostic& a, const text::Diagnostic& b) { return a.offset < b.offset; });
  if (all.size() > k_most_findings) {
    all.resize(k_most_findings);
    all.push_back({text::Severity::info, "more-findings", "",
                   "there are more than " + std::to_string(k_most_findings) + " findings, the rest is left out",
                   "mend these and run it again", all.back().offset});
  }
  return all;
}

}  // namespace kaudit::policy
