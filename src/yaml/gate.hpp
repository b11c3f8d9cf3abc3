#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::yaml {

/// The check of the bytes before any parser sees them: what yaml-cpp and the kubelet's parser (a port of libyaml)
/// would take for different characters or lines, or what no manifest contains on purpose.
[[nodiscard]] Status check_bytes(const text::Source& source);

}  // namespace kaudit::yaml
