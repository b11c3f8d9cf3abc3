#include "probe_targets.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "kaudit/kube/resources.hpp"
#include "patterns.hpp"

namespace kaudit::policy {
namespace {

/// More are of no use: the first that is recorded is taken.
constexpr std::size_t k_most_targets = 500;

/// Where a rule names no resources: those that every cluster has, ordinary ones first.
constexpr auto k_well_known =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"", "configmaps"},
                                                                  {"", "pods"},
                                                                  {"", "services"},
                                                                  {"", "secrets"},
                                                                  {"", "serviceaccounts"},
                                                                  {"", "namespaces"},
                                                                  {"", "nodes"},
                                                                  {"", "events"},
                                                                  {"apps", "deployments"},
                                                                  {"rbac.authorization.k8s.io", "clusterroles"},
                                                                  {"coordination.k8s.io", "leases"}});

/// Connections to what runs in the cluster.
constexpr std::array<std::string_view, 4> k_connections = {"exec", "attach", "portforward", "proxy"};
/// Below these even a GET does something, or shows the server's files.
constexpr std::array<std::string_view, 2> k_untouched_urls = {"/debug", "/logs"};

/// What can stand in a URL as it is. Kubernetes' own names have nothing else in them.
bool is_plain(std::string_view text, std::string_view besides = {}) {
  const auto is_allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':' || besides.find(c) != std::string_view::npos;
  };
  return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), is_allowed);
}

class Collector {
 public:
  Collector(const Rule& rule, kube::Version version, std::string_view fresh)
      : m_rule(&rule), m_version(version), m_fresh(fresh) {}

  std::vector<ProbeTarget> run() {
    if (is_for_resources(*m_rule) || is_for_both_kinds(*m_rule)) add_resources();
    if (is_for_both_kinds(*m_rule)) add_url(k_every);
    if (!is_for_resources(*m_rule)) {
      for (const Text& url : m_rule->non_resource_urls.items) add_url(url.value);
    }
    return std::move(m_targets);
  }

 private:
  void add_resources() {
    if (m_rule->resources.empty()) {
      for (const auto& [group, resource] : k_well_known) add(group, resource, {}, {});
      add(m_fresh, m_fresh, {}, {});
    }
    for (const GroupResources& entry : m_rule->resources) add_entry(entry);
  }

  void add_entry(const GroupResources& entry) {
    const bool is_every_group = entry.group.value == k_every && every_group_has_a_name(m_version);
    if (entry.resources.empty()) return add_all_of(entry, {}, is_every_group);
    for (const Text& pattern : entry.resources.items) add_pattern(entry, pattern.value, is_every_group);
  }

  void add_pattern(const GroupResources& entry, std::string_view pattern, bool is_every_group) {
    if (pattern == k_every) return add_all_of(entry, {}, is_every_group);
    if (const auto subresource = subresource_of_every(pattern)) return add_all_of(entry, *subresource, is_every_group);
    std::string_view resource = resource_with_subresources(pattern).value_or(pattern);
    std::string_view subresource;
    if (const std::size_t slash = resource.find('/'); slash != std::string_view::npos) {
      subresource = resource.substr(slash + 1);
      resource = resource.substr(0, slash);
    }
    if (!is_every_group) return add(entry.group.value, resource, subresource, entry.resource_names);
    for (const kube::ApiResource* known : kube::resources_by_plural(resource, m_version)) {
      add(known->group, resource, subresource, entry.resource_names);
    }
    add({}, resource, subresource, entry.resource_names);
  }

  /// Every resource of the group, with this subresource if there is one.
  void add_all_of(const GroupResources& entry, std::string_view subresource, bool is_every_group) {
    if (is_every_group || entry.group.value.empty()) {
      for (const auto& [group, resource] : k_well_known) {
        if (subresource.empty() && (is_every_group || group.empty())) add(group, resource, {}, entry.resource_names);
      }
    }
    for (const kube::ApiResource& known : kube::api_resources()) {
      if (!kube::is_served(known, m_version) || (!is_every_group && known.group != entry.group.value)) continue;
      if (!subresource.empty() && !kube::has_subresource(known, subresource, m_version)) continue;
      add(known.group, known.plural, subresource, entry.resource_names);
    }
    add(is_every_group ? m_fresh : std::string_view(entry.group.value), m_fresh, subresource, entry.resource_names);
  }

  void add(std::string_view group, std::string_view resource, std::string_view subresource, const TextList& names) {
    if (!is_plain(resource) || (!group.empty() && !is_plain(group))) return;
    if (!subresource.empty() && !is_plain(subresource)) return;
    if (std::find(k_connections.begin(), k_connections.end(), subresource) != k_connections.end()) return;
    ProbeTarget target{std::string(group), std::string(resource), std::string(subresource), {}, {}, {}, {}};
    for (const std::string& name_space : namespaces_for(group, resource)) {
      target.name_space = name_space;
      add_names(target, names);
    }
  }

  /// Those that the rule lists; else one that cannot be there, or none for what lies in no namespace.
  [[nodiscard]] std::vector<std::string> namespaces_for(std::string_view group, std::string_view resource) const {
    std::vector<std::string> names;
    for (const Text& item : m_rule->namespaces.items) {
      if (item.value.empty() || is_plain(item.value)) names.push_back(item.value);
    }
    if (!m_rule->namespaces.empty()) return names;
    const kube::ApiResource* known = kube::find_resource(group, resource, m_version);
    return {known != nullptr && known->scope == kube::Scope::cluster ? std::string() : std::string(m_fresh)};
  }

  void add_names(ProbeTarget target, const TextList& names) {
    const auto add_named = [&](std::string_view name) {
      if (m_targets.size() >= k_most_targets || !is_plain(name)) return;
      // The Namespace object lies in itself.
      target.name = target.resource == "namespaces" && !m_rule->namespaces.empty() ? target.name_space : name;
      const bool is_impossible = target.name == m_fresh || target.name_space == m_fresh;
      target.object = is_impossible ? ProbeTarget::Object::impossible : ProbeTarget::Object::may_exist;
      if (!target.name.empty()) m_targets.push_back(target);
    };
    if (names.empty()) return add_named(m_fresh);
    for (const Text& name : names.items) add_named(name.value);
  }

  void add_url(std::string_view url) {
    const auto prefix = prefix_of_url(url);
    if (!prefix) return add_path(std::string(url));
    if (prefix->empty()) {
      add_path("/version");
      return add_path("/" + std::string(m_fresh));
    }
    add_path(std::string(*prefix) + (prefix->ends_with('/') ? "" : "/") + std::string(m_fresh));
    add_path(std::string(*prefix) + std::string(m_fresh));
    add_path(std::string(*prefix));
  }

  void add_path(std::string path) {
    const bool is_untouched = std::any_of(k_untouched_urls.begin(), k_untouched_urls.end(),
                                          [&](std::string_view url) { return path.starts_with(url); });
    const bool is_odd = path.find("//") != std::string::npos || (path + "/").find("/../") != std::string::npos;
    if (m_targets.size() >= k_most_targets || is_untouched || is_odd) return;
    if (!path.starts_with('/') || !is_plain(path, "/")) return;
    m_targets.push_back({{}, {}, {}, {}, {}, std::move(path), ProbeTarget::Object::impossible});
  }

  const Rule* m_rule;
  kube::Version m_version;
  std::string_view m_fresh;
  std::vector<ProbeTarget> m_targets;
};

}  // namespace

std::vector<ProbeTarget> targets_of(const Rule& rule, kube::Version version, std::string_view fresh) {
  return Collector(rule, version, fresh).run();
}

}  // namespace kaudit::policy
