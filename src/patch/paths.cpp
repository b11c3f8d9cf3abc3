#include "kaudit/patch/paths.hpp"

#include <algorithm>
#include <array>

namespace kaudit::patch {

std::string normalise_path(std::string_view path) {
  std::string result;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view element = path.substr(at, slash - at);
    if (!element.empty() && element != ".") {
      result += '/';
      result += element;
    }
    at = slash + 1;
  }
  return result.empty() ? "/" : result;
}

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

std::optional<std::string> below(std::string_view path, std::string_view directory) {
  if (path == directory) return std::string();
  if (directory == "/") return std::string(path.substr(1));
  if (path.size() <= directory.size() || !path.starts_with(directory) || path[directory.size()] != '/') {
    return std::nullopt;
  }
  return std::string(path.substr(directory.size() + 1));
}

std::string join_path(std::string_view directory, std::string_view rest) {
  return normalise_path(std::string(directory) + "/" + std::string(rest));
}

bool is_expanded(std::string_view path) {
  return path.find("$(") != std::string_view::npos || path.find("$$") != std::string_view::npos;
}

bool is_system_directory(std::string_view path) {
  // The certificate directories are those that kubeadm mounts: Go finds them without any flag that names them.
  static constexpr std::array<std::string_view, 30> k_system = {"/",
                                                                "/bin",
                                                                "/boot",
                                                                "/dev",
                                                                "/etc",
                                                                "/etc/ca-certificates",
                                                                "/etc/kubernetes",
                                                                "/etc/kubernetes/pki",
                                                                "/etc/pki",
                                                                "/etc/pki/ca-trust",
                                                                "/etc/pki/tls/certs",
                                                                "/etc/ssl",
                                                                "/etc/ssl/certs",
                                                                "/home",
                                                                "/lib",
                                                                "/mnt",
                                                                "/opt",
                                                                "/proc",
                                                                "/root",
                                                                "/run",
                                                                "/srv",
                                                                "/sys",
                                                                "/tmp",
                                                                "/usr",
                                                                "/usr/local/share/ca-certificates",
                                                                "/usr/share/ca-certificates",
                                                                "/var",
                                                                "/var/lib",
                                                                "/var/log",
                                                                "/var/run"};
  return std::find(k_system.begin(), k_system.end(), path) != k_system.end();
}

}  // namespace kaudit::patch
