#include "kaudit/yaml/document.hpp"

#include <algorithm>

#include "duplicate_keys.hpp"
#include "events.hpp"
#include "gate.hpp"
#include "scan.hpp"

namespace kaudit::yaml {
namespace {

/// `.name`, or `[name]` for a key that is no identifier, as Kubernetes writes the keys of annotations.
std::string segment(std::string_view key) {
  const bool identifier = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return identifier ? "." + std::string(key) : "[" + std::string(key) + "]";
}

}  // namespace

Result<Document> Document::parse(text::Source source) {
  KAUDIT_TRY_DO(check_bytes(source));
  KAUDIT_TRY(tree, read_events(source));
  KAUDIT_TRY_DO(scan(source, tree));
  Document document(std::move(source));
  document.m_nodes = std::move(tree.nodes);
  document.m_children = std::move(tree.children);
  KAUDIT_TRY_DO(check_keys(document));
  return document;
}

std::optional<std::size_t> Document::find_entry(NodeId id, std::string_view key) const {
  const Node& mapping = node(id);
  if (mapping.kind != Kind::mapping) return std::nullopt;
  for (std::size_t i = 0; i < mapping.child_count; ++i) {
    const Node& candidate = node(child(id, i).key);
    if (candidate.kind == Kind::scalar && candidate.value == key) return i;
  }
  return std::nullopt;
}

std::optional<NodeId> Document::find(NodeId id, std::string_view key) const {
  const auto index = find_entry(id, key);
  if (!index) return std::nullopt;
  return child(id, *index).value;
}

std::string Document::path(NodeId id) const {
  std::vector<std::string> segments;
  while (id != root()) {
    const Node& parent = node(node(id).parent);
    const std::size_t index = node(id).index;
    if (parent.kind == Kind::sequence) {
      segments.push_back("[" + std::to_string(index) + "]");
    } else {
      const Node& key = node(child(node(id).parent, index).key);
      segments.push_back(segment(key.kind == Kind::scalar ? key.value : m_source.text(key.span)));
    }
    id = node(id).parent;
  }
  std::string path;
  std::reverse(segments.begin(), segments.end());
  for (const std::string& part : segments) path += part;
  return !path.empty() && path.front() == '.' ? path.substr(1) : path;
}

std::optional<NodeId> Document::shared_ancestor(NodeId id) const {
  while (true) {
    const Node& here = node(id);
    if (here.kind == Kind::alias || !here.property.empty() || find_entry(id, "<<")) return id;
    if (id == root()) return std::nullopt;
    id = here.parent;
  }
}

}  // namespace kaudit::yaml
