#pragma once

#include <string>
#include <vector>

namespace kaudit::node {

/// Whether these are the arguments of a kube-apiserver, the program first: called so itself, or told so by its first
/// argument (hyperkube).
[[nodiscard]] bool is_api_server(const std::vector<std::string>& arguments);

/// Those of them that name audit flags, as they are spelt.
[[nodiscard]] std::vector<std::string> audit_elements(const std::vector<std::string>& arguments);

/// The flag because of which a kube-apiserver that was started with these arguments holds audit events back for a
/// while: "--audit-log-mode=batch", or "--audit-webhook-mode=batch", which is a webhook's default. They are lost when
/// it ends without having been asked to end first. "" if it writes each event when it happens, or records none. Read as
/// pflag does: the last setting of a flag counts, `_` in a name is `-`, `--f=v` and `--f v` are the same.
/// Source: k8s.io/apiserver pkg/server/options/audit.go, plugin/pkg/audit/buffered, v1.20 to v1.37.
[[nodiscard]] std::string batching_flag(const std::vector<std::string>& arguments);

}  // namespace kaudit::node
