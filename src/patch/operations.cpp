#include "operations.hpp"

#include <functional>
#include <map>
#include <set>

namespace kaudit::patch {
namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

/// What happens to one list, collected so that indices can refer to the list as it was.
struct ListChange {
  std::multimap<std::size_t, const yaml::Fragment*> inserts;
  std::set<std::size_t> removed;
};

/// The value that stands where node `id` stands in the document; null pointer if there is none.
decode::Value* counterpart(const yaml::Document& document, decode::Value& root, yaml::NodeId id) {
  std::vector<yaml::NodeId> way;
  for (yaml::NodeId at = id; at != document.root(); at = document.node(at).parent) way.push_back(at);
  decode::Value* value = &root;
  for (auto step = way.rbegin(); step != way.rend() && value != nullptr; ++step) {
    const yaml::Node& node = document.node(*step);
    if (document.node(node.parent).kind == yaml::Kind::mapping) {
      value = value->find(document.node(document.child(node.parent, node.index).key).value);
    } else {
      decode::Value::Array* items = value->array();
      value = items != nullptr && node.index < items->size() ? &(*items)[node.index] : nullptr;
    }
  }
  return value;
}

void apply_to_list(decode::Value& value, const ListChange& change) {
  decode::Value::Array before = value.array() != nullptr ? std::move(*value.array()) : decode::Value::Array{};
  decode::Value::Array after;
  for (std::size_t i = 0; i <= before.size(); ++i) {
    const auto [first, last] = change.inserts.equal_range(i);
    for (auto insert = first; insert != last; ++insert) after.push_back(to_value(*insert->second));
    if (i < before.size() && !change.removed.contains(i)) after.push_back(std::move(before[i]));
  }
  value = decode::Value(std::move(after));
}

/// The node that an operation changes.
yaml::NodeId target_of(const Operation& operation) {
  return std::visit(Overloaded{
                        [](const InsertItem& op) { return op.list; },
                        [](const RemoveItem& op) { return op.list; },
                        [](const InsertEntry& op) { return op.mapping; },
                        [](const RemoveEntry& op) { return op.mapping; },
                        [](const Replace& op) { return op.scalar; },
                    },
                    operation);
}

/// What happens to a mapping or a scalar: `value` stands for the node that the operation changes.
void apply_to(decode::Value& value, const yaml::Document& document, const Operation& operation) {
  if (const auto* entry = std::get_if<InsertEntry>(&operation)) {
    if (value.object() == nullptr) value = decode::Value(decode::Value::Object{});
    value.object()->push_back({entry->key, to_value(entry->value), 0});
  } else if (const auto* gone = std::get_if<RemoveEntry>(&operation)) {
    const std::string& key = document.node(document.child(gone->mapping, gone->index).key).value;
    if (value.object() == nullptr) return;
    std::erase_if(*value.object(), [&](const decode::Value::Member& member) { return member.key == key; });
  } else if (const auto* replace = std::get_if<Replace>(&operation)) {
    value = to_value(replace->value);
  }
}

}  // namespace

decode::Value to_value(const yaml::Fragment& fragment) {
  return std::visit(Overloaded{
                        [](const std::string& text) { return decode::Value(text); },
                        [](bool flag) { return decode::Value(flag); },
                        [](const yaml::Fragment::List& items) {
                          decode::Value::Array array;
                          for (const yaml::Fragment& item : items) array.push_back(to_value(item));
                          return decode::Value(std::move(array));
                        },
                        [](const yaml::Fragment::Map& entries) {
                          decode::Value::Object object;
                          for (const auto& [key, item] : entries) object.push_back({key, to_value(item), 0});
                          return decode::Value(std::move(object));
                        },
                    },
                    fragment.value());
}

Result<std::vector<text::TextEdit>> to_edits(const yaml::Document& document, const std::vector<Operation>& operations) {
  yaml::Editor editor(document);
  for (const Operation& operation : operations) {
    std::visit(Overloaded{
                   [&](const InsertItem& op) { editor.insert_item(op.list, op.before, op.item); },
                   [&](const RemoveItem& op) { editor.remove_item(op.list, op.index); },
                   [&](const InsertEntry& op) { editor.insert_entry(op.mapping, op.before, op.key, op.value); },
                   [&](const RemoveEntry& op) { editor.remove_entry(op.mapping, op.index); },
                   [&](const Replace& op) { editor.replace(op.scalar, op.value); },
               },
               operation);
  }
  return editor.edits();
}

Result<decode::Value> intended(const yaml::Document& document, decode::Value value,
                               const std::vector<Operation>& operations) {
  std::map<yaml::NodeId, ListChange, std::greater<>> lists;
  for (const Operation& operation : operations) {
    if (const auto* insert = std::get_if<InsertItem>(&operation)) {
      lists[insert->list].inserts.emplace(insert->before, &insert->item);
    } else if (const auto* remove = std::get_if<RemoveItem>(&operation)) {
      lists[remove->list].removed.insert(remove->index);
    } else if (decode::Value* target = counterpart(document, value, target_of(operation))) {
      apply_to(*target, document, operation);
    } else {
      return internal_error("no counterpart of " + document.path(target_of(operation)));
    }
  }
  // Lists last and the deepest first (a child's id is greater than its parent's): changing a list moves its items,
  // and everything else is found by the place it had.
  for (const auto& [id, change] : lists) {
    decode::Value* target = counterpart(document, value, id);
    if (target == nullptr) return internal_error("no counterpart of " + document.path(id));
    apply_to_list(*target, change);
  }
  return value;
}

}  // namespace kaudit::patch
