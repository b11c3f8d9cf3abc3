// Resources that no request has: singular, misspelt, of another group, or a part of another resource.

#include <algorithm>
#include <array>

#include "kaudit/base/nearest.hpp"
#include "lint_rules.hpp"
#include "resource_names.hpp"

namespace kaudit::policy {
namespace {

using kube::ApiResource;
using text::Severity;

/// One text of `resources`, and what is around it.
class ResourceLint {
 public:
  struct Place {
    std::size_t rule;
    std::size_t entry;
    std::size_t item;
  };

  /// `kind` is that of the entry's group.
  ResourceLint(const LintInput& input, Place place, GroupKind kind, Findings& findings)
      : m_input(input),
        m_rule(input.policy.rules[place.rule]),
        m_entry(m_rule.resources[place.entry]),
        m_text(m_entry.resources.items[place.item]),
        m_group(m_entry.group.value),
        m_kind(kind),
        m_name(split_resource(m_text.value)),
        m_place(place),
        m_findings(findings) {}

  void run() {
    if (m_text.value == "*") return;
    if (m_text.value.empty()) {
      return add("unknown-resource", "an empty resource is that of no request: it matches nothing",
                 "leave resources out: an entry without resources is for all of its group");
    }
    if (has_misplaced_star()) return add_star();
    if (lower_case(m_text.value) != m_text.value) return add_case();
    if (m_kind == GroupKind::foreign) return lint_slashes();
    if (m_name.base == "*") return lint_part_of_any();
    if (const ApiResource* row = find_in_any_version(m_group, m_name.base)) return lint_known(*row);
    lint_unknown();
  }

 private:
  [[nodiscard]] std::string path() const {
    return item_path(entry_path(m_place.rule, m_place.entry, "resources"), m_place.item);
  }

  [[nodiscard]] std::string nothing(std::string_view what) const {
    return quoted(m_text.value) + " " + std::string(what) + ": it matches nothing";
  }

  /// Wildcards are "*", "*/part" and "resource/*". Source: apiserver pkg/audit/policy/checker.go ruleMatchesResource.
  [[nodiscard]] bool has_misplaced_star() const {
    const bool in_base = m_name.base.find('*') != std::string_view::npos;
    const bool in_part = m_name.part && m_name.part->find('*') != std::string_view::npos;
    if (!in_base && !in_part) return false;
    return (in_base && (m_name.base != "*" || !m_name.part || in_part)) || (in_part && *m_name.part != "*");
  }

  void add_star() {
    add("literal-star", nothing("is compared letter by letter, * included"),
        m_text.value == "*/*" ? "write '*': it is for all resources and all of their subresources"
                              : "the wildcards are '*', '*/subresource' and 'resource/*'");
  }

  /// Resources are lower case everywhere. Source: apiextensions-apiserver validation of names.plural (DNS-1035).
  void add_case() {
    const std::string lower = lower_case(m_text.value);
    std::string meant = lower;
    if (m_kind != GroupKind::foreign) {
      const std::string base = lower.substr(0, lower.find('/'));
      if (const auto called = kube::resources_called(base, m_input.version); !called.empty()) {
        meant = std::string(called.front()->plural) + lower.substr(base.size());
      }
    }
    add("wrong-case-resource", nothing("has capital letters, and no resource of a request has"),
        "did you mean " + meant + "?");
  }

  /// No path of a request leaves such a name. Source: apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo.
  void lint_slashes() {
    if (!m_name.part) return;
    if (!m_name.base.empty() && !m_name.part->empty() && m_name.part->find('/') == std::string_view::npos) return;
    add("unknown-resource", nothing("is no resource and subresource"), "write resource, or resource/subresource");
  }

  void lint_part_of_any() {
    if (m_kind == GroupKind::every) return;
    // of any group: `*/status` is written for many groups at once, also for those that have none
    std::vector<std::string_view> parts;
    for (const ApiResource& row : kube::api_resources()) {
      for (const kube::Subresource& part : row.subresources) parts.push_back(part.name);
    }
    if (std::find(parts.begin(), parts.end(), *m_name.part) == parts.end()) add_unknown_part(parts);
  }

