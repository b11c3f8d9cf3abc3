#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaudit::patch {

/// An absolute path without empty and `.` elements and without a trailing slash; relative ones get a leading slash, as
/// the kubelet gives it to a mountPath. `..` is kept: Kubernetes refuses it. "/" stays "/".
[[nodiscard]] std::string normalise_path(std::string_view path);

/// Directory of a normalised path: "/" for what lies directly below it.
[[nodiscard]] std::string directory_of(std::string_view path);

/// Rest of normalised `path` below `directory`, without a leading slash; "" when they are equal; nothing when `path` is
/// not at or below it.
[[nodiscard]] std::optional<std::string> below(std::string_view path, std::string_view directory);

/// `directory` + `rest`, both normalised.
[[nodiscard]] std::string join_path(std::string_view directory, std::string_view rest);

/// Whether the kubelet would change a path on a command line: `$(NAME)` and `$$`.
/// Source: k8s.io/kubernetes third_party/forked/golang/expansion, all known versions.
[[nodiscard]] bool is_expanded(std::string_view path);

/// Directories that belong to the system and never to one log: /var/log, /etc, … Mounting one because a log lies in it
/// would hand the container everything else in it, and taking such a mount away may break others.
[[nodiscard]] bool is_system_directory(std::string_view path);

}  // namespace kaudit::patch
