#pragma once

#include <optional>
#include <string_view>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/policy.hpp"
#include "versions.hpp"

/// What the texts of a rule stand for. Source: k8s.io/apiserver pkg/audit/policy/checker.go, v0.20 to v0.37.
namespace kaudit::policy {

/// "*": every resource, every URL. In users, userGroups, verbs, namespaces and resourceNames it is itself.
inline constexpr std::string_view k_every = "*";

/// Whether group "*" is every group, or the name of a group that nothing has.
[[nodiscard]] inline bool every_group_has_a_name(kube::Version version) noexcept {
  return version >= k_every_group_since;
}

/// "status" of "*/status": this subresource of every resource. Never of a request without a subresource.
[[nodiscard]] inline std::optional<std::string_view> subresource_of_every(std::string_view pattern) noexcept {
  if (!pattern.starts_with("*/")) return std::nullopt;
  return pattern.substr(2);
}

/// "pods" of "pods/*": the resource itself and every subresource of it.
[[nodiscard]] inline std::optional<std::string_view> resource_with_subresources(std::string_view pattern) noexcept {
  if (!pattern.ends_with("/*")) return std::nullopt;
  return pattern.substr(0, pattern.size() - 2);
}

/// "/healthz" of "/healthz*", "" of "*", nothing of a URL that stands for itself.
[[nodiscard]] inline std::optional<std::string_view> prefix_of_url(std::string_view url) noexcept {
  if (!url.ends_with('*')) return std::nullopt;
  return url.substr(0, url.find_last_not_of('*') + 1);  // npos + 1 is 0
}

/// A rule with namespaces or resources is for requests for resources only, whatever its URLs.
[[nodiscard]] inline bool is_for_resources(const Rule& rule) noexcept {
  return !rule.namespaces.empty() || !rule.resources.empty();
}

/// Neither namespaces nor resources nor URLs: for requests of both kinds.
[[nodiscard]] inline bool is_for_both_kinds(const Rule& rule) noexcept {
  return !is_for_resources(rule) && rule.non_resource_urls.empty();
}

}  // namespace kaudit::policy
