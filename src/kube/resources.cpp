#include "kaudit/kube/resources.hpp"

#include <algorithm>

#include "kaudit/base/ascii.hpp"

namespace kaudit::kube {
namespace {

bool within(const std::optional<Version>& since, const std::optional<Version>& removed, Version version) {
  const Version judged = std::clamp(version, k_oldest_known, k_newest_known);
  return (!since || judged >= *since) && (!removed || judged < *removed);
}

bool same_letters(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower_case(a) == lower_case(b); });
}

/// The singular is the kind in lower case, in every row (the script that makes them stops otherwise).
bool is_called(const ApiResource& resource, std::string_view name) {
  if (name.empty()) return false;  // not an unused short name
  return same_letters(resource.plural, name) || same_letters(resource.singular, name) ||
         std::any_of(resource.short_names.begin(), resource.short_names.end(),
                     [&](std::string_view short_name) { return same_letters(short_name, name); });
}

template <typename Predicate>
std::vector<const ApiResource*> served_where(Version version, Predicate holds) {
  std::vector<const ApiResource*> found;
  for (const ApiResource& resource : api_resources()) {
    if (holds(resource) && is_served(resource, version)) found.push_back(&resource);
  }
  return found;
}

}  // namespace

bool is_served(const ApiResource& resource, Version version) {
  return within(resource.since, resource.removed, version);
}

const ApiResource* find_resource(std::string_view group, std::string_view plural, Version version) {
  for (const ApiResource& resource : api_resources()) {
    if (resource.plural == plural && resource.group == group && is_served(resource, version)) return &resource;
  }
  return nullptr;
}

std::vector<const ApiResource*> resources_by_plural(std::string_view plural, Version version) {
  return served_where(version, [&](const ApiResource& resource) { return resource.plural == plural; });
}

std::vector<const ApiResource*> resources_called(std::string_view name, Version version) {
  return served_where(version, [&](const ApiResource& resource) { return is_called(resource, name); });
}

std::vector<std::string_view> subresources_of(const ApiResource& resource, Version version) {
  std::vector<std::string_view> names;
  if (!is_served(resource, version)) return names;
  for (const Subresource& subresource : resource.subresources) {
    if (within(subresource.since, subresource.removed, version)) names.push_back(subresource.name);
  }
  return names;
}

bool has_subresource(const ApiResource& resource, std::string_view subresource, Version version) {
  const std::vector<std::string_view> names = subresources_of(resource, version);
  return std::find(names.begin(), names.end(), subresource) != names.end();
}

bool is_builtin_group(std::string_view group, Version version) {
  const auto resources = api_resources();
  return std::any_of(resources.begin(), resources.end(), [&](const ApiResource& resource) {
    return resource.group == group && is_served(resource, version);
  });
}

}  // namespace kaudit::kube
