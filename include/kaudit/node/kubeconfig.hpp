#pragma once

#include <string>

#include "kaudit/base/result.hpp"
#include "kaudit/host/http.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/node/api_server.hpp"

namespace kaudit::node {

/// As whom the API server is asked: what the current user of a kubeconfig shows. It may have both; the server looks at
/// the certificate first. Secret: no member but `file` is ever printed or stored.
struct AdminAccess {
  host::ClientIdentity identity;  ///< empty: none
  std::string bearer_token;       ///< "": none
  std::string file;               ///< the kubeconfig, a path of the node
};

/// Those that kubeadm leaves on a control-plane node; the second since 1.29, for a cluster whose roles do not work.
inline constexpr const char* k_admin_kubeconfig = "/etc/kubernetes/admin.conf";
inline constexpr const char* k_super_admin_kubeconfig = "/etc/kubernetes/super-admin.conf";

/// The kubeconfig that kubeadm leaves on a control-plane node, as its node path: /etc/kubernetes/admin.conf, else
/// super-admin.conf (kubeadm 1.29 and later), whichever exists first; "" if neither does.
[[nodiscard]] std::string usual_kubeconfig(const host::Root& root);

/// Reads the user of the current context: client-certificate(-data), client-key(-data), token, tokenFile; the data goes
/// before the file of the same purpose, a tokenFile that can be read before the token. File names are relative to
/// the kubeconfig's directory. The server it names is never used, nor its proxy; what it impersonates (`as`) is left
/// out: an audit policy looks at the user before that.
/// Source: k8s.io/client-go tools/clientcmd/api/v1/types.go (AuthInfo), tools/clientcmd/client_config.go
/// getUserIdentificationPartialConfig, v0.20 to v0.37.
///
/// Errors: status 3 "kubeconfig" with position and field for what is no kubeconfig, and for a user with neither
/// certificate nor token, with a credential plugin (exec, auth-provider) or a password, which no API server since 1.19
/// takes; status 3 or 4 of files that cannot be read, as node files are: links on the way are root's alone. Nothing of
/// what stands in the files is in any message.
[[nodiscard]] Result<AdminAccess> read_kubeconfig(const host::Root& root, const std::string& path);

/// ask_server() as that user. A token is shown only to a server that has proved to be this node's: without a
/// certificate file to know it by, a request with a token is not sent (Outcome::failed).
[[nodiscard]] host::HttpAnswer ask_as(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                                      host::HttpRequest request);

}  // namespace kaudit::node
