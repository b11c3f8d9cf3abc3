#include "kaudit/policy/lint.hpp"

#include <algorithm>
#include <array>

#include "kaudit/kube/long_running.hpp"
#include "lint_rules.hpp"
#include "patterns.hpp"
#include "resource_names.hpp"

namespace kaudit::policy {
namespace {

/// Whether requests with one of the rule's verbs can be for a part of an object: lists have no name, and no part.
/// Source: apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo, v0.20 to v0.37.
bool may_have_subresource(const Rule& rule) {
  return rule.verbs.empty() || std::any_of(rule.verbs.items.begin(), rule.verbs.items.end(), [](const Text& verb) {
           return verb.value != "list" && verb.value != "deletecollection";
         });
}

bool may_name_stream(const GroupResources& entry) {
  return entry.resources.empty() ||
         std::any_of(entry.resources.items.begin(), entry.resources.items.end(), [](const Text& text) {
           if (text.value == k_every || resource_with_subresources(text.value)) return true;
           return kube::is_long_running("", split_resource(text.value).part.value_or(""));
         });
}

bool may_be_profiling(const Text& url) {
  const auto prefix = prefix_of_url(url.value);
  return kube::is_long_running_path(prefix.value_or(url.value)) ||
         (prefix && kube::k_long_running_paths.starts_with(*prefix));
}

/// Whether a request that stays open can match. Sure only when it says no.
bool may_be_long_running(const Rule& rule) {
  if (!is_for_resources(rule) && !rule.non_resource_urls.empty()) {
    return std::any_of(rule.non_resource_urls.items.begin(), rule.non_resource_urls.items.end(), may_be_profiling);
  }
  if (is_for_both_kinds(rule) || rule.verbs.empty()) return true;
  if (std::any_of(rule.verbs.items.begin(), rule.verbs.items.end(),
                  [](const Text& verb) { return kube::is_long_running(verb.value, ""); })) {
    return true;
  }
  return may_have_subresource(rule) &&
         (rule.resources.empty() || std::any_of(rule.resources.begin(), rule.resources.end(), may_name_stream));
}

}  // namespace

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

bool has_level(const LintInput& input, std::size_t index) {
  return level_of(input.policy.rules[index].level.value) != Level::none &&
         !input.reaches[index].decides_no_real_request();
}

bool records(const LintInput& input, std::size_t index) {
  const Rule& rule = input.policy.rules[index];
  if (!has_level(input, index)) return false;
  // Panic alone is no record of what was done
  return !omits(input.policy, rule, Stage::request_received) || !omits(input.policy, rule, Stage::response_complete) ||
         (!omits(input.policy, rule, Stage::response_started) && may_be_long_running(rule));
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
