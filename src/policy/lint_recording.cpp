// What the policy as a whole records: nothing, no changes, twice, or too much of it.

#include <algorithm>
#include <array>

#include "lint_rules.hpp"
#include "versions.hpp"

namespace kaudit::policy {
namespace {

using text::Severity;

constexpr std::array<std::string_view, 5> k_writes = {"create", "update", "patch", "delete", "deletecollection"};
/// Of steps; beyond it changes count as recorded.
constexpr std::size_t k_writes_budget = 200'000;
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

enum class Writes : std::uint8_t { recorded, unknown, none };

/// Of requests for resources that a server makes.
bool decides_resources(const Reach& reach) {
  return !reach.decides_no_real_request() && reach.witness && reach.witness->kind == RequestKind::resource;
}

/// From verbs alone, and from the requests that are known to be decided by a rule: with a verb that no rule before
/// names such a request is decided by the same rule.
Writes writes_at_a_glance(const LintInput& input) {
  std::vector<std::string_view> left(k_writes.begin(), k_writes.end());
  std::vector<std::string_view> unnamed = left;
  bool any = false;
  for (std::size_t i = 0; i < input.policy.rules.size() && !left.empty(); ++i) {
    const Rule& rule = input.policy.rules[i];
    if (records(input, i) && rule.non_resource_urls.empty() && has_any(rule.verbs, left)) {
      if (!unnamed.empty() && has_any(rule.verbs, unnamed) && decides_resources(input.reaches[i])) {
        return Writes::recorded;
      }
      any = true;
    }
    std::erase_if(unnamed, [&](std::string_view verb) { return rule.verbs.contains(verb); });
    if (!only_verbs(rule)) continue;
    std::erase_if(left, [&](std::string_view verb) { return rule.verbs.empty() || rule.verbs.contains(verb); });
  }
  return any ? Writes::unknown : Writes::none;
}

/// The policy as it is for writes of resources; `origin` has the rules' indices in the whole one.
Policy only_writes(const Policy& policy, std::vector<std::size_t>& origin) {
  Policy writes;
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    if (!policy.rules[i].non_resource_urls.empty()) continue;
    Rule rule = policy.rules[i];
    std::vector<Text> verbs;
    for (const std::string_view verb : k_writes) {
      if (rule.verbs.empty() || rule.verbs.contains(verb)) verbs.push_back({std::string(verb), 0});
    }
    if (verbs.empty()) continue;
    rule.verbs.items = std::move(verbs);
    writes.rules.push_back(std::move(rule));
    origin.push_back(i);
  }
  return writes;
}

/// Whether any write gets as far as a rule that records it. Sure only when it says no.
bool may_record_writes(const LintInput& input) {
  const Writes glance = writes_at_a_glance(input);
  if (glance != Writes::unknown) return glance == Writes::recorded;
  std::vector<std::size_t> origin;
  const Policy writes = only_writes(input.policy, origin);
  const std::vector<Reach> reaches = reach(writes, input.version, k_writes_budget);
  for (std::size_t i = 0; i < reaches.size(); ++i) {
    if (!records(input, origin[i])) continue;
    if (reaches[i].answer == Reach::Answer::open) return true;
    if (decides_resources(reaches[i])) return true;
  }
  return false;
}

bool records_anything(const LintInput& input) {
  for (std::size_t i = 0; i < input.policy.rules.size(); ++i) {
    if (records(input, i)) return true;
  }
  return false;
}

void lint_nothing(const LintInput& input, Findings& findings) {
  findings.add(Severity::warning, "nothing-recorded", "rules", input.policy.rules.front().offset,
               "no event is ever written: every rule that decides has the level None or leaves out all stages that its "
               "requests have (ResponseStarted is for requests that stay open, such as watch and exec)",
               "end with a rule `- level: Metadata`");
}

void lint_writes(const LintInput& input, Findings& findings) {
  const Rule& first = input.policy.rules.front();
  if (may_record_writes(input)) return;
  findings.add(Severity::warning, "no-writes", "rules", first.offset,
               "no rule records create, update, patch, delete or deletecollection: the log never shows who changed "
               "something",
               "add a rule `- level: Metadata` with `verbs: [create, update, patch, delete, deletecollection]`");
}

void lint_request_received(const LintInput& input, Findings& findings) {
  const auto& rules = input.policy.rules;
  std::size_t recording = 0;
  std::vector<std::size_t> twice;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!records(input, i)) continue;
    ++recording;
    const bool has_both = !omits(input.policy, rules[i], Stage::request_received) &&
                          !omits(input.policy, rules[i], Stage::response_complete);
    if (has_both) twice.push_back(i);
  }
  if (twice.empty()) return;
  const bool all = twice.size() == recording;
  const std::size_t first = twice.front();
  findings.add(Severity::info, "request-received", all ? "omitStages" : rule_path(first, "omitStages"),
               all ? rules.front().offset : rules[first].offset,
               (all ? "every request" : "every request of rule " + std::to_string(first + 1)) +
                   " is written twice: once when it is received, and again, with its outcome, when it is done",
               "add `omitStages: [RequestReceived]` beside `rules`");
}

/// What a log without ResponseComplete holds.
enum class Left : std::uint8_t { received, streams, nothing };

std::string without_outcome(const std::string& whose, Left left) {
  switch (left) {
    case Left::received:
      return "the outcome of " + whose +
             " is not recorded: whether they were allowed, refused or failed stands in no event";
    case Left::streams:
      return "of " + whose +
             " only those that stay open (watch, exec and the like) are recorded, at ResponseStarted: of others there "
             "is no event";
    case Left::nothing:
      break;
  }
  return whose + " are not recorded at all: only requests that stay open have the stage ResponseStarted";
}

/// Where the stage is left out, for rules that record something whose outcome only it tells.
void lint_outcome(const LintInput& input, Findings& findings) {
  const std::string_view stage = to_string(Stage::response_complete);
  const auto report = [&](const TextList& list, const std::string& path, std::string message) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (list.items[i].value != stage) continue;
      findings.add(Severity::warning, "outcome-omitted", item_path(path, i), list.items[i].offset, std::move(message),
                   "leave ResponseComplete out of omitStages");
      return;
    }
  };
  const TextList& everywhere = input.policy.omit_stages;
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough(); ++i) {
    const Rule& rule = input.policy.rules[i];
    const bool received = !omits(input.policy, rule, Stage::request_received);
    const bool started = !omits(input.policy, rule, Stage::response_started);
    // who leaves all out wants no event; a watch has an outcome before, when its answer starts
    if (!has_level(input, i) || (!received && !started) || (is_watch_only(rule) && started)) continue;
    if (everywhere.contains(stage)) {
      const bool dropped = everywhere.contains(to_string(Stage::request_received));
      return report(everywhere, "omitStages",
                    without_outcome("all requests", dropped ? Left::streams : Left::received));
    }
    const Left left = received ? Left::received : records(input, i) ? Left::streams : Left::nothing;
    report(rule.omit_stages, rule_path(i, "omitStages"),
           without_outcome("the requests of rule " + std::to_string(i + 1), left));
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
  if (!records_anything(input)) return lint_nothing(input, findings);
  lint_writes(input, findings);
  lint_request_received(input, findings);
  lint_outcome(input, findings);
  lint_managed_fields(input, findings);
}

}  // namespace kaudit::policy
