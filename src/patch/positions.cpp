#include <algorithm>

#include "draft.hpp"

namespace kaudit::patch {

std::size_t sorted_position(const std::vector<std::string>& names, std::string_view name) {
  if (!std::is_sorted(names.begin(), names.end())) return names.size();
  const auto greater = std::upper_bound(names.begin(), names.end(), name);
  return static_cast<std::size_t>(greater - names.begin());
}

InsertEntry* Draft::inserted_entry(yaml::NodeId mapping, std::string_view key) {
  for (Operation& operation : operations) {
    auto* entry = std::get_if<InsertEntry>(&operation);
    if (entry != nullptr && entry->mapping == mapping && entry->key == key) return entry;
  }
  return nullptr;
}

std::size_t entry_position(const yaml::Document& document, yaml::NodeId mapping, std::string_view key) {
  const yaml::Node& node = document.node(mapping);
  if (node.kind != yaml::Kind::mapping) return 0;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < node.child_count; ++i) {
    keys.push_back(document.node(document.child(mapping, i).key).value);
  }
  const std::size_t position = sorted_position(keys, key);
  // The first entry of a list's item shares its line with the `-`; nothing goes in front of it.
  const bool is_item = mapping != document.root() && document.node(node.parent).kind == yaml::Kind::sequence;
  return position == 0 && is_item ? keys.size() : position;
}

void set_annotation(Draft& draft, const std::string& key, const std::string& value) {
  const manifest::Manifest& manifest = draft.manifest;
  const yaml::Document& document = *manifest.document;
  const std::string path = "metadata.annotations[" + key + "]";
  const std::optional<std::string> old = manifest.annotation(key);
  if (old == value) return;
  if (old) {
    draft.operations.emplace_back(Replace{*document.find(*manifest.annotations, key), value});
    draft.changes.push_back({path, Action::replace, *old, value});
    return;
  }
  if (manifest.annotations) {
    const yaml::NodeId mapping = *manifest.annotations;
    draft.operations.emplace_back(InsertEntry{mapping, entry_position(document, mapping, key), key, value});
  } else if (InsertEntry* made = draft.inserted_entry(manifest.metadata, "annotations")) {
    auto entries = std::get<yaml::Fragment::Map>(made->value.value());
    entries.emplace_back(key, value);
    made->value = std::move(entries);
  } else {
    draft.operations.emplace_back(InsertEntry{manifest.metadata,
                                              entry_position(document, manifest.metadata, "annotations"), "annotations",
                                              yaml::Fragment::Map{{key, value}}});
  }
  draft.changes.push_back({path, Action::add, "", value});
}

}  // namespace kaudit::patch
