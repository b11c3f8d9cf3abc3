#include "kaudit/yaml/editor.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "editor_parts.hpp"
#include "fragment_text.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "layout.hpp"
#include "scalar_text.hpp"

namespace kaudit::yaml {
namespace {

Error refuse_node(const Document& document, NodeId id, std::string code, std::string message, std::string hint) {
  return text::refuse(document.source(), {text::Severity::error, std::move(code), document.path(id), std::move(message),
                                          std::move(hint), begin_of(document, id)});
}

Status check_unshared(const Document& document, NodeId id) {
  const auto shared = document.shared_ancestor(id);
  if (!shared) return Done{};
  const Node& node = document.node(*shared);
  const std::string hint = "write the value out where it is used, without anchors, aliases, tags and `<<`";
  if (node.kind == Kind::alias) {
    return refuse_node(document, *shared, "shared-node", "an alias stands where a change is needed", hint);
  }
  if (!node.property.empty()) {
    return refuse_node(
        document, *shared, "shared-node",
        "this has an anchor or a tag (" + std::string(document.source().text(node.property)) + ") and must be changed",
        hint);
  }
  return refuse_node(document, *shared, "shared-node",
                     "this mapping takes in another one with `<<` and must be changed", hint);
}

/// An anchor that goes may be one that an alias elsewhere needs.
Status check_no_anchor(const Document& document, NodeId first, NodeId behind) {
  for (NodeId id = first; id < behind; ++id) {
    if (document.node(id).property.empty()) continue;
    return refuse_node(document, id, "shared-node", "this has an anchor or a tag and would be removed",
                       "write the value out where it is used, and delete the anchor");
  }
  return Done{};
}

}  // namespace

/// Sorts the changes by the node they change, checks them, and has each node's edits made.
class EditorRound {
 public:
  explicit EditorRound(const Document& document) : m_document(document), m_edits(document) {}

  Status take(const Editor::InsertItem& change) { return insert(change.node, {change.before, nullptr, &change.item}); }
  Status take(const Editor::InsertEntry& change) {
    return insert(change.node, {change.before, &change.key, &change.value});
  }
  Status take(const Editor::Remove& change);
  Status take(const Editor::Replace& change);
  Result<std::vector<text::TextEdit>> finish() &&;

 private:
  Status insert(NodeId node, Insertion insertion);
  [[nodiscard]] bool known(NodeId node) const { return node < m_document.node_count(); }
  MemberChanges& changes_of(NodeId node);
  [[nodiscard]] std::size_t depth(NodeId id) const;
  Status make_replacement(NodeId id, const Fragment& value);
  Status make_member_changes(MemberChanges& changes);
  [[nodiscard]] Status check_not_removed(NodeId id) const;

