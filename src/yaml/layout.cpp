#include "layout.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace kaudit::yaml {
namespace {

/// How far the members of entry `index`'s block value of kind `kind` are indented from its key.
std::optional<std::size_t> value_offset(const Document& document, NodeId mapping, std::size_t index, Kind kind) {
  const Child& entry = document.child(mapping, index);
  const Node& value = document.node(entry.value);
  if (value.kind != kind || value.style != Style::block) return std::nullopt;
  const std::size_t key = column_of(document, begin_of(document, entry.key));
  const std::size_t members = column_of(document, value.span.begin);
  if (members < key) return std::nullopt;
  return members - key;
}

std::optional<std::size_t> offset_beside(const Document& document, NodeId mapping, Kind kind) {
  const Node& node = document.node(mapping);
  if (node.kind != Kind::mapping || node.style != Style::block) return std::nullopt;
  for (std::size_t i = 0; i < node.child_count; ++i) {
    if (const auto offset = value_offset(document, mapping, i, kind)) return offset;
  }
  return std::nullopt;
}

std::optional<std::size_t> offset_of_containers(const Document& document) {
  const auto spec = document.find(document.root(), "spec");
  if (!spec || document.node(*spec).style != Style::block) return std::nullopt;
  const auto index = document.find_entry(*spec, "containers");
  if (!index) return std::nullopt;
  return value_offset(document, *spec, *index, Kind::sequence);
}

std::optional<std::size_t> offset_anywhere(const Document& document, Kind kind) {
  for (NodeId id = 1; id < document.node_count(); ++id) {
    const Node& node = document.node(id);
    const Node& parent = document.node(node.parent);
    if (node.kind != kind || parent.kind != Kind::mapping || parent.style != Style::block) continue;
    if (document.child(node.parent, node.index).value != id) continue;
    if (const auto offset = value_offset(document, node.parent, node.index, kind)) return offset;
  }
  return std::nullopt;
}

}  // namespace

std::size_t begin_of(const Document& document, NodeId id) {
  const Node& node = document.node(id);
  return node.property.empty() ? node.span.begin : node.property.begin;
}

NodeId first_node(const Document& document, NodeId collection, std::size_t index) {
  const Child& child = document.child(collection, index);
  return document.node(collection).kind == Kind::mapping ? child.key : child.value;
}

NodeId subtree_end(const Document& document, NodeId id) {
  while (document.node(id).child_count != 0) id = document.child(id, document.node(id).child_count - 1).value;
  return id + 1;
}

text::Span member_span(const Document& document, NodeId collection, std::size_t index) {
  const Child& child = document.child(collection, index);
  const Node& node = document.node(collection);
  const std::size_t end = document.node(child.value).span.end;
  if (node.kind == Kind::mapping) return {begin_of(document, child.key), end};
  return {child.indicator, end};
}

std::size_t column_of(const Document& document, std::size_t offset) {
  return document.source().position(offset).column - 1;
}

std::size_t line_begin(const Document& document, std::size_t offset) { return offset - column_of(document, offset); }

std::size_t line_text_end(const Document& document, std::size_t offset) {
  const std::size_t line = document.source().line_index(offset);
  return document.source().line_span(line).end - document.source().line_ending(line).size();
}

std::size_t line_end(const Document& document, std::size_t offset) {
  return document.source().line_span(document.source().line_index(offset)).end;
}

bool starts_line(const Document& document, std::size_t offset) {
  const std::size_t begin = line_begin(document, offset);
  return document.source().text({begin, offset}).find_first_not_of(" \t") == std::string_view::npos;
}

char next_on_line(const Document& document, std::size_t offset) {
  const std::string_view rest = document.source().bytes().substr(offset, line_text_end(document, offset) - offset);
  const std::size_t at = rest.find_first_not_of(" \t");
  return at == std::string_view::npos ? '\0' : rest[at];
}

bool in_flow(const Document& document, NodeId id) {
  return id == document.root() || document.node(document.node(id).parent).style == Style::flow;
}

BlockLayout block_layout(const Document& document, NodeId near, std::size_t offset) {
  BlockLayout layout;
  auto list = offset_beside(document, near, Kind::sequence);
  if (!list) list = offset_of_containers(document);
  if (!list) list = offset_anywhere(document, Kind::sequence);
  layout.list_offset = list.value_or(0);
  auto map = offset_beside(document, near, Kind::mapping);
  if (!map) map = offset_anywhere(document, Kind::mapping);
  layout.map_step = std::max<std::size_t>(map.value_or(2), 1);
  layout.eol = document.source().ending_beside(document.source().line_index(offset));
  return layout;
}

FlowLayout flow_layout(const Document& document) {
  const Node& root = document.node(document.root());
  if (root.kind != Kind::mapping || root.style != Style::flow || root.child_count == 0) return {};
  const std::size_t colon = document.child(document.root(), 0).indicator;
  const std::string_view bytes = document.source().bytes();
  const bool minified =
      bytes[colon - 1] == '"' && std::string_view(" \t\r\n").find(bytes[colon + 1]) == std::string_view::npos;
  return minified ? FlowLayout{",", ":"} : FlowLayout{};
}

}  // namespace kaudit::yaml
