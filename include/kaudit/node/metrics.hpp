#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kaudit/host/root.hpp"
#include "kaudit/node/api_server.hpp"
#include "kaudit/node/kubeconfig.hpp"

namespace kaudit::node {

/// A label's name and value.
using Label = std::pair<std::string, std::string>;

/// One line of `/metrics`: the state of one counter, gauge or bucket.
struct Sample {
  std::string name;           ///< "apiserver_audit_error_total"
  std::vector<Label> labels;  ///< in the order of the line; escapes are resolved
  double value = 0;           ///< may be NaN or infinite
};

/// The metrics of auditing all begin so: apiserver_audit_event_total (events handed to the backends),
/// apiserver_audit_error_total{plugin="log"|"webhook"|"buffered"|…} (events that a backend lost),
/// apiserver_audit_requests_rejected_total (requests refused because their event could not be written),
/// apiserver_audit_level_total{level=…}. A counter with labels is there from its first count on.
/// Source: k8s.io/apiserver pkg/audit/metrics.go, v1.20 to v1.37.
inline constexpr std::string_view k_audit_metrics = "apiserver_audit_";

/// The samples of a text whose names begin with `prefix`, in its order. Comments, timestamps and lines that are no
/// sample are left out, and so is a last line without a line feed (an answer that was cut), a line longer than 64 KiB,
/// and everything behind the first 10000 samples. Pure. Source: Prometheus text exposition format 0.0.4.
[[nodiscard]] std::vector<Sample> parse_metrics(std::string_view text, std::string_view prefix);

/// The sum of the samples of this name that have all of these labels; nothing: there is none.
[[nodiscard]] std::optional<double> sum(const std::vector<Sample>& samples, std::string_view name,
                                        const std::vector<Label>& labels = {});

/// A label's value; "": the sample has none of this name.
[[nodiscard]] std::string label_of(const Sample& sample, std::string_view name);

/// What this node's own API server says at `/metrics` to that user, at most `limit` bytes of it. Nothing: it does not
/// answer within `timeout_ms`, or does not let that user see them.
[[nodiscard]] std::optional<std::string> ask_metrics_text(const host::Root& root, const ApiServer& server,
                                                          const AdminAccess& access, int timeout_ms, std::size_t limit);

/// The samples of auditing (k_audit_metrics) that this node's own API server gives to that user now. Nothing: it does
/// not answer within five seconds, or does not let that user see them (a cluster role with the URL /metrics is needed).
[[nodiscard]] std::optional<std::vector<Sample>> ask_metrics(const host::Root& root, const ApiServer& server,
                                                             const AdminAccess& access);

}  // namespace kaudit::node
