#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::text {

/// Replace the bytes of `span` by `replacement`. An empty span inserts, an empty replacement deletes.
struct TextEdit {
  Span span;
  std::string replacement;
  friend bool operator==(const TextEdit&, const TextEdit&) = default;
};

/// Puts edits in the order in which they apply: by `begin`; at one offset, inserts before the edit that
/// deletes from there on, and inserts among themselves in the order given (stable).
void sort_edits(std::vector<TextEdit>& edits);

/// Applies edits to `original` in one pass. All offsets refer to `original`. They must be sorted (see
/// sort_edits), lie inside it and not overlap; touching is fine.
///
/// Errors: status 70 for edits out of bounds, out of order or overlapping, naming both.
[[nodiscard]] Result<std::string> apply_edits(std::string_view original, const std::vector<TextEdit>& edits);

}  // namespace kaudit::text
