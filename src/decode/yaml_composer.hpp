#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/text/source.hpp"
#include "type_dependent.hpp"
#include "yaml_tape.hpp"

namespace kaudit::decode {

struct Composition {
  Value value;
  std::vector<DuplicateKey> duplicates;
};

/// From nodes to the value that sigs.k8s.io/yaml hands to encoding/json: scalars resolved, aliases and merge keys
/// followed, the last duplicate kept, keys made text. Type-dependent: two keys that are two in YAML and one in JSON, of
/// which Go takes one at random (kept: both). Not recursive.
[[nodiscard]] Result<Composition> compose(const text::Source& source, const Tape& tape, TypeDependent what);

}  // namespace kaudit::decode
