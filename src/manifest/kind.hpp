#pragma once

#include <optional>

#include "kaudit/decode/value.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::manifest {

/// Why the document is not a Pod at all, and what to do with it; nothing if it is one.
/// Source: the kubelet takes `v1` `Pod` only (pkg/kubelet/config/common.go tryDecodeSinglePod).
[[nodiscard]] std::optional<text::Diagnostic> not_a_pod(const decode::Value& value);

}  // namespace kaudit::manifest
