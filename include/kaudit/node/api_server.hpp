#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/host/http.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/host/sockets.hpp"

namespace kaudit::node {

/// Where this node's API server is and how it is asked: plain values, taken from its manifest before anything is
/// written and stored with the run, so that whoever finishes the run needs no manifest. Paths are the node's.
struct ApiServer {
  std::string pod_namespace = "kube-system";
  std::string pod_name;   ///< as in the manifest, without the node's name
  std::string container;  ///< its container's name
  /// `--bind-address` if it names one address; "" (or 0.0.0.0, ::): it listens everywhere, and 127.0.0.1, then ::1, is
  /// asked.
  std::string bind_address;
  std::uint16_t secure_port = 6443;
  /// Files whose first certificate the server may present: `--tls-cert-file` and those of `--tls-sni-cert-key`, mapped
  /// back to the node through the hostPath mounts; read again at each try, for they are renewed. Empty: the server made
  /// its own inside the container, and the owner of the socket is proof enough. One that cannot be read is left out; if
  /// none can, nothing is asked.
  std::vector<std::string> certificate_files;
  /// A client certificate that the node has (`--kubelet-client-certificate`), for servers without anonymous access.
  /// "": none.
  std::string client_certificate_file;
  std::string client_key_file;
};

/// What the API server says of itself.
struct Health {
  enum class Answer : std::uint8_t {
    none,       ///< not reached: `detail` says why
    ok,         ///< 200
    not_ready,  ///< 500, or another status: starting, or failing checks (named in `detail`)
    forbidden,  ///< 401 or 403, with the client certificate too if there is one: starting, or no anonymous access
    stranger,   ///< somebody with another certificate answered
  } answer = Answer::none;
  int status = 0;       ///< HTTP status; 0: none, or a stranger
  std::string detail;   ///< one line: "connection refused", "[-]etcd failed: reason withheld"; "" for ok
  std::string address;  ///< that answered, or was asked last
};

/// Asks `/readyz?verbose`, without a proxy, on the loopback or bind address; a 401 or 403 is asked again with the
/// client certificate. Takes up to six times `timeout_ms` for each address (see host::HttpRequest). While it starts it
/// answers 403 before RBAC is there, then 500 (measured on v1.37.2). Source: k8s.io/apiserver
/// pkg/server/healthz/healthz.go, v1.20 to v1.37: "[-]name failed: reason withheld".
[[nodiscard]] Health ask_health(const host::Root& root, const ApiServer& server, int timeout_ms);

/// Any other request to this node's own server: the same address and trust as ask_health. `request.address`, `port`
/// and `trust` are filled in here; the second address is asked only where nothing was sent to the first.
[[nodiscard]] host::HttpAnswer ask_server(const host::Root& root, const ApiServer& server, host::HttpRequest request);

/// The client certificate of `server`, read now; empty if it has none or either file cannot be read.
[[nodiscard]] host::ClientIdentity identity_of(const host::Root& root, const ApiServer& server);

/// The process that owns the listening socket of the secure port.
[[nodiscard]] host::Listener listener_of(const ApiServer& server);

}  // namespace kaudit::node
