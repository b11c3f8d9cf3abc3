#include "receiver_count.hpp"

#include <utility>

#include "kaudit/node/metrics.hpp"

namespace kaudit::node {
namespace {

constexpr int k_timeout_ms = 10000;
constexpr std::size_t k_limit = std::size_t{64} << 20U;

std::string label(const Sample& sample, std::string_view name) {
  for (const auto& [key, value] : sample.labels) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

std::optional<BackendCounts> count_backends(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                                            const std::string& receiver) {
  host::HttpRequest request;
  request.target = "/metrics";
  request.timeout_ms = k_timeout_ms;
  request.body_limit = k_limit;
  const host::HttpAnswer answer = ask_as(root, server, access, std::move(request));
  if (answer.outcome != host::HttpAnswer::Outcome::answered || answer.status != 200) return std::nullopt;
  BackendCounts counts;
  for (const Sample& sample : parse_metrics(answer.body, "rest_client_requests_total")) {
    if (label(sample, "host") != receiver || label(sample, "method") != "POST") continue;
    (label(sample, "code").starts_with('2') ? counts.delivered : counts.refused) += sample.value;
  }
  counts.log_errors =
      sum(parse_metrics(answer.body, k_audit_metrics), "apiserver_audit_error_total", {{"plugin", "log"}}).value_or(0);
  return counts;
}

}  // namespace kaudit::node
