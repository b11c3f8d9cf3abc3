#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"
#include "tree.hpp"

namespace kaudit::yaml {

/// The shape of the one document in `source`, from yaml-cpp's events: kinds, styles (block, flow; scalars all
/// `plain`), values, children. Of every span only `begin` is set, to yaml-cpp's mark; the scan does the rest.
///
/// Refuses syntax errors, no document, several documents, nesting deeper than 200, more than 6,000,000 nodes.
[[nodiscard]] Result<Tree> read_events(const text::Source& source);

}  // namespace kaudit::yaml
