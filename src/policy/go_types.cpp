#include "go_types.hpp"

#include <array>

#include "versions.hpp"

namespace kaudit::policy {
namespace {

constexpr kube::Version k_1_22{1, 22};
constexpr kube::Version k_1_24{1, 24};

constexpr GoType k_string{GoKind::string, "string"};
constexpr GoType k_boolean{GoKind::boolean, "bool"};
constexpr GoType k_boolean_pointer{GoKind::boolean_pointer, "bool"};
constexpr GoType k_int64{GoKind::integer, "int64"};
constexpr GoType k_uid{GoKind::string, "types.UID"};
constexpr GoType k_time{GoKind::time, "v1.Time"};
constexpr GoType k_raw{GoKind::raw, "v1.FieldsV1"};
constexpr GoType k_operation{GoKind::string, "v1.ManagedFieldsOperationType"};
constexpr GoType k_level{GoKind::string, "%.Level"};
constexpr GoType k_stage{GoKind::string, "%.Stage"};
constexpr GoType k_strings{GoKind::list, "[]string", &k_string};
constexpr GoType k_stage_list{GoKind::list, "[]%.Stage", &k_stage};
constexpr GoType k_labels{GoKind::map, "map[string]string", &k_string};

constexpr std::array k_owner_fields{GoField{"apiVersion", &k_string},
                                    GoField{"kind", &k_string},
                                    GoField{"name", &k_string},
                                    GoField{"uid", &k_uid},
                                    GoField{"controller", &k_boolean_pointer},
                                    GoField{"blockOwnerDeletion", &k_boolean_pointer}};
constexpr GoType k_owner{GoKind::object, "v1.OwnerReference", nullptr, k_owner_fields};
constexpr GoType k_owners{GoKind::list, "[]v1.OwnerReference", &k_owner};

constexpr std::array k_managed_fields{GoField{"manager", &k_string},
                                      GoField{"operation", &k_operation},
                                      GoField{"apiVersion", &k_string},
                                      GoField{"time", &k_time},
                                      GoField{"fieldsType", &k_string},
                                      GoField{"fieldsV1", &k_raw},
                                      GoField{"subresource", &k_string, k_1_22}};
constexpr GoType k_managed_entry{GoKind::object, "v1.ManagedFieldsEntry", nullptr, k_managed_fields};
constexpr GoType k_managed{GoKind::list, "[]v1.ManagedFieldsEntry", &k_managed_entry};

constexpr std::array k_meta_fields{GoField{"name", &k_string},
                                   GoField{"generateName", &k_string},
                                   GoField{"namespace", &k_string},
                                   GoField{"selfLink", &k_string},
                                   GoField{"uid", &k_uid},
                                   GoField{"resourceVersion", &k_string},
                                   GoField{"generation", &k_int64},
                                   GoField{"creationTimestamp", &k_time},
                                   GoField{"deletionTimestamp", &k_time},
                                   GoField{"deletionGracePeriodSeconds", &k_int64},
                                   GoField{"labels", &k_labels},
                                   GoField{"annotations", &k_labels},
                                   GoField{"ownerReferences", &k_owners},
                                   GoField{"finalizers", &k_strings},
                                   GoField{"clusterName", &k_string, kube::k_oldest_known, k_1_24},
                                   GoField{"managedFields", &k_managed}};
constexpr GoType k_meta{GoKind::object, "v1.ObjectMeta", nullptr, k_meta_fields};

constexpr std::array k_resources_fields{GoField{"group", &k_string}, GoField{"resources", &k_strings},
                                        GoField{"resourceNames", &k_strings}};
constexpr GoType k_resources{GoKind::object, "%.GroupResources", nullptr, k_resources_fields};
constexpr GoType k_resources_list{GoKind::list, "[]%.GroupResources", &k_resources};

constexpr std::array k_rule_fields{GoField{"level", &k_level},
                                   GoField{"users", &k_strings},
                                   GoField{"userGroups", &k_strings},
                                   GoField{"verbs", &k_strings},
                                   GoField{"resources", &k_resources_list},
                                   GoField{"namespaces", &k_strings},
                                   GoField{"nonResourceURLs", &k_strings},
                                   GoField{"omitStages", &k_stage_list},
                                   GoField{"omitManagedFields", &k_boolean_pointer, k_managed_fields_since}};
constexpr GoType k_rule{GoKind::object, "%.PolicyRule", nullptr, k_rule_fields};
constexpr GoType k_rules{GoKind::list, "[]%.PolicyRule", &k_rule};

constexpr std::array k_policy_fields{
    GoField{"kind", &k_string},           GoField{"apiVersion", &k_string},
    GoField{"metadata", &k_meta},         GoField{"rules", &k_rules},
    GoField{"omitStages", &k_stage_list}, GoField{"omitManagedFields", &k_boolean, k_managed_fields_since}};
constexpr GoType k_policy{GoKind::object, "%.Policy", nullptr, k_policy_fields};

constexpr std::array k_internal_resources_fields{GoField{"Group", &k_string}, GoField{"Resources", &k_strings},
                                                 GoField{"ResourceNames", &k_strings}};
constexpr GoType k_internal_resources{GoKind::object, "%.GroupResources", nullptr, k_internal_resources_fields};
constexpr GoType k_internal_resources_list{GoKind::list, "[]%.GroupResources", &k_internal_resources};

constexpr std::array k_internal_rule_fields{GoField{"Level", &k_level},
                                            GoField{"Users", &k_strings},
                                            GoField{"UserGroups", &k_strings},
                                            GoField{"Verbs", &k_strings},
                                            GoField{"Resources", &k_internal_resources_list},
                                            GoField{"Namespaces", &k_strings},
                                            GoField{"NonResourceURLs", &k_strings},
                                            GoField{"OmitStages", &k_stage_list},
                                            GoField{"OmitManagedFields", &k_boolean_pointer, k_managed_fields_since}};
constexpr GoType k_internal_rule{GoKind::object, "%.PolicyRule", nullptr, k_internal_rule_fields};
constexpr GoType k_internal_rules{GoKind::list, "[]%.PolicyRule", &k_internal_rule};

/// ObjectMeta is embedded, so its fields are the policy's own.
constexpr auto k_internal_fields = [] {
  std::array<GoField, 5 + k_meta_fields.size()> all{
      GoField{"kind", &k_string}, GoField{"apiVersion", &k_string}, GoField{"Rules", &k_internal_rules},
      GoField{"OmitStages", &k_stage_list}, GoField{"OmitManagedFields", &k_boolean, k_managed_fields_since}};
  for (std::size_t i = 0; i < k_meta_fields.size(); ++i) all[5 + i] = k_meta_fields[i];
  return all;
}();
constexpr GoType k_internal_policy{GoKind::object, "%.Policy", nullptr, k_internal_fields};

}  // namespace

const GoType& versioned_policy() noexcept { return k_policy; }

const GoType& internal_policy() noexcept { return k_internal_policy; }

std::string name_of(const GoType& type, std::string_view package) {
  std::string name(type.name);
  if (const std::size_t at = name.find('%'); at != std::string::npos) name.replace(at, 1, package);
  return name;
}

std::string_view bare_name(const GoType& type) noexcept { return type.name.substr(type.name.rfind('.') + 1); }

}  // namespace kaudit::policy
