#include "build_policy.hpp"

namespace kaudit::policy {
namespace {

Text text_of(const Slot& slot, std::string_view name) {
  const Slot* field = slot.field(name);
  return field == nullptr ? Text{} : Text{field->text, field->offset};
}

TextList texts_of(const Slot& slot, std::string_view name) {
  TextList list;
  const Slot* field = slot.field(name);
  if (field == nullptr) return list;
  list.offset = field->offset;
  list.items.reserve(field->length);
  for (std::size_t i = 0; i < field->length; ++i) list.items.push_back({field->parts[i].text, field->parts[i].offset});
  return list;
}

GroupResources build_resources(const Slot& slot) {
  GroupResources entry;
  entry.offset = slot.offset;
  entry.group = text_of(slot, "group");
  entry.resources = texts_of(slot, "resources");
  entry.resource_names = texts_of(slot, "resourceNames");
  return entry;
}

Rule build_rule(const Slot& slot) {
  Rule rule;
  rule.offset = slot.offset;
  rule.level = text_of(slot, "level");
  rule.users = texts_of(slot, "users");
  rule.user_groups = texts_of(slot, "userGroups");
  rule.verbs = texts_of(slot, "verbs");
  rule.namespaces = texts_of(slot, "namespaces");
  rule.non_resource_urls = texts_of(slot, "nonResourceURLs");
  rule.omit_stages = texts_of(slot, "omitStages");
  if (const Slot* list = slot.field("resources")) {
    rule.resources_offset = list->offset;
    for (std::size_t i = 0; i < list->length; ++i) rule.resources.push_back(build_resources(list->parts[i]));
  }
  const Slot* managed = slot.field("omitManagedFields");
  if (managed != nullptr && managed->is_set) rule.omit_managed_fields = managed->flag;
  return rule;
}

}  // namespace

Policy build_policy(const Slot& slot) {
  Policy policy;
  policy.omit_stages = texts_of(slot, "omitStages");
  if (const Slot* rules = slot.field("rules")) {
    policy.rules.reserve(rules->length);
    for (std::size_t i = 0; i < rules->length; ++i) policy.rules.push_back(build_rule(rules->parts[i]));
  }
  const Slot* managed = slot.field("omitManagedFields");
  policy.omit_managed_fields = managed != nullptr && managed->flag;
  policy.omit_managed_fields_offset = managed == nullptr ? 0 : managed->offset;
  return policy;
}

}  // namespace kaudit::policy
