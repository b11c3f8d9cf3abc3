#include "duplicate_keys.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/text/diagnostic.hpp"

namespace kaudit::yaml {
namespace {

/// What a key is to Kubernetes, which turns every key into a string. An alias is taken by its own text.
std::string_view key_text(const Document& document, NodeId key) {
  const Node& node = document.node(key);
  if (node.kind == Kind::scalar) return node.value;
  return node.kind == Kind::null ? std::string_view("null") : document.source().text(node.span);
}

struct Repeated {
  NodeId first;
  NodeId again;
};

/// The first repetition in a mapping. Sorting keeps it within n log n whatever the keys are.
std::optional<Repeated> find_repeated(const Document& document, NodeId mapping) {
  const std::size_t count = document.node(mapping).child_count;
  std::vector<NodeId> keys;
  keys.reserve(count);
  for (std::size_t i = 0; i < count; ++i) keys.push_back(document.child(mapping, i).key);
  std::sort(keys.begin(), keys.end(), [&](NodeId a, NodeId b) {
    const int order = key_text(document, a).compare(key_text(document, b));
    return order != 0 ? order < 0 : a < b;
  });
  std::optional<Repeated> found;
  for (std::size_t i = 1; i < count; ++i) {
    if (key_text(document, keys[i - 1]) != key_text(document, keys[i])) continue;
    if (!found || keys[i] < found->again) found = Repeated{keys[i - 1], keys[i]};
  }
  return found;
}

}  // namespace

Status check_keys(const Document& document) {
  for (NodeId id = 0; id < document.node_count(); ++id) {
    if (document.node(id).kind != Kind::mapping || document.node(id).child_count < 2) continue;
    const auto repeated = find_repeated(document, id);
    if (!repeated) continue;
    const text::Source& source = document.source();
    const std::size_t line = source.position(document.node(repeated->first).span.begin).line;
    return text::refuse(source, {text::Severity::error, "duplicate-key", document.path(repeated->again),
                                 "this key is in line " + std::to_string(line) + " already",
                                 "delete one of the two: readers disagree which one counts",
                                 document.node(repeated->again).span.begin});
  }
  return Done{};
}

}  // namespace kaudit::yaml
