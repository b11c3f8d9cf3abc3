#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaudit::kube {

/// The kubelet's size limit for a static pod file, in bytes: a file this large or larger is not read.
/// Source: pkg/kubelet/config/file.go maxConfigLength, all known versions.
inline constexpr std::size_t k_manifest_size_limit = 10U << 20U;

/// Why Kubernetes refuses `name` as a DNS-1123 label (volume and container names), in its words; nothing if it
/// does not. Several reasons are separate strings. Source: apimachinery pkg/util/validation IsDNS1123Label.
[[nodiscard]] std::vector<std::string> dns1123_label_problems(std::string_view name);

/// The same for IsDNS1123Subdomain (pod names).
[[nodiscard]] std::vector<std::string> dns1123_subdomain_problems(std::string_view name);

/// The hostPath types Kubernetes knows, "" included, in the order of its messages.
/// Source: pkg/apis/core/validation supportedHostPathTypes.
[[nodiscard]] bool is_host_path_type(std::string_view type);

/// `Unsupported value: "Dir": supported values: "", "BlockDevice", …`
[[nodiscard]] std::string unsupported_host_path_type(std::string_view type);

/// Whether a path has a `..` element, which Kubernetes refuses for hostPath.path and subPath.
[[nodiscard]] bool has_parent_reference(std::string_view path);

/// Whether Kubernetes takes `key` as an annotation's key (qualified name); its words if not.
[[nodiscard]] std::vector<std::string> qualified_name_problems(std::string_view key);

/// `Duplicate value: "audit-log"`, `Not found: "audit"`, `Invalid value: "/a": must be unique`, `Required value`:
/// the words of apimachinery's field errors, with the value quoted as Go's %q does.
[[nodiscard]] std::string duplicate_value(std::string_view value);
[[nodiscard]] std::string not_found(std::string_view value);
[[nodiscard]] std::string invalid_value(std::string_view value, std::string_view detail);
[[nodiscard]] std::string required_value(std::string_view detail = {});

[[nodiscard]] std::string forbidden(std::string_view detail);

/// Text in Go's %q form.
[[nodiscard]] std::string go_quote(std::string_view text);

}  // namespace kaudit::kube
