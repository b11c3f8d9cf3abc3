#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"
#include "type_dependent.hpp"

namespace kaudit::decode {

/// The whole text as one JSON value, by encoding/json's rules (Go 1.26; sigs.k8s.io/json is a copy of it): nothing but
/// white space around it, bad UTF-8 and lone surrogates become U+FFFD, nesting up to 10,000. Type-dependent: duplicate
/// keys (kept: all of them, in the order of the text) and numbers larger than a float64 (kept: infinite). Not
/// recursive.
[[nodiscard]] Result<Value> read_json(const text::Source& source, TypeDependent what);

}  // namespace kaudit::decode
