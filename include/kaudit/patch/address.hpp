#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaudit::patch {

/// Where a URL leads, as far as it may be told: its user, password, path and query, which may be secret, are not in
/// here.
struct Address {
  std::string scheme;  ///< lower case
  std::string host;    ///< name or numeric address, an IPv6 one without brackets and zone
  std::uint16_t port = 0;
  bool names_port = true;        ///< otherwise `port` is the scheme's own
  bool has_credentials = false;  ///< a user, perhaps with a password

  /// "https://falco.example:9765"
  [[nodiscard]] std::string shown() const;

  friend bool operator==(const Address&, const Address&) = default;
};

/// The address of a kubeconfig's `server` or `proxy-url`: a URL, or HOST[:PORT], which has `default_scheme` then.
/// Nothing: kube-apiserver would not start with it, or could never connect. Pure.
/// Source: k8s.io/client-go rest/url_utils.go DefaultServerURL, v0.20 to v0.37; net/url.
[[nodiscard]] std::optional<Address> address_of(std::string_view url, std::string_view default_scheme);

/// Whether only the cluster's own DNS knows such a name: it is that of a service, NAME.NAMESPACE.svc or the same with
/// the usual domain of clusters behind it.
/// Source: kubernetes/dns docs/specification.md; kubeadm's default dnsDomain.
[[nodiscard]] bool is_name_of_service(std::string_view host);

/// "localhost", 127.0.0.0/8, ::1: this node itself.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace kaudit::patch
