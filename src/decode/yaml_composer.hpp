#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"
#include "yaml_tape.hpp"

namespace kaudit::decode {

/// From nodes to the value that sigs.k8s.io/yaml hands to encoding/json: scalars resolved, aliases and merge keys
/// followed, the last duplicate kept, keys made text. Not recursive.
[[nodiscard]] Result<Value> compose(const text::Source& source, const Tape& tape);

}  // namespace kaudit::decode
