#pragma once

#include <string_view>

/// Requests that stay open. Audit events of the stage ResponseStarted are written for these alone (apiserver
/// pkg/endpoints/filters/audit.go).
///
/// Source: kubernetes pkg/controlplane/apiserver/config.go (cmd/kube-apiserver/app/server.go in older
/// versions), LongRunningFunc; apiserver pkg/server/filters/longrunning.go BasicLongRunningRequestCheck; the same from
/// v1.20 to v1.37.
namespace kaudit::kube {

/// Of a request for a resource; `subresource` is empty where there is none.
[[nodiscard]] bool is_long_running(std::string_view verb, std::string_view subresource) noexcept;

/// Profiling: what the path of every request begins with that is for a URL and stays open.
inline constexpr std::string_view k_long_running_paths = "/debug/pprof/";

/// Of a request for a URL.
[[nodiscard]] bool is_long_running_path(std::string_view path) noexcept;

}  // namespace kaudit::kube
