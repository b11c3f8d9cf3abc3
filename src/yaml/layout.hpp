#pragma once

#include <cstddef>

#include "fragment_text.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// Where a node begins, its anchor and tag included.
[[nodiscard]] std::size_t begin_of(const Document& document, NodeId id);

/// First node of member `index` in the order of nodes: its key, if it has one.
[[nodiscard]] NodeId first_node(const Document& document, NodeId collection, std::size_t index);
/// Behind the last node of `id`'s subtree.
[[nodiscard]] NodeId subtree_end(const Document& document, NodeId id);

/// From its `-` (block sequence), key (mapping) or own begin (flow sequence) to the end of its value.
[[nodiscard]] text::Span member_span(const Document& document, NodeId collection, std::size_t index);

[[nodiscard]] std::size_t column_of(const Document& document, std::size_t offset);

/// First byte of the line that `offset` is on, behind a byte order mark.
[[nodiscard]] std::size_t line_begin(const Document& document, std::size_t offset);
/// End of the text of that line, in front of its line ending.
[[nodiscard]] std::size_t line_text_end(const Document& document, std::size_t offset);
/// Behind that line's ending.
[[nodiscard]] std::size_t line_end(const Document& document, std::size_t offset);

/// Whether only blanks stand before `offset` on its line.
[[nodiscard]] bool starts_line(const Document& document, std::size_t offset);
/// What follows `offset` on its line, blanks skipped: '\0' for nothing.
[[nodiscard]] char next_on_line(const Document& document, std::size_t offset);

/// Whether the node lies between flow brackets (or is the root of no block text).
[[nodiscard]] bool in_flow(const Document& document, NodeId id);

/// Layout for what is written into block collection `near` (or for its entry's value): the offset of lists is that of
/// a list beside it, else that of `spec.containers`, else of the first list of the document, else 0, kubeadm's.
[[nodiscard]] BlockLayout block_layout(const Document& document, NodeId near, std::size_t offset);
[[nodiscard]] FlowLayout flow_layout(const Document& document);

}  // namespace kaudit::yaml
