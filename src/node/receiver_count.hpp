#pragma once

#include <optional>
#include <string>

#include "kaudit/host/root.hpp"
#include "kaudit/node/api_server.hpp"
#include "kaudit/node/kubeconfig.hpp"

namespace kaudit::node {

/// What the server's own metrics count of its audit backends at one moment.
struct BackendCounts {
  double delivered = 0;   ///< answers 2xx of the receiver
  double refused = 0;     ///< other answers of it, and attempts without one
  double log_errors = 0;  ///< events that the log backend could not write
};

/// Asks `/metrics`. `receiver`: the host as the webhook config has it; other clients of the server that talk to the
/// same host are counted, too. Nothing: the user may not read them, or they did not come in time. Source:
/// component-base metrics/prometheus/restclient/metrics.go (rest_client_requests_total, labels code, method, host),
/// k8s.io/apiserver pkg/audit/metrics.go (apiserver_audit_error_total), v1.20 to v1.37.
[[nodiscard]] std::optional<BackendCounts> count_backends(const host::Root& root, const ApiServer& server,
                                                          const AdminAccess& access, const std::string& receiver);

}  // namespace kaudit::node
