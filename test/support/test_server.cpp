#include "support/test_server.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <tuple>
#include <utility>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.hpp"

namespace kaudit::test {
namespace {

/// A socket that listens on a port of the kernel's choice; -1: this machine does not have the address.
std::pair<int, std::uint16_t> listener_at(const std::string& address) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  const bool is_v4 = ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
  if (!is_v4) must(::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1);
  auto* where = is_v4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
  socklen_t size = is_v4 ? sizeof v4 : sizeof v6;
  const int listener = ::socket(where->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || ::bind(listener, where, size) != 0 || ::listen(listener, 8) != 0) {
    if (listener >= 0) ::close(listener);
    return {-1, 0};
  }
  must(::getsockname(listener, where, &size) == 0);
  return {listener, ntohs(is_v4 ? v4.sin_port : v6.sin6_port)};
}

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

Context context_of(const TestCertificate& identity) {
  Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> certificate(BIO_new_mem_buf(identity.certificate.data(), -1),
                                                              BIO_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> key(BIO_new_mem_buf(identity.key.data(), -1), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> own(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr),
                                                        X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> own_key(
      PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  must(SSL_CTX_use_certificate(context.get(), own.get()) == 1);
  must(SSL_CTX_use_PrivateKey(context.get(), own_key.get()) == 1);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  return context;
}

/// One connection, with TLS or without.
class Peer {
 public:
  Peer(int socket, SSL_CTX* context) : m_socket(socket), m_tls(nullptr, SSL_free) {
    if (context == nullptr) return;
    m_tls.reset(SSL_new(context));
    SSL_set_fd(m_tls.get(), socket);
  }
  bool accept() { return !m_tls || SSL_accept(m_tls.get()) == 1; }
  int read(char* into, int size) {
    if (m_tls) return SSL_read(m_tls.get(), into, size);
    return static_cast<int>(::recv(m_socket, into, static_cast<std::size_t>(size), 0));
  }
  bool write(const char* from, std::size_t size) {
    if (m_tls) return SSL_write(m_tls.get(), from, static_cast<int>(size)) > 0;
    return ::send(m_socket, from, size, 0) >= 0;
  }
  void end() {
    if (m_tls) SSL_shutdown(m_tls.get());
  }
  TestRequest who() {
    TestRequest request;
    if (!m_tls) return request;
    const char* name = SSL_get_servername(m_tls.get(), TLSEXT_NAMETYPE_host_name);
    request.server_name = name == nullptr ? "" : name;
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(m_tls.get()), X509_free);
    std::array<char, 100> common_name{};
    if (shown) {
      X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, common_name.data(), 100);
    }
    request.client = common_name.data();
    return request;
  }

 private:
  int m_socket;
  std::unique_ptr<SSL, decltype(&SSL_free)> m_tls;
};

bool is_whole(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  const std::size_t length = text.find("Content-Length: ");
  if (end == std::string::npos) return false;
  const std::size_t body = length < end ? std::stoul(text.substr(length + 16)) : 0;
  return text.size() >= end + 4 + body;
}

}  // namespace

TestServer::TestServer(Options options) : m_options(std::move(options)) {
  std::tie(m_listener, m_port) = listener_at(m_options.address);
  if (m_listener >= 0) m_thread = std::thread([this] { listen(); });
}

TestServer::~TestServer() { stop(); }

void TestServer::stop() {
  if (!m_thread.joinable()) return;
  ::shutdown(m_listener, SHUT_RDWR);
  m_thread.join();
  ::close(m_listener);
}

void TestServer::listen() {
  sigset_t pipe{};  // of this thread alone: that the client does not raise it is to be seen
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  int socket = -1;
  while ((socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
    serve(socket);
    ::close(socket);
  }
}

void TestServer::serve(int socket) {
  {
    const std::lock_guard<std::mutex> lock(m_mutex);
    ++m_connections;
  }
  if (m_options.manner == Manner::hang_up) return;
  const Context context = m_options.certificate ? context_of(*m_options.certificate) : Context(nullptr, SSL_CTX_free);
  Peer peer(socket, context.get());
  if (!peer.accept()) return;
  TestRequest request = peer.who();
  std::array<char, 4096> block{};
  while (m_options.manner == Manner::silent || !is_whole(request.text)) {
    const int got = peer.read(block.data(), static_cast<int>(block.size()));
    if (got <= 0) break;
    request.text.append(block.data(), static_cast<std::size_t>(got));
  }
  if (!request.text.empty()) note(request);
  if (m_options.manner == Manner::silent) return;
  const std::string answer = m_options.answer(request);
  if (m_options.manner == Manner::answer) {
    peer.write(answer.data(), answer.size());
    peer.end();
    return;
  }
  for (const char& byte : answer) {
    if (!peer.write(&byte, 1)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void TestServer::note(const TestRequest& request) {
  const std::lock_guard<std::mutex> lock(m_mutex);
  m_requests.push_back(request);
}

std::vector<TestRequest> TestServer::requests() {
  const std::lock_guard<std::mutex> lock(m_mutex);
  return m_requests;
}

int TestServer::connections() {
  const std::lock_guard<std::mutex> lock(m_mutex);
  return m_connections;
}

std::string http_answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Some Words\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::uint16_t free_port() {
  const auto [listener, port] = listener_at("127.0.0.1");
  must(listener >= 0);
  ::close(listener);
  return port;
}

}  // namespace kaudit::test
