// API groups that no request has: with a version, by another name, misspelt.

#include <algorithm>
#include <array>

#include "kaudit/base/nearest.hpp"
#include "lint_rules.hpp"
#include "resource_names.hpp"

namespace kaudit::policy {
namespace {

using text::Severity;

constexpr std::string_view k_domain = ".k8s.io";

/// v1, v2beta3. Source: apimachinery pkg/version/helpers.go.
bool is_version(std::string_view text) {
  const auto digits = [&] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    text.remove_prefix(count);
    return count != 0;
  };
  if (text.substr(0, 1) != "v") return false;
  text.remove_prefix(1);
  if (!digits()) return false;
  if (text.empty()) return true;
  const bool alpha = text.substr(0, 5) == "alpha";
  if (!alpha && text.substr(0, 4) != "beta") return false;
  text.remove_prefix(alpha ? 5 : 4);
  return digits() && text.empty();
}

std::vector<std::string_view> builtin_groups(kube::Version version) {
  std::vector<std::string_view> groups;
  for (const kube::ApiResource& row : kube::api_resources()) {
    if (!row.group.empty() && kube::is_served(row, version) && (groups.empty() || groups.back() != row.group)) {
      groups.push_back(row.group);
    }
  }
  return groups;
}

/// Whether every resource that the entry names is one of `group`: then that is the group that was meant.
bool is_meant_by_resources(const GroupResources& entry, std::string_view group, kube::Version version) {
  return !entry.resources.empty() &&
         std::all_of(entry.resources.items.begin(), entry.resources.items.end(), [&](const Text& text) {
           return kube::find_resource(group, split_resource(text.value).base, version) != nullptr;
         });
}

class GroupLint {
 public:
  GroupLint(const GroupResources& entry, std::string path, kube::Version version, Findings& findings)
      : m_entry(entry), m_group(entry.group.value), m_path(std::move(path)), m_version(version), m_findings(findings) {}

  void run() {
    if (kind_of_group(m_group) != GroupKind::foreign) return;
    if (const std::size_t slash = m_group.find('/'); slash != std::string_view::npos) {
      return add("version-in-group", "the group of a rule has no version: no request has the group " + quoted(m_group),
                 "write " + in_group(m_group.substr(0, slash)) + ", which is for all versions of it");
    }
    if (is_version(m_group)) {
      return add("version-in-group", "the group of a rule has no version: no request has the group " + quoted(m_group),
                 "the core group, whose apiVersion is v1, is written " + in_group(""));
    }
    if (const auto meant = meant_group()) {
      add("unknown-group", "kube-apiserver has no group " + quoted(m_group) + ": the entry matches nothing",
          "did you mean " + in_group(*meant) + (meant->empty() ? ", the core group?" : "?"));
    }
  }

 private:
  [[nodiscard]] std::optional<std::string> meant_group() const {
    return m_group.find('.') == std::string_view::npos ? meant_by_word() : meant_by_domain();
  }

  /// Custom resources have a group with a dot; a group without one is Kubernetes' own or none.
  /// Source: apiextensions-apiserver pkg/apis/apiextensions/validation (`should be a domain with at least one dot`).
  [[nodiscard]] std::optional<std::string> meant_by_word() const {
    constexpr std::array<std::string_view, 4> k_core = {"core", "api", "legacy", "kubernetes"};
    if (std::find(k_core.begin(), k_core.end(), m_group) != k_core.end()) return "";
    const std::vector<std::string_view> groups = builtin_groups(m_version);
    for (const std::string_view group : groups) {
      if (group.substr(0, m_group.size() + 1) == std::string(m_group) + ".") return std::string(group);
    }
    if (const auto called = kube::resources_called(m_group, m_version); !called.empty()) {
      return std::string(called.front()->group);  // `group: deployments`
    }
    if (std::string near = nearest_word(m_group, groups); !near.empty()) return near;
    return meant_by_resources();
  }

  /// A group with a dot may be anybody's: only the resources tell.
  [[nodiscard]] std::optional<std::string> meant_by_domain() const {
    const std::vector<std::string_view> groups = builtin_groups(m_version);
    if (const std::string near = nearest_word(m_group, groups);
        !near.empty() && is_meant_by_resources(m_entry, near, m_version)) {
      return near;
    }
    // apps.k8s.io, rbac.k8s.io, authorization.rbac.k8s.io are not; snapshot.storage.k8s.io is somebody's
    if (m_group.size() <= k_domain.size() || m_group.substr(m_group.size() - k_domain.size()) != k_domain) return {};
    const std::string_view word = m_group.substr(0, m_group.size() - k_domain.size());
    if (word == "core" && is_meant_by_resources(m_entry, "", m_version)) return "";
    for (const std::string_view group : groups) {
      const bool same = group == word || group.substr(0, word.size() + 1) == std::string(word) + ".";
      if (same && is_meant_by_resources(m_entry, group, m_version)) return std::string(group);
    }
    return {};
  }

  [[nodiscard]] std::optional<std::string> meant_by_resources() const {
    if (m_entry.resources.empty()) return {};
    const std::string_view first = split_resource(m_entry.resources.items.front().value).base;
    for (const kube::ApiResource* row : kube::resources_by_plural(first, m_version)) {
      if (is_meant_by_resources(m_entry, row->group, m_version)) return std::string(row->group);
    }
    return {};
  }

  void add(std::string_view code, std::string message, std::string hint) {
    m_findings.add(Severity::error, code, m_path, m_entry.group.offset, std::move(message), std::move(hint));
  }

  const GroupResources& m_entry;
  std::string_view m_group;
  std::string m_path;
  kube::Version m_version;
  Findings& m_findings;
};

}  // namespace

void lint_groups(const LintInput& input, Findings& findings) {
  for (std::size_t i = 0; i < input.policy.rules.size() && !findings.are_enough(); ++i) {
    const std::vector<GroupResources>& entries = input.policy.rules[i].resources;
    for (std::size_t e = 0; e < entries.size() && !findings.are_enough(); ++e) {
      GroupLint(entries[e], entry_path(i, e, "group"), input.version, findings).run();
    }
  }
}

}  // namespace kaudit::policy
