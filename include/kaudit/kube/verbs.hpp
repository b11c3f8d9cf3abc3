#pragma once

#include <array>
#include <span>
#include <string_view>

/// The verbs that requests have. Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go NewRequestInfo, v0.20 to
/// v0.37: a request for a resource has one of Kubernetes' own, any other has its HTTP method in lower case.
namespace kaudit::kube {

/// The last one, `proxy`, is that of paths long gone.
inline constexpr std::array<std::string_view, 9> k_resource_verbs = {
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy"};

/// Without `proxy`: those that a person can mean.
inline constexpr std::span<const std::string_view> k_usual_verbs = std::span(k_resource_verbs).first<8>();

inline constexpr std::array<std::string_view, 9> k_methods = {"get",    "head",    "post",    "put",  "patch",
                                                              "delete", "options", "connect", "trace"};

}  // namespace kaudit::kube
