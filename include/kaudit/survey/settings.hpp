#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kaudit/kube/audit_flags.hpp"

namespace kaudit::survey {

/// A flag that two command lines do not set alike. Several values of one flag are joined by ", ".
struct FlagDifference {
  std::string name;
  std::optional<std::string> in_manifest;  ///< nothing: not set there
  std::optional<std::string> in_process;
};

/// By name. A value in which the kubelet replaces variables ("$(HOST_IP)") may be anything in the process.
[[nodiscard]] std::vector<FlagDifference> differences(const std::vector<kube::FlagSetting>& manifest,
                                                      const std::vector<kube::FlagSetting>& process);

}  // namespace kaudit::survey
