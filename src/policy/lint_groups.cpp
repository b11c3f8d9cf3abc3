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

std::vector<std::string_view> labels_of(std::string_view group) {
  std::vector<std::string_view> labels;
  while (true) {
    const std::size_t dot = group.find('.');
    labels.push_back(group.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    group.remove_prefix(dot + 1);
  }
}

/// "apps" of "apps.v1" and "v1.apps"; nothing where no label is a version, or the others are no group of Kubernetes:
/// v1.example.com may be somebody's.
std::optional<std::string> without_version(std::string_view group) {
  std::vector<std::string_view> labels = labels_of(group);
  if (std::erase_if(labels, is_version) == 0) return {};
  std::string rest;
  for (const std::string_view label : labels) rest += (rest.empty() ? "" : ".") + std::string(label);
  if (rest == "core") rest.clear();
  return kind_of_group(rest) == GroupKind::builtin ? std::optional(rest) : std::nullopt;
}

/// Whether the group has all of these labels, in any order.
bool has_labels(std::string_view group, const std::vector<std::string_view>& labels) {
  const std::vector<std::string_view> own = labels_of(group);
  return std::all_of(labels.begin(), labels.end(),
                     [&](std::string_view label) { return std::find(own.begin(), own.end(), label) != own.end(); });
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
    if (const auto group = without_version(m_group)) {
      return add("version-in-group", "the group of a rule has no version: no request has the group " + quoted(m_group),
                 group->empty() ? "the core group, whose apiVersion is v1, is written " + in_group("")
                                : "write " + in_group(*group) + ", which is for all versions of it");
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
    const std::vector<std::string_view> labels = labels_of(word);
    for (const std::string_view group : groups) {
      if (has_labels(group, labels) && is_meant_by_resources(m_entry, group, m_version)) return std::string(group);
    }
    // extensions.k8s.io: the group has gone, or never had these
    return kind_of_group(word) == GroupKind::builtin ? meant_by_resources() : std::nullopt;
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
