#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"

namespace kaudit::kube {

/// The groups that a user has by its name alone, when it makes requests itself, in v1.20 to v1.37:
/// - system:authenticated or system:unauthenticated (k8s.io/apiserver pkg/authentication/group, request/anonymous);
/// - those of a service account (there, serviceaccount/util.go) and of a bootstrap token (kubernetes
///   plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go);
/// - system:masters of system:apiserver, the server's own requests, which are system:authenticated from v1.29 on
///   (k8s.io/apiserver pkg/server/config.go);
/// - system:nodes of a kubelet: its certificate names it, or no authorizer takes it for a node (kubernetes
///   pkg/auth/nodeidentifier/default.go).
///
/// A request with impersonation headers is recorded as that of whoever sent it.
[[nodiscard]] std::vector<std::string> groups_by_name(std::string_view user, Version version);

}  // namespace kaudit::kube
