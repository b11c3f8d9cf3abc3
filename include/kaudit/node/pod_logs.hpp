#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/node/api_server.hpp"

namespace kaudit::node {

/// A pod of the API server below the kubelet's log directory: `<namespace>_<name>-<node>_<uid>`.
/// Source: pkg/kubelet/kuberuntime/helpers.go BuildPodLogsDirectory, v1.20 to v1.37.
struct PodLog {
  std::string uid;                 ///< of the pod: for a static pod 32 hex digits made from the manifest
  std::string directory;           ///< node path of its container's folder
  std::vector<unsigned> attempts;  ///< numbers of the container's log files, ascending: N.log
};

/// All of them, for the server's own container, in byte order of their directories. The node's name is not known: a pod
/// counts if it has a folder of the container's name, if no other pod looks more like a static one (an uid of 32 hex
/// digits before a UUID before anything else), and if what stands for its node's name does not end in another one's
/// (`kube-apiserver-proxy-n1` beside `kube-apiserver-n1`). Rotated files (`0.log.20260101-000000`, `.gz`) are left out.
/// A missing or unreadable directory has none.
[[nodiscard]] std::vector<PodLog> pod_logs_of(const host::Root& root, const std::string& pod_log_directory,
                                              const ApiServer& server);

/// Node path of one attempt's log.
[[nodiscard]] std::string path_of(const PodLog& log, unsigned attempt);

/// The one of them whose newest attempt was written to last; it has an attempt. Nothing: there is none.
[[nodiscard]] std::optional<PodLog> newest_pod_log(const host::Root& root, const std::string& pod_log_directory,
                                                   const ApiServer& server);

/// The last words of one attempt: whole lines from the end of its log, at most `limit` bytes of it, in CRI format
/// (`<time> stdout|stderr P|F <text>`) or Docker's JSON lines, partial lines joined. Events of the audit log (JSON with
/// `"kind":"Event"`, `audit.k8s.io`, or legacy lines) and everything that follows `Impacted events:` up to the next
/// line that certainly begins a statement are never among them (promise 10); nor, where the limit cuts the log, is
/// anything that may be the rest of such. Control characters are made harmless. A log that is a link (Docker's) is read
/// if nobody but root can have made the link. Empty: there is no such log, or it cannot be read. Source:
/// pkg/kubelet/kuberuntime/logs (internal CRI log format); kube-apiserver v1.37: facts 0.1.
[[nodiscard]] std::vector<std::string> last_words(const host::Root& root, const PodLog& log, unsigned attempt,
                                                  std::size_t limit);

}  // namespace kaudit::node
