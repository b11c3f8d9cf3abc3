#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/host/process_handle.hpp"
#include "kaudit/node/api_server.hpp"

namespace kaudit::rollout {

/// `--hasten`. An API server that was asked to end closes its listener at once, but lives on while watches are open, up
/// to the pod's grace period; only then does the kubelet start the new one. The guardian ends it earlier: by one
/// SIGTERM, on which a kube-apiserver that was sent one before ends at once (and one that was not, in its own time).
/// Source: k8s.io/apiserver pkg/server/signal.go, v1.20 to v1.37; measured on v1.37.2.

/// A hold on the process that the signal would be for, which is known to have the API server's port. Errors, all
/// status 3: "hasten-gone": it has ended; "hasten-unseen": /proc does not show what it was started with, or that is no
/// kube-apiserver; "hasten-batching": it holds audit events back, and the last ones would be lost; "hasten-no-pidfd".
[[nodiscard]] Result<host::ProcessHandle> hold_for_hastening(const host::ProcessId& process);

/// Whether the API server that runs now could be ended so; where none listens there is nothing to end. Errors: as
/// above, and "hasten-unseen" where /proc does not show which process listens.
[[nodiscard]] Status check_hasten(const node::ApiServer& server);

}  // namespace kaudit::rollout
