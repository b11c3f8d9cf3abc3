// Rules that write passwords, keys and tokens into the log: found by asking the evaluator about requests that carry
// them, so that what earlier rules take away is taken into account.

#include <algorithm>
#include <array>
#include <span>

#include "kaudit/kube/user_groups.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "lint_rules.hpp"

namespace kaudit::policy {
namespace {

/// In which part of a request the secret is.
enum class Carried : std::uint8_t { request, response, both };

struct Verb {
  std::string_view name;
  Carried carried;
  bool has_name;
};

// A watch's objects are in no event; what DELETE answers is a Status, of a collection the deleted objects.
// Source: apiserver pkg/endpoints/handlers (delete.go, watch.go), pkg/audit/request.go.
constexpr std::array<Verb, 6> k_stored = {{{"get", Carried::response, true},
                                           {"list", Carried::response, false},
                                           {"create", Carried::both, false},
                                           {"update", Carried::both, true},
                                           {"patch", Carried::both, true},
                                           {"deletecollection", Carried::response, false}}};
constexpr std::array<Verb, 1> k_review = {{{"create", Carried::both, false}}};
/// A TokenRequest asks for audiences; its answer holds the token.
constexpr std::array<Verb, 1> k_token_request = {{{"create", Carried::response, true}}};

struct Sensitive {
  std::string_view group;
  std::string_view resource;
  std::string_view subresource;
  std::span<const Verb> verbs;
  bool is_namespaced;
  std::string_view shown;
};

constexpr std::array<Sensitive, 4> k_sensitive = {
    {{"", "secrets", "", k_stored, true, "Secrets"},
     {"", "configmaps", "", k_stored, true, "ConfigMaps"},
     {"authentication.k8s.io", "tokenreviews", "", k_review, false, "TokenReviews"},
     {"", "serviceaccounts", "token", k_token_request, true, "ServiceAccount tokens"}}};

// What a policy does not name.
constexpr std::string_view k_some_user = "jane.doe@example.com";
constexpr std::string_view k_some_namespace = "some-namespace";
constexpr std::string_view k_some_name = "some-name";

/// The first few texts of a condition; `otherwise` when there is none.
std::vector<std::string_view> some_of(const TextList& list, std::string_view otherwise) {
  constexpr std::size_t k_most = 6;
  if (list.empty()) return {otherwise};
  std::vector<std::string_view> some;
  for (std::size_t i = 0; i < std::min(list.items.size(), k_most); ++i) some.emplace_back(list.items[i].value);
  return some;
}

class BodyFinder {
 public:
  explicit BodyFinder(const LintInput& input)
      : m_input(input), m_evaluator(Evaluator::compile(input.policy, input.version)) {}

  /// Whether a request for it is decided by this rule, whose level records the part that is secret.
  bool records(std::size_t index, const Sensitive& what) {
    const Rule& rule = m_input.policy.rules[index];
    const bool answers = level_of(rule.level.value) == Level::request_response;
    return std::any_of(what.verbs.begin(), what.verbs.end(), [&](const Verb& verb) {
      return (answers || verb.carried != Carried::response) && (rule.verbs.empty() || rule.verbs.contains(verb.name)) &&
             decides(index, what, verb);
    });
  }

  /// The steps that are left for the whole policy; the same in every run.
  [[nodiscard]] bool has_budget() const noexcept { return m_budget != 0; }

 private:
  bool decides(std::size_t index, const Sensitive& what, const Verb& verb) {
    const Rule& rule = m_input.policy.rules[index];
    for (const std::string_view user : some_of(rule.users, k_some_user)) {
      for (const std::string_view group : some_of(rule.user_groups, "")) {
        for (const std::string_view space : some_of(rule.namespaces, what.is_namespaced ? k_some_namespace : "")) {
          if (!what.is_namespaced && !space.empty()) continue;
          if (what.is_namespaced && space.empty() && verb.name != "list") continue;
          for (const std::string_view name : names(rule, what, verb)) {
            if (is_decided_by(index, what, verb, {user, group, space, name})) return true;
          }
        }
      }
    }
    return false;
  }

  struct Who {
    std::string_view user;
    std::string_view group;
    std::string_view name_space;
    std::string_view name;
  };

  static std::vector<std::string_view> names(const Rule& rule, const Sensitive& what, const Verb& verb) {
    if (!verb.has_name) return {""};
    std::vector<std::string_view> all = {k_some_name};
    for (const GroupResources& entry : rule.resources) {
      if (entry.resource_names.empty() || entry.group.value != what.group || all.size() > 6) continue;
      for (const std::string_view name : some_of(entry.resource_names, "")) all.push_back(name);
    }
    return all;
  }

  bool is_decided_by(std::size_t index, const Sensitive& what, const Verb& verb, const Who& who) {
    if (m_budget == 0) return false;
    --m_budget;
    const std::vector<std::string> owned = kube::groups_by_name(who.user, m_input.version);
    std::vector<std::string_view> groups(owned.begin(), owned.end());
    if (!who.group.empty()) groups.push_back(who.group);
    Attributes request;
    request.user = who.user;
    request.groups = groups;
    request.verb = verb.name;
    request.name_space = who.name_space;
    request.api_group = what.group;
    request.resource = what.resource;
    request.subresource = what.subresource;
    request.name = who.name;
    return m_evaluator.decide(request).rule == index;
  }

  const LintInput& m_input;
  Evaluator m_evaluator;
  std::size_t m_budget = 500'000;
};

}  // namespace

void lint_bodies(const LintInput& input, Findings& findings) {
  bool any = false;
  for (std::size_t i = 0; i < input.policy.rules.size() && !any; ++i) any = records_bodies(input, i);
  if (!any) return;
  BodyFinder finder(input);
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough() && finder.has_budget(); ++i) {
    const Rule& rule = input.policy.rules[i];
    if (!records_bodies(input, i)) continue;
    std::vector<std::string> found;
    std::vector<std::string> resources;
    for (const Sensitive& what : k_sensitive) {
      if (!finder.records(i, what)) continue;
      found.emplace_back(what.shown);
      resources.push_back(std::string(what.resource) +
                          (what.subresource.empty() ? "" : "/" + std::string(what.subresource)));
    }
    if (found.empty()) continue;
    findings.add(text::Severity::warning, "secret-bodies", rule_path(i, "level"), rule.level.offset,
                 "rule " + std::to_string(i + 1) + " writes " + enumerate(found) +
                     " with their contents into the log: whoever reads the log can read them",
                 "put a rule with the level Metadata for " + enumerate(resources) + " before this one");
  }
}

}  // namespace kaudit::policy
