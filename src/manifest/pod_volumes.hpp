#pragma once

#include "findings.hpp"
#include "kaudit/decode/value.hpp"

namespace kaudit::manifest {

/// ValidateVolumes over `spec.volumes`.
void check_volumes(const decode::Value& spec, Findings& findings);

/// ValidateVolumeMounts over one container's `volumeMounts`.
void check_mounts(const decode::Value& spec, const decode::Value& container, const std::string& container_path,
                  Findings& findings);

}  // namespace kaudit::manifest
