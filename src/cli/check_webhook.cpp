#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kaudit/decode/named_entry.hpp"
#include "kaudit/host/http.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

using host::HttpAnswer;
using patch::Address;
using patch::Receiver;

/// For everything together a few seconds: the name, then each address, each step of it at most so long.
constexpr int k_lookup_ms = 3000;
constexpr int k_step_ms = 1000;
constexpr std::size_t k_most_addresses = 2;

/// A finding about the receiver. What stands in the config is only told as far as Address::shown() does.
void warn(Session& session, const WebhookInput& webhook, const char* code, std::string message) {
  const text::Source source(webhook.config.origin, webhook.config.bytes);
  const text::Position at = source.position(webhook.receiver.offset);
  session.warnings.push_back(
      {code, std::move(message), webhook.receiver.field, webhook.config.origin, at.line, at.column});
}

/// With `dnsPolicy: ClusterFirstWithHostNet`, or servers of its own, a pod on the host's network asks the cluster's
/// DNS.
bool has_own_dns(const decode::Value& manifest) {
  const decode::Value* spec = manifest.find("spec");
  if (spec == nullptr) return false;
  return spec->find("dnsConfig") != nullptr || decode::text_of(spec->find("dnsPolicy")) == "ClusterFirstWithHostNet";
}

void check_text(Session& session, const WebhookInput& webhook) {
  const Receiver& receiver = webhook.receiver;
  const std::string shown = receiver.address.shown();
  const bool is_plain = receiver.address.scheme == "http";
  if (is_plain && receiver.has_credentials) {
    warn(session, webhook, "webhook-plain-http",
         fmt::format("the config has credentials, and {} is without TLS: a token or a password can be read on the way, "
                     "a client certificate is never shown",
                     shown));
  }
  if (is_plain && !receiver.address.names_port) {
    warn(session, webhook, "webhook-default-port",
         fmt::format("no port is named, so it is that of HTTP, {}; Falco's k8saudit plugin, for one, listens on 9765",
                     receiver.address.port));
  }
  if (patch::is_loopback(receiver.address.host)) {
    warn(session, webhook, "webhook-loopback",
         fmt::format("{} is this node itself: every control-plane node needs a receiver of its own there", shown));
  }
}

void warn_unresolvable(Session& session, const WebhookInput& webhook, const Address& asked) {
  if (patch::is_name_of_service(asked.host)) {
    warn(session, webhook, "webhook-unresolvable",
         fmt::format("{} is the name of a service, which only the cluster's DNS knows; the API server is on the host's "
                     "network and does not ask it: events would go nowhere; name a node and a NodePort, or an address",
                     asked.host));
    return;
  }
  warn(session, webhook, "webhook-unresolvable",
       fmt::format("the name {} cannot be resolved from this node's network (getent ahosts, {} s): events would go "
                   "nowhere",
                   asked.host, k_lookup_ms / 1000));
}

/// By whom the certificate of the receiver must be signed; "anyone" where that cannot be known from here: what the
/// container of the API server trusts by itself.
host::TlsTrust trust_of(const WebhookInput& webhook) {
  if (webhook.receiver.trust != Receiver::Trust::authority) return {};
  return {host::TlsTrust::Kind::authority, webhook.authority};
}

HttpAnswer reach_any(const WebhookInput& webhook, const Address& asked, std::vector<std::string> addresses) {
  const Receiver& receiver = webhook.receiver;
  host::HttpRequest request;
  request.port = asked.port;
  request.timeout_ms = k_step_ms;
  request.scheme = asked.scheme == "https" ? host::HttpRequest::Scheme::https : host::HttpRequest::Scheme::http;
  if (receiver.proxy) {
    request.scheme = host::HttpRequest::Scheme::http;  // only whether it is there: whom it knows is its own matter
  } else {
    request.server_name = receiver.server_name.empty() ? asked.host : receiver.server_name;
    request.trust = trust_of(webhook);
  }
  HttpAnswer answer;
  addresses.resize(std::min(addresses.size(), k_most_addresses));
  for (const std::string& address : addresses) {
    request.address = address;
    answer = host::reach(request);
    if (answer.outcome == HttpAnswer::Outcome::answered || answer.outcome == HttpAnswer::Outcome::untrusted) break;
  }
  return answer;
}

void check_connection(Session& session, const WebhookInput& webhook, const decode::Value& manifest) {
  const Receiver& receiver = webhook.receiver;
  const Address& asked = receiver.proxy ? *receiver.proxy : receiver.address;
  const std::vector<std::string> addresses = host::addresses_of(asked.host, k_lookup_ms);
  if (addresses.empty()) {
    if (!has_own_dns(manifest)) warn_unresolvable(session, webhook, asked);
    return;
  }
  const HttpAnswer answer = reach_any(webhook, asked, addresses);
  const std::string who = receiver.proxy ? "the proxy " + asked.shown() : asked.shown();
  if (answer.outcome == HttpAnswer::Outcome::answered) return;
  if (answer.outcome == HttpAnswer::Outcome::untrusted) {
    warn(session, webhook, "webhook-untrusted",
         fmt::format("{} shows a certificate that the config's certificate-authority does not vouch for: {}; the API "
                     "server will send it nothing",
                     who, answer.detail));
    return;
  }
  warn(session, webhook, "webhook-unreachable",
       fmt::format("{} cannot be reached from this node: {}; while that is so, events are kept in a buffer at most, "
                   "and those that do not fit are lost",
                   who, answer.detail));
}

}  // namespace

void check_webhook(Session& session, const WebhookInput& webhook, const decode::Value& manifest) {
  check_text(session, webhook);
  if (session.root.is_host()) {
    check_connection(session, webhook, manifest);
  } else if (!webhook.receiver.proxy && patch::is_name_of_service(webhook.receiver.address.host) &&
             !has_own_dns(manifest)) {
    warn_unresolvable(session, webhook, webhook.receiver.address);
  }
}

}  // namespace kaudit::cli
