#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::yaml {

/// Index of a node in its Document. The root is node 0.
using NodeId = std::uint32_t;

enum class Kind : std::uint8_t {
  scalar,
  sequence,
  mapping,
  /// A written `null`, `~`, … or nothing at all (then `span` is empty, and stands where the value would).
  null,
  /// `*name`: its target is not followed.
  alias,
};

enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded, block, flow };

/// One node and the exact bytes it is made of.
///
/// For a block collection `span` reaches from its first key or `-` to the end of its last child's content;
/// for everything else it is the node's own text: quotes and brackets included, comments and line endings
/// around it excluded (a block scalar's own lines, to the end of its last line's text, are included).
struct Node {
  Kind kind = Kind::null;
  Style style = Style::plain;
  text::Span span;
  /// Anchor and tag in front of the content, empty if there are none.
  text::Span property;
  /// Scalars: the decoded text, as yaml-cpp reads it. Aliases: the name.
  std::string value;
  NodeId parent = 0;
  /// Position among the parent's items or entries.
  std::uint32_t index = 0;
  /// Sequence: one Child an item. Mapping: one an entry.
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
};

/// One item of a sequence or one entry of a mapping.
struct Child {
  /// Mappings only: the key's node.
  NodeId key = 0;
  NodeId value = 0;
  /// Offset of the `-` (block sequence), of the `:` (mapping), of the item itself (flow sequence).
  std::size_t indicator = 0;
};

/// A YAML or JSON text of exactly one document, as a tree in which every node has its exact span.
///
/// Invariant ("tiling"): outside the nodes' own text and the indicators between them there is nothing but
/// white space, comments, document markers and a byte order mark. A text for which that cannot be shown is
/// not a Document: parse() refuses it.
///
/// The tree's shape comes from yaml-cpp's events, ends and indicators from a scan of the text that they
/// guide (docs/ARCHITECTURE.md). Linear in the size of the text. No type of yaml-cpp leaves yaml/.
class Document {
 public:
  /// Refuses, with status 3, file:line:column, the line and a hint: invalid UTF-8; UTF-16/32; NUL and other
  /// control characters; a lone CR; NEL, LS, PS; tabs as indentation or behind `-`; syntax errors; more than
  /// one document; none; nesting deeper than 200; 100,000 brackets open at once, in quotes or not; duplicate keys;
  /// explicit `? key`; single-pair flow mappings `[a: b]`; indentation indicators of block scalars (`|2`); an empty
  /// value on a line of its own behind a property; directives (`%YAML`); and every text whose tiling fails.
  [[nodiscard]] static Result<Document> parse(text::Source source);

  [[nodiscard]] const text::Source& source() const noexcept { return m_source; }
  [[nodiscard]] const Node& node(NodeId id) const { return m_nodes[id]; }
  // NOLINTNEXTLINE(readability-convert-member-functions-to-static): asked of a document, whatever the answer
  [[nodiscard]] NodeId root() const noexcept { return 0; }
  [[nodiscard]] std::size_t node_count() const noexcept { return m_nodes.size(); }

  /// `index` < node(id).child_count.
  [[nodiscard]] const Child& child(NodeId id, std::size_t index) const {
    return m_children[m_nodes[id].first_child + index];
  }

  /// Index of the entry of mapping `id` with this key; nothing if it has none or is no mapping. Keys are unique.
  [[nodiscard]] std::optional<std::size_t> find_entry(NodeId id, std::string_view key) const;

  /// Value of that entry.
  [[nodiscard]] std::optional<NodeId> find(NodeId id, std::string_view key) const;

  /// Kubernetes' spelling of the way to a node: `spec.containers[0].command[3]`. Empty for the root.
  [[nodiscard]] std::string path(NodeId id) const;

  /// The first node at or above `id` that is an alias or has an anchor or tag, or a mapping there that has a
  /// merge key `<<`; nothing if there is none. Such a node is not edited, nor anything in it.
  [[nodiscard]] std::optional<NodeId> shared_ancestor(NodeId id) const;

 private:
  explicit Document(text::Source source) : m_source(std::move(source)) {}

  text::Source m_source;
  /// A deque, so that memory never holds two copies while the tree grows.
  std::deque<Node> m_nodes;
  std::vector<Child> m_children;
};

}  // namespace kaudit::yaml