  void add_unknown_part(std::vector<std::string_view> parts) {
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    const std::string near = nearest_word(*m_name.part, parts);
    if (!near.empty()) {
      return add("unknown-subresource", nothing("is no subresource of any version"),
                 "did you mean " + std::string(m_name.base) + "/" + near + "?");
    }
    m_findings.add(Severity::warning, "unknown-subresource", path(), m_text.offset,
                   nothing("is no subresource that kube-apiserver serves"),
                   parts.empty() ? "take it out: " + std::string(m_name.base) + " has no subresources"
                                 : "subresources are " + enumerate({parts.begin(), parts.end()}));
  }

  /// The group has the resource, in some version.
  void lint_known(const ApiResource& row) {
    if (m_name.part && *m_name.part != "*") {
      std::vector<std::string_view> parts;
      for (const kube::Subresource& part : row.subresources) parts.push_back(part.name);
      if (m_kind == GroupKind::builtin && !has_part(row, *m_name.part)) return add_unknown_part(parts);
    }
    if (m_kind != GroupKind::builtin) return;
    lint_cluster_scope(row);
    if (kube::find_resource(m_group, m_name.base, m_input.version) != nullptr) return;
    const auto elsewhere = kube::resources_by_plural(m_name.base, m_input.version);
    if (!elsewhere.empty() && !is_named_in_policy(elsewhere)) {
      m_findings.add(Severity::warning, "wrong-group", path(), m_text.offset,
                     "Kubernetes " + kube::to_string(m_input.version) + " does not serve " + std::string(m_name.base) +
                         " in this group any more: it matches nothing",
                     "name it in " + in_group(elsewhere.front()->group));
    }
  }

  /// A request for what is in no namespace has the namespace "". The Namespace itself has its own name.
  void lint_cluster_scope(const ApiResource& row) {
    if (row.scope != kube::Scope::cluster || m_rule.namespaces.empty() || row.plural == "namespaces") return;
    if (m_rule.namespaces.contains("")) return;
    add("namespaced-cluster-resource",
        quoted(m_text.value) + " is in no namespace, and the rule is only for some: this entry matches nothing",
        "give it a rule without namespaces, or add \"\" to them");
  }

  /// The group has no such resource in any version.
  void lint_unknown() {
    if (lint_other_spelling() || lint_bare_part() || lint_joined() || lint_other_group()) return;
    if (m_kind == GroupKind::every) return;  // somebody's own
    std::vector<std::string_view> known;
    for (const ApiResource& row : kube::api_resources()) {
      if (row.group == m_group && kube::is_served(row, m_input.version)) known.push_back(row.plural);
    }
    const std::string near = nearest_word(m_name.base, known);
    if (!near.empty()) return add("unknown-resource", nothing("is no resource of this group"), did_you_mean(near));
    if (m_group == "extensions" || m_group.find('.') != std::string_view::npos) return;  // long gone, or somebody's own
    m_findings.add(Severity::warning, "unknown-resource", path(), m_text.offset,
                   nothing("is no resource of this group in any version"),
                   "write the plural that `kubectl api-resources` shows, and its group");
  }

  /// Singular, kind or short name of a resource of the group.
  bool lint_other_spelling() {
    const auto called = kube::resources_called(m_name.base, m_input.version);
    const auto row = std::find_if(called.begin(), called.end(), [&](const ApiResource* known) {
      return known->plural != m_name.base && (m_kind == GroupKind::every || known->group == m_group);
    });
    if (row == called.end()) return false;
    add("singular-resource", nothing("is not the plural, which requests have"), did_you_mean((*row)->plural));
    return true;
  }

  /// `exec` for `pods/exec`.
  bool lint_bare_part() {
    if (m_name.part) return false;
    const std::string_view part = m_name.base == "logs" ? "log" : m_name.base;
    const auto rows = kube::api_resources();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const ApiResource& known) {
      return (m_kind == GroupKind::every || known.group == m_group) && has_part(known, part);
    });
    if (row == rows.end()) return false;
    const bool of_many = part == "status" || part == "scale";
    add("subresource-meant", nothing("is a subresource, not a resource"),
        "write " + (of_many ? "*" : std::string(row->plural)) + "/" + std::string(part));
    return true;
  }

