#pragma once

#include <string>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// The bytes of a small file of the node, at most 1 MiB: a certificate or a key. What renews certificates often keeps
/// the current one behind a link (`kubelet-client-current.pem`), so links are followed here, while they and the
/// directories above them are root's alone to change.
///
/// Errors: those of Root::locate and host::read_file; status 3 "foreign-owner"; status 4 "missing".
[[nodiscard]] Result<std::string> read_node_file(const host::Root& root, const std::string& node_path);

}  // namespace kaudit::node
