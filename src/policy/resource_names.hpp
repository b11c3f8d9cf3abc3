#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kaudit/kube/resources.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::policy {

/// What is known of an API group, whatever the version.
enum class GroupKind : std::uint8_t {
  builtin,  ///< kube-apiserver serves, served or will serve it: what it does not know there, nobody serves
  every,    ///< "*" (since 1.36)
  foreign   ///< custom resources, aggregated APIs, or a mistake
};
[[nodiscard]] GroupKind kind_of_group(std::string_view group);

/// The row of the resource in this group in any known version; null pointer if there is none.
[[nodiscard]] const kube::ApiResource* find_in_any_version(std::string_view group, std::string_view plural);

/// Whether any known version has this part of the resource.
[[nodiscard]] bool has_part(const kube::ApiResource& resource, std::string_view part);

/// A text of `resources`: RESOURCE or RESOURCE/SUBRESOURCE, either may be "*".
struct ResourceName {
  std::string_view base;
  std::optional<std::string_view> part;
};
[[nodiscard]] ResourceName split_resource(std::string_view text);

/// Whether an entry has the resource itself, by name or by wildcard.
[[nodiscard]] bool names_resource(const GroupResources& entry, std::string_view group, std::string_view plural);

/// `group: "apps"`, for hints.
[[nodiscard]] std::string in_group(std::string_view group);

}  // namespace kaudit::policy
