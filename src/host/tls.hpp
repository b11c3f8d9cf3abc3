#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connection.hpp"

namespace kaudit::host {

/// TLS (1.2 or later) over a connected socket, as a client. OpenSSL is neither seen nor initialised by others; its
/// configuration file and the machine's certificates are not read.
class TlsSession {
 public:
  TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  /// Shakes hands as `request` says. The server's certificate is judged before anything but the greeting, in which
  /// `server_name` stands, is sent to it. `socket` must live as long as this.
  [[nodiscard]] std::optional<Trouble> open(const HttpRequest& request, const Descriptor& socket,
                                            const Deadline& deadline);

  /// As of the plain socket. A stream that ends without TLS saying so is a failure: somebody may have cut it.
  [[nodiscard]] std::optional<Trouble> send_all(std::string_view bytes, const Deadline& deadline);
  [[nodiscard]] std::optional<Trouble> receive(std::string& bytes, const Deadline& deadline);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace kaudit::host
