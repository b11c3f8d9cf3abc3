#pragma once

#include "kaudit/policy/policy.hpp"
#include "unmarshal.hpp"

namespace kaudit::policy {

/// The policy that Go has in memory, from what was decoded into audit.k8s.io's Policy.
[[nodiscard]] Policy build_policy(const Slot& slot);

}  // namespace kaudit::policy
