// An HTTP client of our own, for what the API server, a webhook's receiver and the kubelet are asked. cpp-httplib, as
// Debian 12 and 13 package it, is a shared library without an archive, which a static program cannot have.
#include "kaudit/host/http.hpp"

#include <algorithm>
#include <string_view>

#include "connection.hpp"
#include "http_reader.hpp"
#include "kaudit/base/ascii.hpp"
#include "tls.hpp"

namespace kaudit::host {
namespace {

/// A connection, with TLS or without.
class Channel {
 public:
  explicit Channel(const HttpRequest& request) : m_request(&request), m_deadline(request.timeout_ms) {}

  [[nodiscard]] std::optional<Trouble> open() {
    if (auto trouble = connect_to(m_request->address, m_request->port, m_deadline, m_socket)) return trouble;
    return is_secure() ? m_tls.open(*m_request, m_socket, m_deadline) : std::nullopt;
  }
  [[nodiscard]] std::optional<Trouble> send(std::string_view bytes) {
    return is_secure() ? m_tls.send_all(bytes, m_deadline) : send_all(m_socket, bytes, m_deadline);
  }
  [[nodiscard]] std::optional<Trouble> receive_into(std::string& bytes) {
    return is_secure() ? m_tls.receive(bytes, m_deadline) : receive(m_socket, bytes, m_deadline);
  }

 private:
  [[nodiscard]] bool is_secure() const { return m_request->scheme == HttpRequest::Scheme::https; }

  const HttpRequest* m_request;
  Deadline m_deadline;
  Descriptor m_socket;
  TlsSession m_tls;
};

std::string host_field(const HttpRequest& request) {
  std::string host = request.server_name.empty() ? request.address : request.server_name;
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  const bool is_usual = request.port == (request.scheme == HttpRequest::Scheme::https ? 443 : 80);
  return is_usual ? host : host + ":" + std::to_string(request.port);
}

/// The request line and the header. A control character would end a line where it should not: refused.
std::optional<Trouble> write_head(const HttpRequest& request, std::string& head) {
  const auto has_control = [](std::string_view text) { return std::any_of(text.begin(), text.end(), is_control); };
  std::vector<std::pair<std::string, std::string>> fields = {{"Host", host_field(request)}, {"Connection", "close"}};
  fields.insert(fields.end(), request.headers.begin(), request.headers.end());
  if (!request.content_type.empty()) fields.emplace_back("Content-Type", request.content_type);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    fields.emplace_back("Content-Length", std::to_string(request.body.size()));
  }
  const std::string line = request.method + " " + request.target + " HTTP/1.1";
  if (has_control(line) || request.target.find(' ') != std::string::npos) {
    return Trouble{HttpAnswer::Outcome::failed,
                   "the request cannot be written: blank or control character in its path"};
  }
  head = line + "\r\n";
  for (const auto& [name, value] : fields) {
    if (has_control(name) || has_control(value)) {  // the value may be a secret, the name is none
      return Trouble{HttpAnswer::Outcome::failed,
                     "the request cannot be written: control character in " + one_line(name)};
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }
  head += "\r\n";
  return std::nullopt;
}

std::optional<Trouble> exchange(const HttpRequest& request, HttpAnswer& answer) {
  std::string head;
  if (auto trouble = write_head(request, head)) return trouble;
  Channel channel(request);
  if (auto trouble = channel.open()) return trouble;
  if (auto trouble = channel.send(head + request.body)) return trouble;
  HttpReader reader([&](std::string& bytes) { return channel.receive_into(bytes); }, request.method,
                    request.body_limit);
  return reader.read(answer);
}

/// A server that wants a client certificate says so in the handshake up to TLS 1.2, after it has shown its own.
bool wants_certificate(const Trouble& trouble) {
  const auto says = [&](std::string_view words) { return trouble.detail.find(words) != std::string::npos; };
  return trouble.outcome == HttpAnswer::Outcome::failed &&
         (says("alert handshake failure") || says("alert bad certificate") || says("certificate required"));
}

}  // namespace

HttpAnswer reach(const HttpRequest& request) {
  HttpAnswer answer;
  answer.outcome = HttpAnswer::Outcome::answered;
  const auto trouble = Channel(request).open();
  if (!trouble || (request.identity.certificate.empty() && wants_certificate(*trouble))) return answer;
  answer.outcome = trouble->outcome;
  answer.detail = one_line(trouble->detail);
  return answer;
}

HttpAnswer ask(const HttpRequest& request) {
  HttpAnswer answer;
  if (auto trouble = exchange(request, answer)) {
    answer = {};
    answer.outcome = trouble->outcome;
    answer.detail = one_line(trouble->detail);
  }
  return answer;
}

}  // namespace kaudit::host
