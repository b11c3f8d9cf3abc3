// Rules that write passwords, keys and tokens into the log: found by asking the evaluator about requests that carry
// them, so that what earlier rules take away is taken into account.

#include <algorithm>
#include <array>
#include <span>

#include "candidates.hpp"
#include "kaudit/kube/user_groups.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "lint_rules.hpp"
#include "patterns.hpp"
#include "resource_names.hpp"

namespace kaudit::policy {
namespace {

/// In which part of a request the secret is.
enum class Carried : std::uint8_t { request, response, both };

/// Whether requests with the verb name an object. That of a list is its field selector's `metadata.name`.
/// Source: apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo, v0.20 to v0.37.
enum class Naming : std::uint8_t { never, sometimes, always };

struct Verb {
  std::string_view name;
  Carried carried;
  Naming naming;
};

// A watch's objects are in no event. What DELETE answers is the object where it does not go at once (a finalizer,
// propagationPolicy Foreground or Orphan), a Status where it does; of a collection, the deleted objects.
// Source: apiserver pkg/endpoints/handlers (delete.go, watch.go), pkg/registry/generic/registry/store.go Store.Delete
// and DeleteCollection, pkg/audit/request.go, v0.20 to v0.37.
constexpr std::array<Verb, 7> k_stored = {{{"get", Carried::response, Naming::always},
                                           {"list", Carried::response, Naming::sometimes},
                                           {"create", Carried::both, Naming::never},
                                           {"update", Carried::both, Naming::always},
                                           {"patch", Carried::both, Naming::always},
                                           {"delete", Carried::response, Naming::always},
                                           {"deletecollection", Carried::response, Naming::never}}};
constexpr std::array<Verb, 1> k_review = {{{"create", Carried::both, Naming::never}}};
/// A TokenRequest asks for audiences; its answer holds the token.
constexpr std::array<Verb, 1> k_token_request = {{{"create", Carried::response, Naming::always}}};

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

/// The texts of a condition; `otherwise` when there is none.
std::vector<std::string_view> all_of(const TextList& list, std::string_view otherwise) {
  if (list.empty()) return {otherwise};
  std::vector<std::string_view> all;
  all.reserve(list.items.size());
  for (const Text& text : list.items) all.emplace_back(text.value);
  return all;
}

/// The parts of a request that a rule leaves a choice of, the first changing most slowly.
struct Part {
  enum Index : std::size_t { user, group, name_space, name };
  static constexpr std::size_t k_count = 4;
};

/// How many parts, from the first on, a rule that matches looks at: it matches whatever the others are. The groups that
/// a user has come with the name.
std::size_t parts_looked_at(const Rule& rule) {
  if (std::any_of(rule.resources.begin(), rule.resources.end(),
                  [](const GroupResources& entry) { return !entry.resource_names.empty(); })) {
    return Part::name + 1;
  }
  if (!rule.namespaces.empty()) return Part::name_space + 1;
  if (!rule.user_groups.empty()) return Part::group + 1;
  return rule.users.empty() ? 0 : Part::user + 1;
}

/// Every combination of the texts of some parts.
class Choices {
 public:
  /// `fresh`: the name of a user whom the policy does not name.
  Choices(const Rule& rule, std::string_view fresh, std::vector<std::string_view> spaces,
          std::vector<std::string_view> names)
      : m_texts{all_of(rule.users, fresh), all_of(rule.user_groups, ""), std::move(spaces), std::move(names)} {
    for (const auto& texts : m_texts) m_at_end = m_at_end || texts.empty();
  }

  [[nodiscard]] bool at_end() const noexcept { return m_at_end; }
  [[nodiscard]] std::string_view of(Part::Index part) const noexcept { return m_texts[part][m_at[part]]; }

  /// To the next one in which one of the first `parts` parts is another.
  void skip(std::size_t parts) noexcept {
    std::fill(m_at.begin() + static_cast<std::ptrdiff_t>(parts), m_at.end(), 0);
    for (; parts > 0; --parts) {
      if (++m_at[parts - 1] < m_texts[parts - 1].size()) return;
      m_at[parts - 1] = 0;
    }
    m_at_end = true;
  }

  /// Without this name, whatever the other parts are.
  void drop_name() noexcept {
    std::vector<std::string_view>& names = m_texts[Part::name];
    names[m_at[Part::name]] = names.back();
    names.pop_back();
    if (names.empty()) m_at_end = true;
    if (m_at[Part::name] == names.size() && !m_at_end) skip(Part::name);
  }

