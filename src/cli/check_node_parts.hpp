#pragma once

#include <string>

#include "kaudit/node/api_server.hpp"
#include "kaudit/node/kubelet.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// Two names of one directory: equal, or the same after all links.
[[nodiscard]] bool is_same_directory(const host::Root& root, const std::string& left, const std::string& right);

/// Refuses ("disk-space") a log whose files may take more than its file system has: max-size × (max-backup + 1), less
/// what they have already, beside what the kubelet keeps free before it evicts pods. Unlimited backups cannot be
/// judged.
[[nodiscard]] Status check_log_space(Session& session, const patch::Plan& plan, const node::Kubelet& kubelet);

/// Refuses ("auditd-label") a log directory that SELinux keeps for auditd: no container may write there.
[[nodiscard]] Status check_log_label(Session& session, const patch::Plan& plan);

/// With several control-plane nodes: warns ("one-at-a-time"); refuses ("no-other-api-server") when none of the others
/// answers, for then this one is all there is. Known from the endpoints of the service `kubernetes`, where the node has
/// a client certificate that may read them; else nothing is said.
[[nodiscard]] Status check_other_servers(Session& session, const ManifestInput& input, const node::ApiServer& server);

}  // namespace kaudit::cli
