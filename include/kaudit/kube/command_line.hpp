#pragma once

#include <string>
#include <vector>

#include "kaudit/kube/audit_flags.hpp"

namespace kaudit::kube {

/// The flags of a kube-apiserver that was started with these arguments, the program first, as pflag takes them; words
/// that are no flags are passed over. Flags of an unknown type written without `=` take the next word unless it looks
/// like a flag. Source: spf13/pflag flag.go parseArgs, parseLongArg.
[[nodiscard]] std::vector<FlagSetting> settings_in(const std::vector<std::string>& arguments);

}  // namespace kaudit::kube
