#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "kaudit/host/system_error.hpp"

namespace kaudit::host {
namespace {

using Outcome = HttpAnswer::Outcome;

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;  ///< 0: it is no numeric address
};

template <typename Address>
void keep(const Address& address, SocketAddress& result) {
  std::memcpy(&result.bytes, &address, sizeof address);
  result.size = sizeof address;
}

SocketAddress socket_address(const std::string& address, std::uint16_t port) {
  SocketAddress result;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) keep(v4, result);
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) keep(v6, result);
  return result;
}

Trouble trouble_of(int number) {
  if (number == ECONNREFUSED) return {Outcome::refused, "connection refused"};
  if (number == ETIMEDOUT) return {Outcome::timed_out, "timed out"};
  return {Outcome::failed, reason(number)};
}

}  // namespace

Deadline::Deadline(int timeout_ms)
    : m_timeout_ms(timeout_ms), m_end(std::chrono::steady_clock::now() + 3 * std::chrono::milliseconds(timeout_ms)) {}

int Deadline::left_ms() const {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(m_end - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, m_timeout_ms));
}

std::optional<Trouble> wait_for(const Descriptor& socket, Direction direction, const Deadline& deadline) {
  pollfd waiting{socket.get(), static_cast<short>(direction == Direction::reading ? POLLIN : POLLOUT), 0};
  int ready = 0;
  do {
    const int left_ms = deadline.left_ms();
    if (left_ms == 0) return Trouble{Outcome::timed_out, "timed out"};
    ready = ::poll(&waiting, 1, left_ms);
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) return trouble_of(errno);
  if (ready == 0) return Trouble{Outcome::timed_out, "timed out"};
  return std::nullopt;
}

bool is_numeric_address(const std::string& address) { return socket_address(address, 0).size != 0; }

std::optional<Trouble> connect_to(const std::string& address, std::uint16_t port, const Deadline& deadline,
                                  Descriptor& socket) {
  const SocketAddress target = socket_address(address, port);
  if (target.size == 0) return Trouble{Outcome::failed, "not a numeric address"};
  socket = Descriptor(::socket(target.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return trouble_of(errno);
  const int on = 1;
  static_cast<void>(::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));  // only slower without
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&target.bytes), target.size) == 0) return std::nullopt;
  if (errno != EINPROGRESS && errno != EINTR) return trouble_of(errno);
  if (auto trouble = wait_for(socket, Direction::writing, deadline)) return trouble;
  int number = 0;
  socklen_t size = sizeof number;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &number, &size) != 0) number = errno;
  if (number != 0) return trouble_of(number);
  return std::nullopt;
}

std::optional<Trouble> send_all(const Descriptor& socket, std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = uninterrupted([&] { return ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN) {
      return trouble_of(errno);
    } else if (auto trouble = wait_for(socket, Direction::writing, deadline)) {
      return trouble;
    }
  }
  return std::nullopt;
}

std::optional<Trouble> receive(const Descriptor& socket, std::string& bytes, const Deadline& deadline) {
  std::array<char, 16384> block;
  while (true) {
    // Waited for first: a server that never stops sending must not outrun the deadline.
    if (auto trouble = wait_for(socket, Direction::reading, deadline)) return trouble;
    const ssize_t got = uninterrupted([&] { return ::recv(socket.get(), block.data(), block.size(), 0); });
    if (got >= 0) {
      bytes.append(block.data(), static_cast<std::size_t>(got));
      return std::nullopt;
    }
    if (errno != EAGAIN) return trouble_of(errno);
  }
}

}  // namespace kaudit::host