 private:
  std::array<std::vector<std::string_view>, Part::k_count> m_texts;
  std::array<std::size_t, Part::k_count> m_at{};
  bool m_at_end = false;
};

class BodyFinder {
 public:
  explicit BodyFinder(const LintInput& input)
      : m_input(input), m_evaluator(Evaluator::compile(input.policy, input.version)), m_fresh(input.policy) {
    for (const Rule& rule : input.policy.rules) m_looked_at.push_back(parts_looked_at(rule));
  }

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
    Choices choices(rule, m_fresh.name(), spaces(rule, what, verb), names(rule, what, verb));
    for (; !choices.at_end() && m_budget != 0; --m_budget) {
      const auto by = decided_by(what, verb, choices);
      if (by == index) return true;
      if (!by || *by > index) {
        choices.drop_name();  // the rule itself does not match the object
      } else {
        choices.skip(m_looked_at[*by]);
      }
    }
    return false;
  }

  [[nodiscard]] std::vector<std::string_view> spaces(const Rule& rule, const Sensitive& what, const Verb& verb) const {
    std::vector<std::string_view> all =
        all_of(rule.namespaces, what.is_namespaced ? std::string_view(m_fresh.name()) : std::string_view());
    std::erase_if(all, [&](std::string_view space) {
      return what.is_namespaced ? space.empty() && verb.name != "list" : !space.empty();
    });
    return all;
  }

  static bool may_name(const GroupResources& entry, const Sensitive& what) {
    if (entry.group.value != what.group && entry.group.value != k_every) return false;
    return std::any_of(entry.resources.items.begin(), entry.resources.items.end(), [&](const Text& text) {
      const std::string_view base = split_resource(text.value).base;
      return base == what.resource || base == k_every;
    });
  }

  [[nodiscard]] std::vector<std::string_view> names(const Rule& rule, const Sensitive& what, const Verb& verb) const {
    if (verb.naming == Naming::never) return {""};
    std::vector<std::string_view> all = {verb.naming == Naming::sometimes ? std::string_view()
                                                                          : std::string_view(m_fresh.name())};
    for (const GroupResources& entry : rule.resources) {
      if (!may_name(entry, what)) continue;
      for (const Text& text : entry.resource_names.items) all.emplace_back(text.value);
    }
    return all;
  }

  [[nodiscard]] std::optional<std::uint32_t> decided_by(const Sensitive& what, const Verb& verb,
                                                        const Choices& choices) const {
    const std::vector<std::string> owned = kube::groups_by_name(choices.of(Part::user), m_input.version);
    std::vector<std::string_view> groups(owned.begin(), owned.end());
    if (!choices.of(Part::group).empty()) groups.push_back(choices.of(Part::group));
    Attributes request;
    request.user = choices.of(Part::user);
    request.groups = groups;
    request.verb = verb.name;
    request.name_space = choices.of(Part::name_space);
    request.api_group = what.group;
    request.resource = what.resource;
    request.subresource = what.subresource;
    request.name = choices.of(Part::name);
    return m_evaluator.decide(request).rule;
  }

  const LintInput& m_input;
  Evaluator m_evaluator;
  FreshTexts m_fresh;                    ///< for what the policy does not name
  std::vector<std::size_t> m_looked_at;  ///< of each rule
  std::size_t m_budget = 500'000;
};

void add_open(const Rule& rule, std::size_t index, Findings& findings) {
  findings.add(text::Severity::info, "secret-bodies-open", rule_path(index, "level"), rule.level.offset,
               "whether rule " + std::to_string(index + 1) +
                   " or one behind it writes Secrets with their contents into the log was not found out within the "
                   "fixed number of steps",
               "try it with kaudit explain, or shorten the lists of users, namespaces and names");
}

/// Of a rule that names them, at the level Request.
void note_token_requests(const Rule& rule, std::size_t index, Findings& findings) {
  const bool names_it = std::any_of(rule.resources.begin(), rule.resources.end(), [](const GroupResources& entry) {
    return entry.group.value.empty() && entry.resources.contains("serviceaccounts/token");
  });
  if (!names_it || (!rule.verbs.empty() && !rule.verbs.contains("create"))) return;
  findings.add(text::Severity::info, "secret-bodies", rule_path(index, "level"), rule.level.offset,
               "rule " + std::to_string(index + 1) +
                   " writes requests for ServiceAccount tokens with their contents: no token, which is in the answer "
                   "only, but for whom it is and for how long",
               "Metadata tells who asked for a token of which ServiceAccount, too");
}

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
    if (!finder.has_budget()) add_open(rule, i, findings);
    if (found.empty()) {
      note_token_requests(rule, i, findings);
      continue;
    }
    findings.add(text::Severity::warning, "secret-bodies", rule_path(i, "level"), rule.level.offset,
                 "rule " + std::to_string(i + 1) + " writes " + enumerate(found) +
                     " with their contents into the log: whoever reads the log can read them",
                 "put a rule with the level Metadata for " + enumerate(resources) + " before this one");
  }
}

}  // namespace kaudit::policy
