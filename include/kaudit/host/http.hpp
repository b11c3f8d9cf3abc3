#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kaudit::host {

/// Whose certificate is accepted.
struct TlsTrust {
  enum class Kind : std::uint8_t {
    pinned,     ///< the server's own certificate is byte for byte one of `certificates`; nothing else is looked at
    authority,  ///< it is signed by one of them, now valid, and for `server_name`, which may be an address
    anyone,     ///< not looked at: whoever listens is known by other means
  } kind = Kind::anyone;
  std::string certificates;  ///< PEM, any number of certificates one after the other
};

/// A client certificate (others behind it complete its chain) and its key, PEM; other blocks are skipped, so that both
/// may be the same text. Empty: none is shown.
struct ClientIdentity {
  std::string certificate;
  std::string key;
};

struct HttpRequest {
  enum class Scheme : std::uint8_t { http, https } scheme = Scheme::https;
  std::string address;  ///< numeric, IPv4 or IPv6 without brackets: a static program looks up no names
  std::uint16_t port = 443;
  std::string server_name;  ///< for SNI, the Host field and TlsTrust::authority; "": the address, and no SNI
  std::string method = "GET";
  std::string target = "/";  ///< path and query
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string content_type;  ///< of the body
  TlsTrust trust;
  ClientIdentity identity;
  int timeout_ms = 2000;  ///< for connecting, and again for each read and write; three times that for all of them
  std::size_t body_limit = std::size_t{4} << 20U;  ///< bytes; a longer answer is cut there
};

struct HttpAnswer {
  enum class Outcome : std::uint8_t {
    answered,
    refused,    ///< nobody listens
    timed_out,  ///< connecting or answering took too long
    untrusted,  ///< another certificate than `trust` allows; nothing was sent
    failed,     ///< anything else, `trust` without a certificate among it: `detail` says what
  } outcome = Outcome::failed;
  int status = 0;  ///< HTTP status when answered
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< of the answer
  std::string detail;                                        ///< why it was not answered, one line; never a secret
};

/// One request of HTTP/1.1 on a connection of its own, without redirects, proxies, cookies or compression. The header
/// fields Host, Connection, Content-Type and Content-Length are written by it. Neither the environment nor a file is
/// looked at. Never throws.
[[nodiscard]] HttpAnswer ask(const HttpRequest& request);

/// Only connects, for https with the handshake, as `ask` does: nothing of a request is sent. Outcome `answered` with
/// status 0 says that it was possible, or that nothing but the lack of a client certificate was in the way.
[[nodiscard]] HttpAnswer reach(const HttpRequest& request);

/// The addresses of a host name, numeric, by running getent(1) (`ahosts`): the static program has no name service of
/// its own. Empty: it cannot be resolved, or not within `timeout_ms`. A numeric address is its own answer.
[[nodiscard]] std::vector<std::string> addresses_of(const std::string& name, int timeout_ms = 10000);

}  // namespace kaudit::host
