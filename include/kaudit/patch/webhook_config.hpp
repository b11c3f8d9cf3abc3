#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/patch/address.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::patch {

/// The refusal "webhook-config" of a value of the config, with its position; nothing of its text is shown.
[[nodiscard]] Error refuse_webhook(const text::Source& source, std::size_t offset, std::string field,
                                   std::string message, std::string hint = {});

/// A file that a webhook config names: `certificate-authority`, `client-certificate`, `client-key` or `tokenFile`.
struct NamedFile {
  std::string name;         ///< as written: absolute, or relative to the config's own directory
  std::string volume_name;  ///< "audit-webhook-ca", "-cert", "-key", "-token"
  std::string field;        ///< "clusters[0].cluster.certificate-authority"
  std::size_t offset = 0;   ///< of the value in the config's text
};

/// Whether it lies beside the config, wherever that is, and is installed with it.
[[nodiscard]] bool is_beside_config(const NamedFile& named);

/// Where the config at the absolute path `config` has it, normalised. `..` is kept.
[[nodiscard]] std::string path_of(const NamedFile& named, std::string_view config);

/// The files that kube-apiserver will open because of this kubeconfig. `value` is the config as the judge reads it.
/// Source: k8s.io/client-go tools/clientcmd (loader.go ResolveLocalPaths), k8s.io/apiserver pkg/util/webhook.
///
/// Errors: status 3 with position; the content of the config is never part of a message, nor of an excerpt: not a
/// kubeconfig, no cluster or user for the current context, a user with an exec or auth-provider plugin (the container
/// of kube-apiserver holds no such program), values of a wrong type, and what client-go refuses to use: a certificate
/// without key, something given as file and as data, an authority for a receiver that need not prove itself, a token
/// and a password, groups of nobody, a proxy of another scheme (validation.go, transport.go).
[[nodiscard]] Result<std::vector<NamedFile>> files_named_by(const text::Source& source, const decode::Value& value);

/// A value of the config: its path and where it starts in the text.
struct Place {
  std::string field;
  std::size_t offset = 0;
};

/// What is known of the receiver before anything is sent to it.
struct Receiver {
  Address address;
  std::string field;        ///< "clusters[0].cluster.server"
  std::size_t offset = 0;   ///< of the value in the config's text
  std::string server_name;  ///< `tls-server-name`; "": the address's host
  /// By whom its certificate must be signed.
  enum class Trust : std::uint8_t {
    authority,  ///< `certificate-authority-data` (in `authority`) or `certificate-authority` (its name there)
    machine,    ///< whoever the API server's container knows
    anybody,    ///< `insecure-skip-tls-verify`
  } trust = Trust::machine;
  std::string authority;         ///< PEM; "": in the file …
  std::string authority_file;    ///< … of this name, as written
  Place authority_place;         ///< of either
  std::string certificate;       ///< of the client, PEM, where the config holds it; "": in a file, or none
  std::string key;               ///< as `certificate`
  Place certificate_place;       ///< of the client's certificate, or of its name
  bool has_credentials = false;  ///< a token, a password, a client certificate, or a user in the URL
  std::optional<Address> proxy;  ///< `proxy-url`: the receiver is reached, and its name looked up, by that one
};

/// The receiver of the current context of a config that files_named_by() has accepted. Source: k8s.io/client-go
/// rest/url_utils.go DefaultServerURL and tools/clientcmd, v0.20 to v0.37: without a scheme it is https where the
/// config says anything about TLS, else http.
///
/// Errors, status 3 "webhook-config" with position: a server or proxy-url that is no URL with a host.
[[nodiscard]] Result<Receiver> receiver_of(const text::Source& source, const decode::Value& value);

}  // namespace kaudit::patch
