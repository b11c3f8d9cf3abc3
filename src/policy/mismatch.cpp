#include <algorithm>

#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/policy.hpp"
#include "patterns.hpp"

// A transcription of k8s.io/apiserver pkg/audit/policy/checker.go (ruleMatches, ruleMatchesResource,
// ruleMatchesNonResource), v0.20 to v0.37, with the reasons kept.
namespace kaudit::policy {
namespace {

bool fits_combined(std::string_view pattern, const Attributes& request) noexcept {
  if (request.subresource.empty()) return pattern == request.resource;
  return pattern.size() == request.resource.size() + 1 + request.subresource.size() &&
         pattern.starts_with(request.resource) && pattern[request.resource.size()] == '/' &&
         pattern.ends_with(request.subresource);
}

bool has_resource(std::string_view pattern, const Attributes& request) noexcept {
  if (pattern == k_every || fits_combined(pattern, request)) return true;
  if (!request.subresource.empty() && subresource_of_every(pattern) == request.subresource) return true;
  return resource_with_subresources(pattern) == request.resource;
}

Mismatch entry_mismatch(const GroupResources& entry, const Attributes& request, kube::Version version) noexcept {
  const bool every_group = entry.group.value == k_every && every_group_has_a_name(version);
  if (!every_group && entry.group.value != request.api_group) return Mismatch::resources;
  if (entry.resources.empty()) return Mismatch::none;  // its resourceNames are not looked at
  const auto& patterns = entry.resources.items;
  if (std::none_of(patterns.begin(), patterns.end(), [&](const Text& p) { return has_resource(p.value, request); })) {
    return Mismatch::resources;
  }
  if (!entry.resource_names.empty() && !entry.resource_names.contains(request.name)) return Mismatch::resource_names;
  return Mismatch::none;
}

Mismatch resource_mismatch(const Rule& rule, const Attributes& request, kube::Version version) noexcept {
  if (request.kind != RequestKind::resource) return Mismatch::kind;
  if (!rule.namespaces.empty() && !rule.namespaces.contains(request.name_space)) return Mismatch::namespaces;
  if (rule.resources.empty()) return Mismatch::none;
  auto nearest = Mismatch::resources;
  for (const auto& entry : rule.resources) {
    const auto found = entry_mismatch(entry, request, version);
    if (found == Mismatch::none) return found;
    if (found == Mismatch::resource_names) nearest = found;
  }
  return nearest;
}

Mismatch url_mismatch(const Rule& rule, const Attributes& request) noexcept {
  if (request.kind != RequestKind::non_resource) return Mismatch::kind;
  const auto& urls = rule.non_resource_urls.items;
  const auto fits = [&](const Text& url) {
    const auto prefix = prefix_of_url(url.value);
    return prefix ? request.path.starts_with(*prefix) : request.path == url.value;
  };
  return std::any_of(urls.begin(), urls.end(), fits) ? Mismatch::none : Mismatch::non_resource_urls;
}

}  // namespace

Mismatch mismatch(const Rule& rule, const Attributes& request, kube::Version version) noexcept {
  if (!rule.users.empty() && !(request.user && rule.users.contains(*request.user))) return Mismatch::users;
  if (!rule.user_groups.empty()) {
    const auto listed = [&](std::string_view group) { return rule.user_groups.contains(group); };
    if (!request.user || std::none_of(request.groups.begin(), request.groups.end(), listed)) {
      return Mismatch::user_groups;
    }
  }
  if (!rule.verbs.empty() && !rule.verbs.contains(request.verb)) return Mismatch::verbs;
  if (is_for_resources(rule)) return resource_mismatch(rule, request, version);
  if (!rule.non_resource_urls.empty()) return url_mismatch(rule, request);
  return Mismatch::none;
}

}  // namespace kaudit::policy
