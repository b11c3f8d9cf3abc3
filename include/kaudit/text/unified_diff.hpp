#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/text/edit.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::text {

/// The two header lines of a diff: what follows `--- ` and `+++ `.
struct DiffNames {
  std::string before;
  std::string after;
};

/// Unified diff made from the edits themselves, not by comparing texts: what it shows is what was done.
/// Lines are shown as they are (a CR before the line feed stays), `\ No newline at end of file` where it
/// belongs, `-0,0` / `+0,0` for empty sides; hunks whose contexts touch are joined. The result applies
/// with `patch -p1` and `git apply`. Empty when the edits change no byte.
///
/// `edits` as apply_edits wants them (sorted, disjoint, in bounds).
[[nodiscard]] std::string unified_diff(const DiffNames& names, const Source& original,
                                       const std::vector<TextEdit>& edits, std::size_t context_lines = 3);

/// The edits of whole lines that turn `before` into `after`, the fewest lines there can be; between texts that differ
/// in thousands of lines one edit, from the first that differs to the last. Empty vector when they are equal.
[[nodiscard]] std::vector<TextEdit> edits_between(std::string_view before, std::string_view after);

}  // namespace kaudit::text
