#include "kaudit/patch/disable.hpp"

#include <algorithm>
#include <array>

#include "draft.hpp"
#include "kaudit/patch/paths.hpp"

namespace kaudit::patch {
namespace {

constexpr std::array<std::string_view, 3> k_annotations = {"kaudit/policy-sha256", "kaudit/webhook-config-sha256",
                                                           "kaudit/webhook-files-sha256"};

bool is_audit_flag(const manifest::Flag& flag) { return flag.name.starts_with("audit-"); }

void remove_annotations(Draft& draft) {
  const manifest::Manifest& manifest = draft.manifest;
  for (const std::string_view key : k_annotations) {
    const auto value = manifest.annotation(key);
    if (!value) continue;
    draft.operations.emplace_back(
        RemoveEntry{*manifest.annotations, *manifest.document->find_entry(*manifest.annotations, key)});
    draft.changes.push_back({"metadata.annotations[" + std::string(key) + "]", Action::remove, *value, ""});
  }
}

/// Takes the key out with the list or mapping whose last member the draft takes out.
void remove_emptied(Draft& draft, std::optional<yaml::NodeId> collection) {
  if (!collection) return;
  const auto is_of_it = [&](const Operation& operation) {
    const auto* item = std::get_if<RemoveItem>(&operation);
    const auto* entry = std::get_if<RemoveEntry>(&operation);
    return (item != nullptr && item->list == *collection) || (entry != nullptr && entry->mapping == *collection);
  };
  std::vector<Operation>& operations = draft.operations;
  const yaml::Node& node = draft.manifest.document->node(*collection);
  const auto removed = std::count_if(operations.begin(), operations.end(), is_of_it);
  if (removed == 0 || static_cast<std::size_t>(removed) != node.child_count) return;
  std::erase_if(operations, is_of_it);
  operations.emplace_back(RemoveEntry{node.parent, node.index});
}

/// Everything of auditing taken out of the draft.
void take_out(Draft& draft) {
  for (const manifest::Flag& flag : draft.manifest.flags) {
    if (is_audit_flag(flag)) remove_flag(draft, flag);
  }
  retire_mounts(draft, {});
  remove_annotations(draft);
  remove_emptied(draft, draft.manifest.annotations);
  remove_emptied(draft, draft.manifest.mounts_place.list);
  remove_emptied(draft, draft.manifest.volumes_place.list);
}

/// `annotations: {}`, `volumes: []` and their like mean what a missing key means.
void drop_if_empty(decode::Value& owner, std::string_view key) {
  const decode::Value* value = owner.find(key);
  if (value == nullptr || owner.object() == nullptr) return;
  const bool is_empty = value->is_null() || (value->array() != nullptr && value->array()->empty()) ||
                        (value->object() != nullptr && value->object()->empty());
  if (is_empty) std::erase_if(*owner.object(), [&](const decode::Value::Member& member) { return member.key == key; });
}

}  // namespace

Result<Plan> plan_disable(const manifest::Manifest& manifest, decode::Value value,
                          std::optional<kube::Version> version) {
  const Desired nothing;
  Draft draft{.manifest = manifest, .desired = nothing};
  Plan plan;
  plan.version = version ? *version : manifest.version.value_or(kube::k_newest_known);
  plan.run_as_user = manifest.run_as_user;
  plan.run_as_group = manifest.run_as_group;
  take_out(draft);
  KAUDIT_TRY_DO(finish(draft, std::move(value), plan));
  return plan;
}

Result<decode::Value> without_auditing(const manifest::Manifest& manifest, const decode::Value& value) {
  const Desired nothing;
  Draft draft{.manifest = manifest, .desired = nothing};
  take_out(draft);
  KAUDIT_TRY(tree, intended(*manifest.document, value, draft.operations));
  if (decode::Value* metadata = tree.find("metadata")) drop_if_empty(*metadata, "annotations");
  if (decode::Value* spec = tree.find("spec")) {
    drop_if_empty(*spec, "volumes");
    decode::Value* containers = spec->find("containers");
    if (containers != nullptr && containers->array() != nullptr &&
        manifest.container_index < containers->array()->size()) {
      drop_if_empty((*containers->array())[manifest.container_index], "volumeMounts");
    }
  }
  return tree;
}

bool has_auditing(const manifest::Manifest& manifest) {
  return std::any_of(manifest.flags.begin(), manifest.flags.end(), is_audit_flag) ||
         std::any_of(k_annotations.begin(), k_annotations.end(),
                     [&](std::string_view key) { return manifest.annotation(key).has_value(); });
}

const manifest::Mount* mount_of(const manifest::Manifest& manifest, std::string_view path) {
  const Desired nothing;
  return governing_mount(Draft{.manifest = manifest, .desired = nothing}, normalise_path(path));
}

std::optional<std::string> node_path_of(const manifest::Manifest& manifest, std::string_view path) {
  const Desired nothing;
  const Draft draft{.manifest = manifest, .desired = nothing};
  const manifest::Mount* mount = mount_of(manifest, path);
  return mount != nullptr ? host_path_at(draft, *mount, normalise_path(path)) : std::nullopt;
}

}  // namespace kaudit::patch
