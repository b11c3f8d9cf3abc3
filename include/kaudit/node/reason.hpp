#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kaudit::node {

/// Why an API server does not come.
struct Reason {
  enum class Code : std::uint8_t {
    none,              ///< nothing is known
    policy,            ///< it does not load the audit policy
    flag,              ///< it does not take its flags
    log_file,          ///< it cannot open the audit log
    webhook_config,    ///< it does not load the webhook config
    port_taken,        ///< another process has its port
    etcd,              ///< it does not reach etcd
    crash,             ///< it ends with words that are none of the above
    host_path,         ///< the kubelet cannot mount a hostPath volume
    image,             ///< the kubelet or runtime cannot get or run the image
    manifest_refused,  ///< the kubelet does not take the manifest for a pod
    kubelet_down,      ///< no kubelet runs
    runtime,           ///< the container runtime does not answer or cannot create the container
  } code = Code::none;
  /// One line, lower case, with the program's own words in it.
  std::string text;
  /// Whether it will not go away by itself: policy, flag, log file, webhook config, a manifest that is no valid pod
  /// (one that is valid but not admitted by the node may be so later).
  enum class Lasting : std::uint8_t { no, yes } lasting = Lasting::no;
};

/// "policy", "flag", "log-file", "webhook-config", "port-taken", "etcd", "crash", "host-path", "image",
/// "manifest-refused", "kubelet-down", "runtime"; "" for none.
[[nodiscard]] std::string to_string(Reason::Code code);

/// What the last words of an ended container of the API server say: those with which it ended (`"command failed"`,
/// `Error: `, a panic, a fatal line), else what it met on its way (the port, etcd), else its last error. Words without
/// any error give no reason. Pure. Texts: kube-apiserver v1.20 to v1.37, text and JSON logging.
[[nodiscard]] Reason reason_in_last_words(const std::vector<std::string>& words);

/// What the kubelet's log says about the static pod `pod_name` and the manifest `manifest_path`: the newest line that
/// matters. `pod_name` is the manifest's, without the node's name; lines about other pods and files are not looked at,
/// but a container runtime that is down is a reason whomever it meets. Pure. Texts: kubelet v1.20 to v1.37.
[[nodiscard]] Reason reason_in_kubelet_log(const std::vector<std::string>& lines, const std::string& pod_name,
                                           const std::string& manifest_path);

}  // namespace kaudit::node
