#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/test_certificate.hpp"

namespace kaudit::test {

/// What a server was asked.
struct TestRequest {
  std::string text;         ///< head and body, as they came
  std::string client;       ///< common name of the client certificate that was shown, "" without one
  std::string server_name;  ///< SNI
};

/// A server on the loopback that answers one connection after the other until it is stopped.
class TestServer {
 public:
  enum class Manner : std::uint8_t {
    answer,   ///< reads the request, sends the answer, closes
    drip,     ///< reads the request, sends the answer a byte every 20 ms
    silent,   ///< reads until the client gives up
    hang_up,  ///< closes at once
  };
  struct Options {
    std::optional<TestCertificate> certificate = {};  ///< nothing: plain HTTP
    std::function<std::string(const TestRequest&)> answer = {};
    Manner manner = Manner::answer;
    std::string address = "127.0.0.1";
  };

  explicit TestServer(Options options);
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  /// 0: this machine does not have the address.
  [[nodiscard]] std::uint16_t port() const { return m_port; }
  /// Ends it: what it has seen is complete afterwards.
  void stop();
  [[nodiscard]] std::vector<TestRequest> requests();
  [[nodiscard]] int connections();

 private:
  void listen();
  void serve(int socket);
  void note(const TestRequest& request);

  Options m_options;
  int m_listener = -1;
  std::uint16_t m_port = 0;
  std::mutex m_mutex;
  std::vector<TestRequest> m_requests;
  int m_connections = 0;
  std::thread m_thread;
};

/// "HTTP/1.1 STATUS …" with a length.
std::string http_answer(int status, const std::string& body);

/// A port of the loopback on which nobody listens.
std::uint16_t free_port();

}  // namespace kaudit::test
