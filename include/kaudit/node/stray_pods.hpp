#pragma once

#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// The files beside the manifest that the kubelet takes for the same pod (any name that does not begin with a dot,
/// whatever its extension; pkg/kubelet/config/file.go v1.20 to v1.37), as shown. The kubelet may run one of them
/// instead: the last name in byte order wins at each listing, and a changed file at once. Links are followed, as the
/// kubelet does; what is no regular file is not opened. Errors: those of Root::locate and list_beside.
[[nodiscard]] Result<std::vector<std::string>> stray_pods(const host::Root& root, const std::string& manifest_path,
                                                          const std::string& pod_namespace,
                                                          const std::string& pod_name);

/// manifest::node_paths_of() of every other file beside the manifest. Errors: those of Root::locate and list_beside.
[[nodiscard]] Result<std::vector<std::string>> paths_of_other_pods(const host::Root& root,
                                                                   const std::string& manifest_path);

}  // namespace kaudit::node
