#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/host/processes.hpp"
#include "kaudit/host/root.hpp"

namespace kaudit::node {

/// The kubelet of this node as far as a rollout needs to know it. Its configuration is read once, as the kubelet reads
/// it: the defaults, then the file (`--config`), then the drop-in files (`--config-dir`, `*.conf` in the order of a
/// directory walk, later ones over earlier ones), then the flags. Paths are the node's.
/// Source: k8s.io/kubelet config/v1beta1/types.go, pkg/kubelet/apis/config/v1beta1/defaults.go,
/// cmd/kubelet/app/server.go (mergeKubeletConfigurations, kubeletConfigFlagPrecedence), v1.20 to v1.37.
struct Kubelet {
  std::optional<host::ProcessId> process;           ///< nothing: none runs, or /proc cannot say
  std::string static_pod_path;                      ///< normalised; "": none is configured
  double file_check_frequency = 20;                 ///< seconds
  std::string pod_log_directory = "/var/log/pods";  ///< normalised
  std::string root_directory = "/var/lib/kubelet";  ///< normalised; it lies on the file system called nodefs
  std::string nodefs_available = "10%";             ///< of `evictionHard`, as configured; "": no threshold
  /// `nodefs_available` as bytes of a file system with this many; 0: no threshold ("", "0%", "100%", not a quantity).
  /// Source: pkg/kubelet/eviction/helpers.go parseThresholdStatement, apimachinery pkg/api/resource.
  [[nodiscard]] std::uint64_t eviction_reserve(std::uint64_t file_system_bytes) const;
};

/// From the running kubelet's command line and configuration files; never an error: what cannot be read has the
/// kubelet's own default. Where none runs, and with a root that is not the host's, from the usual configuration file.
[[nodiscard]] Kubelet find_kubelet(const host::Root& root);

/// The kubelet that was started with these arguments, the program first; `process` stays empty. Without any: one that
/// reads the usual configuration file, /var/lib/kubelet/config.yaml.
[[nodiscard]] Kubelet kubelet_started_with(const host::Root& root, const std::vector<std::string>& arguments);

/// A place in the kubelet's own log from which later lines are read.
struct KubeletLogMark {
  std::string file;          ///< regular file that its standard error goes to; "": the journal is asked
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t inode = 0;   ///< of the file: a rotated one is read from its beginning
  std::string since;         ///< for journalctl --since: "@1700000000.123456"
  int pid = 0;
};

/// Now.
[[nodiscard]] KubeletLogMark mark_kubelet_log(const Kubelet& kubelet);

/// What the kubelet has logged since, at most `limit` bytes of its end, line by line, control characters made harmless:
/// the file behind its standard error (or output), or `journalctl _COMM=kubelet` where that is the journal. Empty where
/// neither can be read within five seconds.
[[nodiscard]] std::vector<std::string> kubelet_lines_since(const KubeletLogMark& mark, std::size_t limit);

}  // namespace kaudit::node
