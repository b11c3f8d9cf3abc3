#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"
#include "tree.hpp"

namespace kaudit::yaml {

/// Walks the text once with the tree from read_events as its guide and sets every span, style, property and
/// indicator. Between two nodes it accepts white space, comments and the one indicator that belongs there, and
/// nothing else: when it ends well, the tiling is proven. Refuses every text where it does not.
[[nodiscard]] Status scan(const text::Source& source, Tree& tree);

}  // namespace kaudit::yaml
