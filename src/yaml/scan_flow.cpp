// Collections in flow style, JSON among them.

#include "scanner.hpp"

namespace kaudit::yaml {

/// Behind a member of a flow collection: its `,`, which only the last may lack.
Status Scan::flow_separator(bool last) {
  KAUDIT_TRY_DO(gap(In::flow, After::other));
  if (peek() == ',') {
    ++m_at;
    return gap(In::flow, After::other);
  }
  if (!last) return not_understood();
  return Done{};
}

Status Scan::flow_end(Node& node, char bracket) {
  if (peek() != bracket) return not_understood();
  node.span.end = ++m_at;
  return Done{};
}

Status Scan::flow_sequence(NodeId id) {
  if (peek() != '[') return not_understood();
  ++m_at;
  KAUDIT_TRY_DO(gap(In::flow, After::other));
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId item = child(id, i).value;
    if (is_empty(item)) {
      return refuse_at(m_source, m_at,
                       {"empty-flow-item", "an item without text between brackets", "write null, or delete the comma"});
    }
    child(id, i).indicator = m_at;
    KAUDIT_TRY_DO(node(item, In::flow, -1));
    KAUDIT_TRY_DO(flow_separator(i + 1 == count));
  }
  return flow_end(m_tree.nodes[id], ']');
}

Status Scan::flow_mapping(NodeId id) {
  if (peek() != '{') {
    return refuse_at(
        m_source, m_at,
        {"single-pair-mapping", "a mapping without braces in a list, `[key: value]`", "write `[{key: value}]`"});
  }
  ++m_at;
  KAUDIT_TRY_DO(gap(In::flow, After::other));
  const std::size_t count = m_tree.nodes[id].child_count;
  for (std::size_t i = 0; i < count; ++i) {
    const Child entry = child(id, i);
    if (is_empty(entry.key)) return not_understood();
    KAUDIT_TRY_DO(node(entry.key, In::flow, -1));
    const Node& key = m_tree.nodes[entry.key];
    if (key.kind == Kind::sequence || key.kind == Kind::mapping) {
      return refuse_at(m_source, key.span.begin,
                       {"complex-key", "a key that is a list or mapping", "write it as `key: value`"});
    }
    KAUDIT_TRY_DO(gap(In::flow, After::other));
    if (peek() != ':') {
      return refuse_at(m_source, key.span.begin,
                       {"key-without-value", "a key without a value between braces", "write `key: null`"});
    }
    child(id, i).indicator = m_at++;
    if (is_empty(entry.value)) {
      m_tree.nodes[entry.value].span = {m_at, m_at};
    } else {
      KAUDIT_TRY_DO(gap(In::flow, After::other));
      KAUDIT_TRY_DO(node(entry.value, In::flow, -1));
    }
    KAUDIT_TRY_DO(flow_separator(i + 1 == count));
  }
  return flow_end(m_tree.nodes[id], '}');
}

}  // namespace kaudit::yaml
