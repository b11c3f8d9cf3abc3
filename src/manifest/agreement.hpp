#pragma once

#include <optional>

#include "kaudit/decode/value.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::manifest {

/// The first place at which the tree that is edited (yaml-cpp's) and the tree Kubernetes works on (go-yaml's, resolved)
/// are not the same: keys of mappings, lengths of lists, text of strings. Linear in the size of the document.
///
/// Not compared: what stands below aliases, tags and mappings with a merge key, because there the two say different
/// things by design. Nothing there is edited (Document::shared_ancestor).
[[nodiscard]] std::optional<text::Diagnostic> disagreement(const yaml::Document& document, const decode::Value& value);

}  // namespace kaudit::manifest
