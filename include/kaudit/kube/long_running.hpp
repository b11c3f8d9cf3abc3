#pragma once

#include <string_view>

/// The requests that kube-apiserver takes for long-running: for these alone an audit event of the stage ResponseStarted
/// is written (k8s.io/apiserver pkg/endpoints/filters/audit.go). Source: pkg/server/filters/longrunning.go there, v0.20
/// to v0.37, with the verbs and subresources of kubernetes cmd/kube-apiserver/app/server.go v1.20 and
/// pkg/controlplane/apiserver/config.go v1.30 to v1.37.
namespace kaudit::kube {

/// Whether a request for a resource is; `subresource` is "" where it has none.
[[nodiscard]] bool is_long_running(std::string_view verb, std::string_view subresource) noexcept;

/// The same for a request for a URL: those for a profile.
[[nodiscard]] bool is_long_running_path(std::string_view path) noexcept;

}  // namespace kaudit::kube
