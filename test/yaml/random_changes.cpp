#include "yaml/random_changes.hpp"

#include <algorithm>

namespace kaudit::test {

using yaml::Fragment;
using yaml::Kind;
using yaml::NodeId;

Fragment RandomChanges::fragment(std::size_t depth) {
  const std::size_t choice = m_random.below(depth > 2 ? 6 : 10);
  if (choice == 0) return m_random.one_in(2);
  if (choice < 6)
    return m_random.of<std::string>({"--audit-log-path=/var/log/x.log", "/etc/kubernetes/p.yaml", "yes", "two words",
                                     "10", "", "# not", "a: b", "it's", "l1\nl2\n", "\xC3\xA9"});
  if (choice == 6) return Fragment::List{};
  if (choice == 7) return Fragment::List{fragment(depth + 1), fragment(depth + 1)};
  if (choice == 8) return Fragment::Map{};
  return Fragment::Map{{"name", fragment(depth + 1)}, {"other key", fragment(depth + 1)}};
}

bool RandomChanges::removed_above(NodeId node) const {
  while (node != m_document.root()) {
    const yaml::Node& here = m_document.node(node);
    const auto found = m_removals.find(here.parent);
    if (found != m_removals.end() && found->second[here.index]) return true;
    node = here.parent;
  }
  return false;
}

bool RandomChanges::changed_below(NodeId node) const {
  const auto below = [&](NodeId id) {
    while (id != m_document.root() && id != node) id = m_document.node(id).parent;
    return id == node;
  };
  return std::any_of(m_insertions.begin(), m_insertions.end(), [&](const auto& entry) { return below(entry.first); }) ||
         std::any_of(m_removals.begin(), m_removals.end(), [&](const auto& entry) { return below(entry.first); }) ||
         std::any_of(m_replacements.begin(), m_replacements.end(),
                     [&](const auto& entry) { return below(entry.first); });
}

void RandomChanges::insert(NodeId node, std::size_t before) {
  const yaml::Node& target = m_document.node(node);
  auto& insertions = m_insertions[node];
  bool entry = target.kind == Kind::mapping;
  if (target.kind == Kind::null) entry = insertions.empty() ? m_random.one_in(3) : !insertions.front().key.empty();
  insertions.push_back({before, entry ? "new-" + std::to_string(++m_keys) : "", fragment(0)});
}

void RandomChanges::remove(NodeId node) {
  const std::size_t index = m_random.below(m_document.node(node).child_count);
  if (changed_below(m_document.child(node, index).value)) return;
  auto& removals = m_removals[node];
  removals.resize(m_document.node(node).child_count);
  removals[index] = true;
}

void RandomChanges::replace(NodeId node) {
  Fragment value = m_random.one_in(6) ? Fragment(true) : fragment(9);
  m_replacements.emplace(node, std::move(value));
}

void RandomChanges::add(Removals removals) {
  const auto node = static_cast<NodeId>(m_random.below(m_document.node_count()));
  const yaml::Node& target = m_document.node(node);
  const bool is_key = node != m_document.root() && m_document.child(target.parent, target.index).key == node;
  if (removed_above(node) || is_key || m_document.shared_ancestor(node)) return;
  const bool collection = target.kind == Kind::sequence || target.kind == Kind::mapping;
  if (collection && target.child_count != 0 && removals == Removals::yes && m_random.one_in(3)) return remove(node);
  if (collection || (target.kind == Kind::null && !m_replacements.contains(node) && !m_random.one_in(4))) {
    return insert(node, m_random.below(target.child_count + 1));
  }
  if (!m_insertions.contains(node) && removals == Removals::yes) replace(node);
}

void RandomChanges::tell(yaml::Editor& editor) const {
  for (const auto& [node, insertions] : m_insertions) {
    for (const Insertion& insertion : insertions) {
      if (insertion.key.empty()) {
        editor.insert_item(node, insertion.before, insertion.value);
      } else {
        editor.insert_entry(node, insertion.before, insertion.key, insertion.value);
      }
    }
  }
  for (const auto& [node, removed] : m_removals) {
    for (std::size_t i = 0; i < removed.size(); ++i) {
      if (removed[i]) editor.remove_item(node, i);
    }
  }
  for (const auto& [node, value] : m_replacements) editor.replace(node, value);
}

Meaning RandomChanges::expected(NodeId node) const {
  if (const auto found = m_replacements.find(node); found != m_replacements.end()) return meaning_of(found->second);
  Meaning meaning = meaning_alone(m_document, node);
  const auto insertions = m_insertions.find(node);
  const auto removals = m_removals.find(node);
  if (insertions != m_insertions.end()) {
    meaning.kind = insertions->second.front().key.empty() ? Meaning::Kind::list : Meaning::Kind::map;
  }
  const std::size_t count = m_document.node(node).child_count;
  for (std::size_t i = 0; i <= count; ++i) {
    if (insertions != m_insertions.end()) {
      for (const Insertion& insertion : insertions->second) {
        if (insertion.before != i) continue;
        if (insertion.key.empty()) meaning.items.push_back(meaning_of(insertion.value));
        if (!insertion.key.empty()) meaning.entries.emplace_back(insertion.key, meaning_of(insertion.value));
      }
    }
    if (i == count || (removals != m_removals.end() && removals->second[i])) continue;
    const yaml::Child& child = m_document.child(node, i);
    if (meaning.kind == Meaning::Kind::list) meaning.items.push_back(expected(child.value));
    if (meaning.kind == Meaning::Kind::map)
      meaning.entries.emplace_back(m_document.node(child.key).value, expected(child.value));
  }
  return meaning;
}

}  // namespace kaudit::test
