#pragma once

#include <string>
#include <unordered_set>

#include "findings.hpp"
#include "kaudit/decode/value.hpp"

namespace kaudit::manifest {

using VolumeNames = std::unordered_set<std::string>;

/// ValidateVolumes over `spec.volumes`; returns the names that mounts may use, "" among them when one has none.
VolumeNames check_volumes(const decode::Value& spec, Findings& findings);

/// ValidateVolumeMounts over one container's `volumeMounts`.
void check_mounts(const VolumeNames& volumes, const decode::Value& container, const std::string& container_path,
                  Findings& findings);

}  // namespace kaudit::manifest
