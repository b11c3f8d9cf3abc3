#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/yaml/editor.hpp"
#include "pending_edits.hpp"

namespace kaudit::yaml {

/// A new member in front of member `before`; `key` is null for items.
struct Insertion {
  std::size_t before = 0;
  const std::string* key = nullptr;
  const Fragment* value = nullptr;
};

/// All that happens to the members of one collection (or null).
struct MemberChanges {
  NodeId node = 0;
  /// By `before`, in the order given where that is equal.
  std::vector<Insertion> insertions;
  /// One flag per member.
  std::vector<bool> removed;

  [[nodiscard]] bool removes(std::size_t index) const { return removed[index]; }
  /// Number of removed members at the very start.
  [[nodiscard]] std::size_t removed_head() const {
    std::size_t count = 0;
    while (count < removed.size() && removed[count]) ++count;
    return count;
  }
};

/// Members of a block collection: whole lines.
[[nodiscard]] Status edit_block(const Document& document, const MemberChanges& changes, PendingEdits& edits);

/// Members of a flow collection, which may be empty.
void edit_flow(const Document& document, const MemberChanges& changes, PendingEdits& edits);

/// First members of a null, `[]` or `{}` (insertions only).
void fill_empty(const Document& document, const MemberChanges& changes, PendingEdits& edits);

}  // namespace kaudit::yaml
