#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/text/edit.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// A value to be written into a document: a string, a boolean, a list or a mapping of such (in the order given).
class Fragment {
 public:
  using List = std::vector<Fragment>;
  using Map = std::vector<std::pair<std::string, Fragment>>;

  Fragment(std::string text) : m_value(std::move(text)) {}    // NOLINT(google-explicit-constructor)
  Fragment(const char* text) : m_value(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Fragment(bool value) : m_value(value) {}                    // NOLINT(google-explicit-constructor)
  Fragment(List items) : m_value(std::move(items)) {}         // NOLINT(google-explicit-constructor)
  Fragment(Map entries) : m_value(std::move(entries)) {}      // NOLINT(google-explicit-constructor)

  using Value = std::variant<std::string, bool, List, Map>;
  [[nodiscard]] const Value& value() const noexcept { return m_value; }

 private:
  Value m_value;
};

/// Collects changes to one Document and turns them into edits of its text.
///
/// Every index refers to the document as it is, whatever else is changed in the same round; several
/// insertions at one place keep the order in which they were given. What is written takes the looks of its
/// surroundings: block or flow, indentation, offset of lists, line ending, quoting of a replaced scalar. In
/// flow (JSON) it is JSON. Strings are written plain where every YAML 1.1 and 1.2 reader takes them for that
/// very string, else double-quoted. Comments stay where they are, except those on the line of what is removed
/// and, when a whole item or entry is removed, comment lines inside it.
///
/// A collection that loses its last member by remove_* and gains none is written as `[]` or `{}`.
class Editor {
 public:
  explicit Editor(const Document& document) : m_document(document) {}

  /// Puts a new item in front of item `before` of the sequence; `before == child_count` appends. The node may
  /// also be a `null`, written or empty, or `[]`: it becomes a list of this document's looks.
  void insert_item(NodeId sequence, std::size_t before, Fragment item);
  void remove_item(NodeId sequence, std::size_t index);

  /// Puts a new entry in front of entry `before` of the mapping (or null, or `{}`); `before == child_count` appends.
  void insert_entry(NodeId mapping, std::size_t before, std::string key, Fragment value);
  void remove_entry(NodeId mapping, std::size_t index);

  /// Another value for a scalar (or null) node. Keeps its quoting style where the new value allows it.
  void replace(NodeId scalar, Fragment value);

  /// All edits, sorted, against the original text.
  ///
  /// Errors, status 3 with position, for what is not modelled: a target that is or lies in something shared
  /// (Document::shared_ancestor), or a text that ends in a block scalar without a final line ending and would
  /// be appended to (the insertion would change that scalar). Status 70 for indices out of range or a change
  /// inside something that is removed.
  [[nodiscard]] Result<std::vector<text::TextEdit>> edits() const;

 private:
  friend class EditorRound;
  struct InsertItem {
    NodeId node;
    std::size_t before;
    Fragment item;
  };
  struct InsertEntry {
    NodeId node;
    std::size_t before;
    std::string key;
    Fragment value;
  };
  struct Remove {
    NodeId node;
    std::size_t index;
  };
  struct Replace {
    NodeId node;
    Fragment value;
  };
  using Change = std::variant<InsertItem, InsertEntry, Remove, Replace>;

  const Document& m_document;
  std::vector<Change> m_changes;
};

}  // namespace kaudit::yaml
