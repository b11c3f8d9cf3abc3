#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/edit.hpp"
#include "kaudit/yaml/document.hpp"
#include "kaudit/yaml/editor.hpp"

namespace kaudit::patch {

struct InsertItem {
  yaml::NodeId list = 0;
  std::size_t before = 0;
  yaml::Fragment item;
};
struct RemoveItem {
  yaml::NodeId list = 0;
  std::size_t index = 0;
};
struct InsertEntry {
  yaml::NodeId mapping = 0;
  std::size_t before = 0;
  std::string key;
  yaml::Fragment value;
};
struct RemoveEntry {
  yaml::NodeId mapping = 0;
  std::size_t index = 0;
};
struct Replace {
  yaml::NodeId scalar = 0;
  yaml::Fragment value;
};

/// One change of the tree. All node ids and indices refer to the tree as it was.
using Operation = std::variant<InsertItem, RemoveItem, InsertEntry, RemoveEntry, Replace>;

/// The operations as edits of the document's text.
[[nodiscard]] Result<std::vector<text::TextEdit>> to_edits(const yaml::Document& document,
                                                           const std::vector<Operation>& operations);

/// The same operations on the tree that the judge read: what the new text must decode to. It knows nothing of text.
///
/// Errors: status 70 when a node of the document has no counterpart in the value.
[[nodiscard]] Result<decode::Value> intended(const yaml::Document& document, decode::Value value,
                                             const std::vector<Operation>& operations);

/// A fragment as the judge will read it.
[[nodiscard]] decode::Value to_value(const yaml::Fragment& fragment);

}  // namespace kaudit::patch