  /// `pods.exec`, `deployments.apps`, `apps/deployments`.
  bool lint_joined() {
    const std::size_t at = m_text.value.find_first_of(".:/");
    if (at == std::string::npos) return false;
    const std::string_view left = std::string_view(m_text.value).substr(0, at);
    const std::string_view right = std::string_view(m_text.value).substr(at + 1);
    if (const ApiResource* row = find_in_any_version(m_group, left); row != nullptr && has_part(*row, right)) {
      add("subresource-meant", nothing("is no resource"), "write " + std::string(left) + "/" + std::string(right));
      return true;
    }
    return lint_group_in(left, right) || lint_group_in(right, left);
  }

  bool lint_group_in(std::string_view resource, std::string_view group) {
    if (group.empty() || group == "*" || find_in_any_version(group, resource) == nullptr) return false;
    add("group-in-resource", nothing("has the group in it, which stands beside resources"),
        "write " + in_group(group) + " and \"" + std::string(resource) + "\"");
    return true;
  }

  /// Plural, singular or short name of what another group has.
  bool lint_other_group() {
    if (m_kind != GroupKind::builtin) return false;
    const auto called = kube::resources_called(m_name.base, m_input.version);
    if (called.empty()) return false;
    const ApiResource& meant = *called.front();
    if (meant.plural == m_name.base && is_named_beside(called)) return true;
    if (m_group == "extensions" && is_named_in_policy(called)) return true;  // kept for servers before 1.16
    add("wrong-group", nothing("is no resource of this group"),
        "name " + std::string(meant.plural) + " in " + in_group(meant.group));
    return true;
  }

  /// Whether the same rule has it in a group that serves it, too: then what is wrong here loses nothing.
  [[nodiscard]] bool is_named_beside(const std::vector<const ApiResource*>& rows) const {
    return names_any(m_rule, rows);
  }

  [[nodiscard]] bool is_named_in_policy(const std::vector<const ApiResource*>& rows) const {
    return std::any_of(m_input.policy.rules.begin(), m_input.policy.rules.end(),
                       [&](const Rule& rule) { return names_any(rule, rows); });
  }

  static bool names_any(const Rule& rule, const std::vector<const ApiResource*>& rows) {
    return std::any_of(rule.resources.begin(), rule.resources.end(), [&](const GroupResources& entry) {
      return std::any_of(rows.begin(), rows.end(),
                         [&](const ApiResource* row) { return names_resource(entry, row->group, row->plural); });
    });
  }

  [[nodiscard]] std::string did_you_mean(std::string_view plural) const {
    return "did you mean " + std::string(plural) + (m_name.part ? "/" + std::string(*m_name.part) : "") + "?";
  }

  void add(std::string_view code, std::string message, std::string hint) {
    m_findings.add(Severity::error, code, path(), m_text.offset, std::move(message), std::move(hint));
  }

  const LintInput& m_input;
  const Rule& m_rule;
  const GroupResources& m_entry;
  const Text& m_text;
  std::string_view m_group;
  GroupKind m_kind;
  ResourceName m_name;
  Place m_place;
  Findings& m_findings;
};

}  // namespace

void lint_resources(const LintInput& input, Findings& findings) {
  for (std::size_t r = 0; r < input.policy.rules.size(); ++r) {
    const std::vector<GroupResources>& entries = input.policy.rules[r].resources;
    for (std::size_t e = 0; e < entries.size(); ++e) {
      const GroupKind kind = kind_of_group(entries[e].group.value);
      for (std::size_t i = 0; i < entries[e].resources.items.size(); ++i) {
        if (findings.are_enough()) return;
        ResourceLint(input, {r, e, i}, kind, findings).run();
      }
    }
  }
}

}  // namespace kaudit::policy
