#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::decode {

/// The whole text as one JSON value, by encoding/json's rules (Go 1.26; sigs.k8s.io/json is a copy of it): nothing but
/// white space around it, bad UTF-8 and lone surrogates become U+FFFD, nesting up to 10,000. Duplicate keys are
/// refused as "not-modelled": what they do depends on the Go type they are read into. Not recursive.
[[nodiscard]] Result<Value> read_json(const text::Source& source);

}  // namespace kaudit::decode