  const Document& m_document;
  PendingEdits m_edits;
  std::map<NodeId, MemberChanges> m_members;
  std::map<NodeId, const Fragment*> m_replacements;
  /// Node ranges that are removed.
  std::vector<std::pair<NodeId, NodeId>> m_removed;
};

MemberChanges& EditorRound::changes_of(NodeId node) {
  MemberChanges& changes = m_members[node];
  changes.node = node;
  changes.removed.resize(m_document.node(node).child_count);
  return changes;
}

Status EditorRound::insert(NodeId node, Insertion insertion) {
  if (!known(node) || insertion.before > m_document.node(node).child_count) {
    return internal_error("insertion in front of member " + std::to_string(insertion.before) + ", which is not there");
  }
  const Node& target = m_document.node(node);
  const Kind kind = insertion.key == nullptr ? Kind::sequence : Kind::mapping;
  const bool fits = target.kind == kind || target.kind == Kind::null || target.kind == Kind::alias;
  if (!fits) return internal_error("insertion into " + m_document.path(node) + ", which is no list or mapping");
  const auto good_key = [&] { return insertion.key == nullptr || is_utf8(Fragment(*insertion.key)); };
  if (!is_utf8(*insertion.value) || !good_key())
    return internal_error("a value that is not UTF-8 for " + m_document.path(node));
  KAUDIT_TRY_DO(check_unshared(m_document, node));
  MemberChanges& changes = changes_of(node);
  const bool mixed =
      !changes.insertions.empty() && (changes.insertions.front().key == nullptr) != (insertion.key == nullptr);
  if (mixed) return internal_error("items and entries inserted into the same node " + m_document.path(node));
  changes.insertions.push_back(insertion);
  return Done{};
}

Status EditorRound::take(const Editor::Remove& change) {
  if (!known(change.node) || change.index >= m_document.node(change.node).child_count) {
    return internal_error("removal of member " + std::to_string(change.index) + ", which is not there");
  }
  KAUDIT_TRY_DO(check_unshared(m_document, change.node));
  const NodeId first = first_node(m_document, change.node, change.index);
  const NodeId behind = subtree_end(m_document, m_document.child(change.node, change.index).value);
  KAUDIT_TRY_DO(check_no_anchor(m_document, first, behind));
  MemberChanges& changes = changes_of(change.node);
  if (changes.removed[change.index]) return internal_error("removed twice: " + m_document.path(first));
  changes.removed[change.index] = true;
  m_removed.emplace_back(first, behind);
  return Done{};
}

Status EditorRound::take(const Editor::Replace& change) {
  if (!known(change.node)) return internal_error("replacement of a node that is not there");
  const Kind kind = m_document.node(change.node).kind;
  if (kind == Kind::sequence || kind == Kind::mapping) {
    return internal_error("replacement of " + m_document.path(change.node) + ", which is no scalar");
  }
  if (!is_utf8(change.value)) return internal_error("a value that is not UTF-8 for " + m_document.path(change.node));
  KAUDIT_TRY_DO(check_unshared(m_document, change.node));
  if (!m_replacements.emplace(change.node, &change.value).second) {
    return internal_error("replaced twice: " + m_document.path(change.node));
  }
  return Done{};
}

std::size_t EditorRound::depth(NodeId id) const {
  std::size_t depth = 0;
  for (; id != m_document.root(); id = m_document.node(id).parent) ++depth;
  return depth;
}

Status EditorRound::check_not_removed(NodeId id) const {
  for (const auto& [first, behind] : m_removed) {
    if (id >= first && id < behind)
      return internal_error("a change inside something that is removed: " + m_document.path(id));
  }
  return Done{};
}

Status EditorRound::make_replacement(NodeId id, const Fragment& value) {
  KAUDIT_TRY_DO(check_not_removed(id));
  if (m_members.contains(id)) return internal_error("replaced and filled: " + m_document.path(id));
  const Node& node = m_document.node(id);
  const Place place = in_flow(m_document, id) ? Place::flow : Place::block;
  std::string text;
  if (const auto* string = std::get_if<std::string>(&value.value())) {
    text = in_style_of(node, m_document.source().text(node.span), *string, place);
  } else {
    text = flow_value(value, place == Place::flow ? flow_layout(m_document) : FlowLayout{});
  }
  m_edits.replace(node.span, node.span.empty() ? " " + text : text);
  return Done{};
}

Status EditorRound::make_member_changes(MemberChanges& changes) {
  KAUDIT_TRY_DO(check_not_removed(changes.node));
  std::stable_sort(changes.insertions.begin(), changes.insertions.end(),
                   [](const Insertion& a, const Insertion& b) { return a.before < b.before; });
  const Node& node = m_document.node(changes.node);
  if (node.child_count == 0) {
    fill_empty(m_document, changes, m_edits);
  } else if (node.style == Style::flow) {
    edit_flow(m_document, changes, m_edits);
  } else {
    return edit_block(m_document, changes, m_edits);
  }
  return Done{};
}

Result<std::vector<text::TextEdit>> EditorRound::finish() && {
  std::vector<std::pair<std::size_t, MemberChanges*>> order;
  for (auto& [node, changes] : m_members) order.emplace_back(depth(node), &changes);
  // Where several insertions fall on one offset (the end of nested blocks), the deepest comes first in the text.
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [level, changes] : order) KAUDIT_TRY_DO(make_member_changes(*changes));
  for (const auto& [node, value] : m_replacements) KAUDIT_TRY_DO(make_replacement(node, *value));
  return std::move(m_edits).finish();
}

void Editor::insert_item(NodeId sequence, std::size_t before, Fragment item) {
  m_changes.emplace_back(InsertItem{sequence, before, std::move(item)});
}

void Editor::remove_item(NodeId sequence, std::size_t index) { m_changes.emplace_back(Remove{sequence, index}); }

void Editor::insert_entry(NodeId mapping, std::size_t before, std::string key, Fragment value) {
  m_changes.emplace_back(InsertEntry{mapping, before, std::move(key), std::move(value)});
}

void Editor::remove_entry(NodeId mapping, std::size_t index) { m_changes.emplace_back(Remove{mapping, index}); }

void Editor::replace(NodeId scalar, Fragment value) { m_changes.emplace_back(Replace{scalar, std::move(value)}); }

Result<std::vector<text::TextEdit>> Editor::edits() const {
  EditorRound round(m_document);
  for (const Change& change : m_changes) {
    KAUDIT_TRY_DO(std::visit([&](const auto& some) { return round.take(some); }, change));
  }
  return std::move(round).finish();
}

}  // namespace kaudit::yaml
