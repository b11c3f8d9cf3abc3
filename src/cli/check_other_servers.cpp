#include <algorithm>

#include <fmt/format.h>

#include "check_node_parts.hpp"
#include "kaudit/decode/decode.hpp"
#include "kaudit/decode/named_entry.hpp"

namespace kaudit::cli {
namespace {

struct Other {
  std::string address;
  std::uint16_t port = 0;
};

constexpr int k_connect_timeout_ms = 3000;

const decode::Value::Array& list_of(const decode::Value& value, std::string_view key) {
  static const decode::Value::Array k_none;
  const decode::Value* found = value.find(key);
  return found != nullptr && found->array() != nullptr ? *found->array() : k_none;
}

std::uint16_t port_of(const decode::Value& subset) {
  for (const decode::Value& port : list_of(subset, "ports")) {
    const decode::Value* number = port.find("port");
    const auto* value = number != nullptr ? std::get_if<std::int64_t>(&number->data()) : nullptr;
    if (value != nullptr && *value > 0 && *value <= 65535) return static_cast<std::uint16_t>(*value);
  }
  return 6443;
}

/// Every API server of the cluster, as each of them registers itself. Source: pkg/controlplane/reconcilers v1.20 to
/// v1.37: the endpoints `kubernetes` in `default`.
std::vector<Other> all_servers(const Session& session, const node::ApiServer& server) {
  host::HttpRequest request;
  request.target = "/api/v1/namespaces/default/endpoints/kubernetes";
  request.identity = node::identity_of(session.root, server);
  request.timeout_ms = k_connect_timeout_ms;
  if (request.identity.certificate.empty()) return {};
  const host::HttpAnswer answer = node::ask_server(session.root, server, std::move(request));
  if (answer.outcome != host::HttpAnswer::Outcome::answered || answer.status != 200) return {};
  const auto value = decode::as_kubernetes_reads_it(text::Source("endpoints", answer.body));
  std::vector<Other> servers;
  if (!value) return servers;
  for (const decode::Value& subset : list_of(*value, "subsets")) {
    for (const decode::Value& address : list_of(subset, "addresses")) {
      servers.push_back({decode::text_of(address.find("ip")), port_of(subset)});
    }
  }
  return servers;
}

/// Whether somebody speaks TLS there: which status it gives to a stranger does not matter.
bool answers(const Other& other) {
  host::HttpRequest request;
  request.address = other.address;
  request.port = other.port;
  request.target = "/readyz";
  request.timeout_ms = k_connect_timeout_ms;
  return host::ask(request).outcome == host::HttpAnswer::Outcome::answered;
}

}  // namespace

Status check_other_servers(Session& session, const ManifestInput& input, const node::ApiServer& server) {
  const std::string own = input.manifest.flag_value("advertise-address");
  if (own.empty()) return Done{};
  std::vector<Other> others = all_servers(session, server);
  std::erase_if(others, [&](const Other& other) { return other.address == own || other.address.empty(); });
  if (others.empty()) return Done{};
  if (std::any_of(others.begin(), others.end(), answers)) {
    session.warnings.push_back(
        {"one-at-a-time",
         fmt::format("{} other API server{} in this cluster: change one node at a time, the next "
                     "when this one is healthy again (Ansible: serial: 1)",
                     others.size(), others.size() == 1 ? "" : "s"),
         {},
         {},
         0,
         0});
    return Done{};
  }
  std::string list;
  for (const Other& other : others)
    list += (list.empty() ? "" : ", ") + fmt::format("{}:{}", other.address, other.port);
  Error error;
  error.status = ExitStatus::refused;
  error.code = "no-other-api-server";
  error.message = "none of the cluster's other API servers answers (" + list +
                  "): while this one restarts, the cluster would have none";
  error.hint = "look at the other control-plane nodes first";
  return session.refuse_surroundings(std::move(error));
}

}  // namespace kaudit::cli
