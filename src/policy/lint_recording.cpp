// What the policy as a whole records: nothing, no changes, twice, or too much of it.

#include <algorithm>
#include <array>

#include "lint_rules.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

using text::Severity;

constexpr std::array<std::string_view, 5> k_writes = {"create", "update", "patch", "delete", "deletecollection"};
/// The writes that carry an object.
constexpr std::array<std::string_view, 3> k_sends_object = {"create", "update", "patch"};

bool has_any(const TextList& verbs, const auto& wanted) {
  return verbs.empty() ||
         std::any_of(wanted.begin(), wanted.end(), [&](std::string_view verb) { return verbs.contains(verb); });
}

bool is_watch_only(const Rule& rule) {
  return !rule.verbs.empty() && std::all_of(rule.verbs.items.begin(), rule.verbs.items.end(),
                                            [](const Text& t) { return t.value == "watch"; });
}

bool only_verbs(const Rule& rule) {
  return rule.users.empty() && rule.user_groups.empty() && rule.resources.empty() && rule.namespaces.empty() &&
         rule.non_resource_urls.empty();
}

/// Whether any write gets as far as a rule that records it. Sure only when it says no.
bool may_record_writes(const LintInput& input) {
  std::vector<std::string_view> left(k_writes.begin(), k_writes.end());
  for (std::size_t i = 0; i < input.policy.rules.size() && !left.empty(); ++i) {
    const Rule& rule = input.policy.rules[i];
    if (records(input, i) && rule.non_resource_urls.empty() && has_any(rule.verbs, left)) return true;
    if (!only_verbs(rule)) continue;
    std::erase_if(left, [&](std::string_view verb) { return rule.verbs.empty() || rule.verbs.contains(verb); });
  }
  return false;
}

void lint_nothing(const LintInput& input, Findings& findings) {
  const Rule& first = input.policy.rules.front();
  bool any = false;
  for (std::size_t i = 0; i < input.policy.rules.size() && !any; ++i) any = records(input, i);
  if (!any) {
    findings.add(Severity::warning, "nothing-recorded", "rules", first.offset,
                 "no event is ever written: every rule that decides has the level None or leaves all stages out",
                 "end with a rule `- level: Metadata`");
    return;
  }
  if (may_record_writes(input)) return;
  findings.add(Severity::warning, "no-writes", "rules", first.offset,
               "no rule records create, update, patch, delete or deletecollection: the log never shows who changed "
               "something",
               "add a rule `- level: Metadata` with `verbs: [create, update, patch, delete, deletecollection]`");
}

void lint_request_received(const LintInput& input, Findings& findings) {
  const auto& rules = input.policy.rules;
  if (input.policy.omit_stages.contains(to_string(Stage::request_received))) return;
  bool any = false;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].omit_stages.contains(to_string(Stage::request_received))) return;
    any = any || records(input, i);
  }
  if (!any) return;
  findings.add(Severity::info, "request-received", "omitStages", rules.front().offset,
               "every request is written twice: once when it is received, and again, with its outcome, when it is done",
               "add `omitStages: [RequestReceived]` beside `rules`");
}

/// Where the stage is left out, for rules that record something whose outcome only it tells.
void lint_outcome(const LintInput& input, Findings& findings) {
  const std::string_view stage = to_string(Stage::response_complete);
  const auto report = [&](const TextList& list, const std::string& path, const std::string& whose) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (list.items[i].value != stage) continue;
      findings.add(Severity::warning, "outcome-omitted", item_path(path, i), list.items[i].offset,
                   "the outcome of " + whose +
                       " is not recorded: whether they were allowed, refused or failed stands in no event",
                   "leave ResponseComplete out of omitStages");
      return;
    }
  };
  const bool everywhere = input.policy.omit_stages.contains(stage);
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough(); ++i) {
    const Rule& rule = input.policy.rules[i];
    // a watch has an outcome before, when its answer starts
    if (!records(input, i) || (is_watch_only(rule) && !omits(input.policy, rule, Stage::response_started))) continue;
    if (everywhere) return report(input.policy.omit_stages, "omitStages", "all requests");
    report(rule.omit_stages, rule_path(i, "omitStages"), "the requests of rule " + std::to_string(i + 1));
  }
}

/// Whether events of the rule can hold an object with metadata.
bool records_objects(const LintInput& input, std::size_t index) {
  const Rule& rule = input.policy.rules[index];
  if (!records_bodies(input, index)) return false;
  const auto level = level_of(rule.level.value);
  if (level == Level::request_response) return !is_watch_only(rule);
  return has_any(rule.verbs, k_sends_object);
}

void lint_managed_fields(const LintInput& input, Findings& findings) {
  if (input.version < k_managed_fields_since || input.policy.omit_managed_fields_offset != 0) return;
  constexpr std::size_t k_named = 8;
  const Rule* first = nullptr;
  std::size_t first_index = 0;
  std::vector<std::string> numbers;
  std::size_t more = 0;
  for (std::size_t i = 0; i < input.policy.rules.size(); ++i) {
    const Rule& rule = input.policy.rules[i];
    if (rule.omit_managed_fields || !records_objects(input, i)) continue;
    if (first == nullptr) {
      first = &rule;
      first_index = i;
    }
    if (numbers.size() < k_named) {
      numbers.push_back(std::to_string(i + 1));
    } else {
      ++more;
    }
  }
  if (first == nullptr) return;
  const bool one = numbers.size() == 1;
  if (more != 0) numbers.push_back(std::to_string(more) + " more");
  findings.add(Severity::info, "managed-fields", rule_path(first_index, "level"), first->level.offset,
               (one ? "rule " : "rules ") + enumerate(numbers) + (one ? " records" : " record") +
                   " objects with their metadata.managedFields, which is often half of an object and tells who wrote "
                   "which field, not what",
               "add `omitManagedFields: true` beside `rules` (false, to keep them)");
}

}  // namespace

void lint_recording(const LintInput& input, Findings& findings) {
  if (input.policy.rules.empty()) return;
  lint_nothing(input, findings);
  lint_request_received(input, findings);
  lint_outcome(input, findings);
  lint_managed_fields(input, findings);
}

}  // namespace kaudit::policy
