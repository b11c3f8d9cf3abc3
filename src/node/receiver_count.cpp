#include "receiver_count.hpp"

#include <utility>

#include "kaudit/node/metrics.hpp"

namespace kaudit::node {
namespace {

constexpr int k_counters_timeout_ms = 10000;
constexpr std::size_t k_most_counters_bytes = std::size_t{64} << 20U;

}  // namespace
std::optional<BackendCounts> count_backends(const host::Root& root, const ApiServer& server, const AdminAccess& access,
                                            const std::string& receiver) {
  const std::optional<std::string> text =
      ask_metrics_text(root, server, access, k_counters_timeout_ms, k_most_counters_bytes);
  if (!text) return std::nullopt;
  BackendCounts counts;
  for (const Sample& sample : parse_metrics(*text, "rest_client_requests_total")) {
    if (label_of(sample, "host") != receiver || label_of(sample, "method") != "POST") continue;
    (label_of(sample, "code").starts_with('2') ? counts.delivered : counts.refused) += sample.value;
  }
  counts.log_errors =
      sum(parse_metrics(*text, k_audit_metrics), "apiserver_audit_error_total", {{"plugin", "log"}}).value_or(0);
  return counts;
}

}  // namespace kaudit::node
