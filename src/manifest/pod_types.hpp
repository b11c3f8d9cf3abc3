#pragma once

#include "findings.hpp"
#include "kaudit/decode/value.hpp"

namespace kaudit::manifest {

/// Values of another type than the Go struct field: the kubelet's decoder refuses the whole file for one.
/// Only fields that exist in every known version are in the table; unknown ones are dropped in silence.
void check_types(const decode::Value& pod, Findings& findings);

}  // namespace kaudit::manifest
