#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::yaml {

/// Refuses a mapping that has a key twice, naming both lines. yaml-cpp keeps both, Go's decoders the last.
[[nodiscard]] Status check_keys(const Document& document);

}  // namespace kaudit::yaml
