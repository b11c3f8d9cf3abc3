#include "kaudit/node/api_server.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

#include "kaudit/base/ascii.hpp"
#include "node_file.hpp"

namespace kaudit::node {
namespace {

using Outcome = host::HttpAnswer::Outcome;

std::vector<std::string> addresses_of(const ApiServer& server) {
  const std::string& address = server.bind_address;
  if (address.empty() || address == "0.0.0.0" || address == "::") return {"127.0.0.1", "::1"};
  return {address};
}

/// What kube-apiserver takes for its own certificate: the first of the file, blocks of another kind left out.
/// Source: crypto/tls X509KeyPair.
std::string first_certificate(const std::string& pem) {
  constexpr std::string_view k_begin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view k_end = "-----END CERTIFICATE-----";
  const std::size_t begin = pem.find(k_begin);
  const std::size_t end = begin == std::string::npos ? begin : pem.find(k_end, begin);
  if (end == std::string::npos) return {};
  return pem.substr(begin, end + k_end.size() - begin) + "\n";
}

Result<host::TlsTrust> trust_in(const host::Root& root, const ApiServer& server) {
  host::TlsTrust trust;
  if (server.certificate_files.empty()) return trust;
  trust.kind = host::TlsTrust::Kind::pinned;
  Error error;
  for (const std::string& file : server.certificate_files) {
    auto bytes = read_node_file(root, file);
    if (bytes) {
      trust.certificates += first_certificate(*bytes);
    } else {
      error = std::move(bytes).error();
    }
  }
  if (!trust.certificates.empty()) return trust;
  if (error.message.empty()) error.message = server.certificate_files.front() + " holds no certificate";
  return error;
}

/// The answer, and the address that gave it.
struct Heard {
  host::HttpAnswer answer;
  std::string address;
};

Heard ask_addresses(const host::Root& root, const ApiServer& server, host::HttpRequest& request) {
  Heard heard;
  auto trust = trust_in(root, server);
  if (!trust) {
    const Error& error = trust.error();
    heard.answer.detail = one_line(error.file.empty() ? error.message : error.file + ": " + error.message);
    return heard;
  }
  request.trust = *std::move(trust);
  request.port = server.secure_port;
  for (const std::string& address : addresses_of(server)) {
    request.address = address;
    host::HttpAnswer answer = host::ask(request);
    const bool is_unreachable = answer.outcome == Outcome::refused || answer.outcome == Outcome::failed;
    // Where the second address does not exist, what the first one said tells more.
    if (!heard.address.empty() && is_unreachable) break;
    heard = {std::move(answer), address};
    if (heard.answer.outcome != Outcome::refused) break;
  }
  return heard;
}

/// "[-]etcd failed: reason withheld; [-]poststarthook/x failed: …" of a verbose answer, else its first line.
std::string failing_checks(const host::HttpAnswer& answer) {
  constexpr std::size_t k_longest = 500;
  std::string checks;
  std::string_view rest = answer.body;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
    if (line.substr(0, 3) == "[-]") checks.append(checks.empty() ? "" : "; ").append(line);
  }
  if (checks.empty()) checks = "HTTP status " + std::to_string(answer.status);
  return one_line(std::string_view(checks).substr(0, k_longest));
}

bool is_forbidden(const host::HttpAnswer& answer) {
  return answer.outcome == Outcome::answered && (answer.status == 401 || answer.status == 403);
}

Health health_of(const Heard& heard) {
  const host::HttpAnswer& answer = heard.answer;
  Health health{Health::Answer::none, answer.status, answer.detail, heard.address};
  if (answer.outcome == Outcome::untrusted) health.answer = Health::Answer::stranger;
  if (answer.outcome != Outcome::answered) return health;
  if (answer.status == 200) {
    health.answer = Health::Answer::ok;
    return health;
  }
  health.answer = is_forbidden(answer) ? Health::Answer::forbidden : Health::Answer::not_ready;
  health.detail = failing_checks(answer);
  return health;
}

}  // namespace

Health ask_health(const host::Root& root, const ApiServer& server, int timeout_ms) {
  host::HttpRequest request;
  request.target = "/readyz?verbose";
  request.timeout_ms = timeout_ms;
  request.body_limit = std::size_t{64} << 10U;
  const Heard heard = ask_addresses(root, server, request);
  if (!is_forbidden(heard.answer)) return health_of(heard);
  request.identity = identity_of(root, server);
  if (request.identity.certificate.empty()) return health_of(heard);
  const Heard again = ask_addresses(root, server, request);
  Health health = health_of(again.answer.outcome == Outcome::failed ? heard : again);
  if (again.answer.outcome == Outcome::failed) health.detail += "; with the client certificate: " + again.answer.detail;
  return health;
}

host::HttpAnswer ask_server(const host::Root& root, const ApiServer& server, host::HttpRequest request) {
  return ask_addresses(root, server, request).answer;
}

host::ClientIdentity identity_of(const host::Root& root, const ApiServer& server) {
  if (server.client_certificate_file.empty() || server.client_key_file.empty()) return {};
  auto certificate = read_node_file(root, server.client_certificate_file);
  auto key = read_node_file(root, server.client_key_file);
  if (!certificate || !key) return {};
  return {*std::move(certificate), *std::move(key)};
}

host::Listener listener_of(const ApiServer& server) { return host::listener_on(server.secure_port); }

}  // namespace kaudit::node
