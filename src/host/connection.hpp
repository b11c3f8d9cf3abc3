#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kaudit/host/descriptor.hpp"
#include "kaudit/host/http.hpp"

namespace kaudit::host {

/// Why a request comes to nothing.
struct Trouble {
  HttpAnswer::Outcome outcome = HttpAnswer::Outcome::failed;
  std::string detail;
};

/// How long a request may take: each wait `timeout_ms`, all waits together three times that. So a server that says a
/// byte now and then holds nobody up.
class Deadline {
 public:
  explicit Deadline(int timeout_ms);

  /// Milliseconds that the next wait may take; 0: none.
  [[nodiscard]] int left_ms() const;

 private:
  int m_timeout_ms;
  std::chrono::steady_clock::time_point m_end;
};

/// What a socket is waited for.
enum class Direction : std::uint8_t { reading, writing };

/// Waits until the socket can be read or written, or is broken.
[[nodiscard]] std::optional<Trouble> wait_for(const Descriptor& socket, Direction direction, const Deadline& deadline);

/// IPv4 in four parts, or IPv6 without brackets and zone.
[[nodiscard]] bool is_numeric_address(const std::string& address);

/// Connects to a numeric address, without blocking longer than the deadline. `socket` stays non-blocking.
[[nodiscard]] std::optional<Trouble> connect_to(const std::string& address, std::uint16_t port,
                                                const Deadline& deadline, Descriptor& socket);

/// Writes all of `bytes`.
[[nodiscard]] std::optional<Trouble> send_all(const Descriptor& socket, std::string_view bytes,
                                              const Deadline& deadline);

/// Appends what comes next to `bytes`; nothing is appended at the end of the stream.
[[nodiscard]] std::optional<Trouble> receive(const Descriptor& socket, std::string& bytes, const Deadline& deadline);

}  // namespace kaudit::host
