// Verbs that no request has.

#include <algorithm>
#include <array>

#include "kaudit/base/nearest.hpp"
#include "kaudit/kube/verbs.hpp"
#include "lint_rules.hpp"

namespace kaudit::policy {
namespace {

using text::Severity;

using kube::k_methods;
using kube::k_resource_verbs;

bool is_in(const auto& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Meant {
  std::string_view word;
  std::string_view verbs;
};
constexpr std::array<Meant, 22> k_meant = {{{"read", "get, list, watch"},
                                            {"view", "get, list, watch"},
                                            {"readonly", "get, list, watch"},
                                            {"write", "create, update, patch, delete, deletecollection"},
                                            {"modify", "update, patch"},
                                            {"change", "update, patch"},
                                            {"edit", "update, patch"},
                                            {"replace", "update"},
                                            {"put", "update"},
                                            {"apply", "create, update, patch"},
                                            {"post", "create"},
                                            {"add", "create"},
                                            {"insert", "create"},
                                            {"new", "create"},
                                            {"remove", "delete, deletecollection"},
                                            {"destroy", "delete, deletecollection"},
                                            {"delete-collection", "deletecollection"},
                                            {"deleteall", "deletecollection"},
                                            {"head", "get"},
                                            {"describe", "get"},
                                            {"listwatch", "list, watch"},
                                            {"all", ""}}};

/// Verbs of kubectl and of admission that are requests for a part of a pod.
struct PodPart {
  std::string_view word;
  std::string_view resource;
  std::string_view verbs;
};
constexpr std::array<PodPart, 11> k_parts = {{{"exec", "pods/exec", "get, create"},
                                              {"attach", "pods/attach", "get, create"},
                                              {"portforward", "pods/portforward", "get, create"},
                                              {"port-forward", "pods/portforward", "get, create"},
                                              {"log", "pods/log", "get"},
                                              {"logs", "pods/log", "get"},
                                              {"evict", "pods/eviction", "create"},
                                              {"eviction", "pods/eviction", "create"},
                                              {"bind", "pods/binding", "create"},
                                              {"debug", "pods/ephemeralcontainers", "update, patch"},
                                              {"connect", "pods/exec, pods/attach, pods/portforward", "get, create"}}};

/// What only authorization asks for. Source: kubernetes.io "Using RBAC Authorization", privilege escalation.
constexpr std::array<std::string_view, 6> k_of_authorization = {"impersonate", "escalate", "use",
                                                                "approve",     "sign",     "attest"};

enum class For { resources, urls, anything };

For what_for(const Rule& rule) {
  if (!rule.resources.empty() || !rule.namespaces.empty()) return For::resources;
  return rule.non_resource_urls.empty() ? For::anything : For::urls;
}

std::string hint_for(std::string_view verb) {
  const std::string lower = lower_case(verb);
  if (is_in(k_resource_verbs, lower)) return "did you mean " + lower + "?";
  for (const Meant& meant : k_meant) {
    if (meant.word != lower) continue;
    if (meant.verbs.empty()) return "leave verbs out: a rule without verbs is for all of them";
    return "did you mean " + std::string(meant.verbs) + "?";
  }
  if (verb.find_first_of(", |") != std::string_view::npos) return "write every verb as a text of its own: [get, list]";
  if (is_in(k_of_authorization, lower)) return "only authorization knows this verb: no request has it";
  const std::string near = nearest_word(lower, {k_resource_verbs.begin(), k_resource_verbs.end()});
  if (!near.empty()) return "did you mean " + near + "?";
  return "the verbs are get, list, watch, create, update, patch, delete and deletecollection";
}

class VerbLint {
 public:
  VerbLint(const Rule& rule, std::size_t index, Findings& findings)
      : m_rule(rule), m_index(index), m_for(what_for(rule)), m_findings(findings) {}

  void run() {
    for (std::size_t i = 0; i < m_rule.verbs.items.size() && !m_findings.are_enough(); ++i)
      lint_one(i, m_rule.verbs.items[i]);
    if (m_for == For::urls) lint_urls();
  }

 private:
  void lint_one(std::size_t item, const Text& verb) {
    if (verb.value.find('*') != std::string::npos) {
      return add(item, "literal-star",
                 "verbs are compared letter by letter, * included: no request has the verb " + quoted(verb.value),
                 "leave verbs out: a rule without verbs is for all of them");
    }
    if (verb.value.empty()) {
      return add(item, "unknown-verb", "an empty verb is that of no request that is served",
                 "leave verbs out: a rule without verbs is for all of them");
    }
    if (is_in(k_resource_verbs, verb.value)) return;
    if (is_in(k_methods, verb.value)) {
      if (is_method_possible(verb.value)) return;
      return add(item, "unknown-verb",
                 quoted(verb.value) + " is the HTTP method; requests for resources have Kubernetes' own verbs",
                 hint_for(verb.value));
    }
    if (const PodPart* part = part_of(verb.value)) {
      return add(
          item, "subresource-meant",
          "no request has the verb " + quoted(verb.value) + ": the verb is that of a request for a resource of its own",
          "name the resource " + std::string(part->resource) + ", with the verbs " + std::string(part->verbs));
    }
    add(item, "unknown-verb", "no request has the verb " + quoted(verb.value) + ": it matches nothing",
        hint_for(verb.value));
  }

  /// A rule without resources is for URLs, too, where methods are verbs; a rule for both that has Kubernetes' verb
  /// beside the method was written by somebody who knows.
  [[nodiscard]] bool is_method_possible(std::string_view method) const {
    if (m_for == For::urls) return true;
    const std::string_view ours = method == "post" ? "create" : method == "put" ? "update" : "";
    if (ours.empty()) return m_for == For::anything;
    return m_rule.verbs.contains(ours);
  }

  [[nodiscard]] const PodPart* part_of(std::string_view verb) const {
    if (m_for == For::urls) return nullptr;
    const std::string lower = lower_case(verb);
    const auto* found =
        std::find_if(k_parts.begin(), k_parts.end(), [&](const PodPart& part) { return part.word == lower; });
    return found == k_parts.end() ? nullptr : found;
  }

  /// list, watch, create… are verbs of resources only. Beside a method they do no harm.
  void lint_urls() {
    if (m_rule.verbs.empty()) return;
    for (const Text& verb : m_rule.verbs.items) {
      if (!is_in(k_resource_verbs, verb.value) || is_in(k_methods, verb.value)) return;
    }
    add(0, "unknown-verb", "requests for nonResourceURLs have the HTTP method for a verb: the rule matches nothing",
        "the verbs of URLs are get, head, post, put, patch, delete and options");
  }

  void add(std::size_t item, std::string_view code, std::string message, std::string hint) {
    m_findings.add(Severity::error, code, item_path(rule_path(m_index, "verbs"), item), m_rule.verbs.items[item].offset,
                   std::move(message), std::move(hint));
  }

  const Rule& m_rule;
  std::size_t m_index;
  For m_for;
  Findings& m_findings;
};

}  // namespace

void lint_verbs(const LintInput& input, Findings& findings) {
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough(); ++i) {
    VerbLint(input.policy.rules[i], i, findings).run();
  }
}

}  // namespace kaudit::policy
