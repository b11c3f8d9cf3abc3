#pragma once

#include <optional>

#include "kaudit/kube/audit_flags.hpp"

namespace kaudit::kube {

/// Why pflag would not take one setting of an audit flag: unknown, without its value, or a value that does not parse.
/// Source: spf13/pflag flag.go parseLongArg, FlagSet.Set.
[[nodiscard]] std::optional<FlagProblem> refused_by_pflag(const FlagSetting& setting, Version version);

}  // namespace kaudit::kube
