// Collections in block style.

#include <string_view>

#include "scanner.hpp"

namespace kaudit::yaml {

Status Scan::block_value(NodeId id, std::size_t column, After after) {
  if (is_empty(id)) {
    m_tree.nodes[id].span = {m_at, m_at};
    const std::size_t behind = m_text.find_first_not_of(' ', m_at);
    if (after == After::dash && behind != std::string_view::npos && m_text[behind] == '\t') return tab(behind);
    return Done{};
  }
  KAUDIT_TRY_DO(gap(In::block, after));
  return node(id, In::block, static_cast<std::ptrdiff_t>(column));
}

Status Scan::block_sequence(NodeId id) {
  const std::size_t dashes = column(m_at);
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) KAUDIT_TRY_DO(gap(In::block, After::other));
    if (peek() != '-' || !white_follows(1) || column(m_at) != dashes) return not_understood();
    child(id, i).indicator = m_at++;
    KAUDIT_TRY_DO(block_value(child(id, i).value, dashes, After::dash));
  }
  m_tree.nodes[id].span.end = m_at;
  return Done{};
}

/// A key of a block mapping, up to its `:`. It is a scalar or alias on one line.
Status Scan::block_key(NodeId id, std::size_t keys) {
  if (is_empty(id) || column(m_at) != keys) return not_understood();
  KAUDIT_TRY_DO(node(id, In::block, static_cast<std::ptrdiff_t>(keys) - 1));
  const Node& key = m_tree.nodes[id];
  const bool simple = key.kind != Kind::sequence && key.kind != Kind::mapping && key.style != Style::literal &&
                      key.style != Style::folded;
  if (!simple || m_source.text(key.span).find('\n') != std::string_view::npos) {
    return refuse_at(m_source, key.span.begin,
                     {"complex-key", "a key that is not a single word or string", "write it as `key: value`"});
  }
  m_at = std::min(m_text.find_first_not_of(" \t", m_at), m_text.size());
  if (peek() != ':' || !white_follows(1)) return not_understood();
  return Done{};
}

Status Scan::block_mapping(NodeId id) {
  const std::size_t keys = column(m_at);
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) KAUDIT_TRY_DO(gap(In::block, After::other));
    KAUDIT_TRY_DO(block_key(child(id, i).key, keys));
    child(id, i).indicator = m_at++;
    KAUDIT_TRY_DO(block_value(child(id, i).value, keys, After::other));
  }
  m_tree.nodes[id].span.end = m_at;
  return Done{};
}

}  // namespace kaudit::yaml
