#include "resource_names.hpp"

#include <algorithm>

namespace kaudit::policy {

GroupKind kind_of_group(std::string_view group) {
  if (group == "*") return GroupKind::every;
  const auto resources = kube::api_resources();
  return std::any_of(resources.begin(), resources.end(), [&](const auto& row) { return row.group == group; })
             ? GroupKind::builtin
             : GroupKind::foreign;
}

const kube::ApiResource* find_in_any_version(std::string_view group, std::string_view plural) {
  for (const kube::ApiResource& row : kube::api_resources()) {
    if (row.plural == plural && (row.group == group || group == "*")) return &row;
  }
  return nullptr;
}

bool has_part(const kube::ApiResource& resource, std::string_view part) {
  return std::any_of(resource.subresources.begin(), resource.subresources.end(),
                     [&](const kube::Subresource& known) { return known.name == part; });
}

ResourceName split_resource(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

bool names_resource(const GroupResources& entry, std::string_view group, std::string_view plural) {
  if (entry.group.value != group && entry.group.value != "*") return false;
  if (entry.resources.empty()) return true;
  return std::any_of(entry.resources.items.begin(), entry.resources.items.end(),
                     [&](const Text& text) { return text.value == "*" || split_resource(text.value).base == plural; });
}

std::string in_group(std::string_view group) { return "group: \"" + std::string(group) + "\""; }

}  // namespace kaudit::policy
