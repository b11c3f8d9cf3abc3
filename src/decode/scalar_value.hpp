#pragma once

#include <cstddef>

#include "kaudit/decode/value.hpp"
#include "yaml_scalar.hpp"

namespace kaudit::decode {

/// A resolved scalar as encoding/json will see it. A number that JSON cannot hold becomes null; whoever asks notes
/// that.
[[nodiscard]] Value scalar_value(Scalar scalar, std::size_t offset);

}  // namespace kaudit::decode
