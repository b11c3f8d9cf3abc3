#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/host/root.hpp"
#include "kaudit/node/api_server.hpp"

namespace kaudit::node {

/// Everything that proving an audit trail takes, decided beforehand: one request that the policy records, and where its
/// event must then be seen. Plain values without a secret, stored with a run. Paths are the node's.
struct TrailPlan {
  std::string method;
  std::string target;  ///< path and query
  std::string body;
  std::string content_type;
  std::string kubeconfig;  ///< whose user makes the request
  std::string rule;        ///< that records it: "/etc/kubernetes/audit.yaml:4"
  /// Whether an event must come whoever makes the request; else one that does not come proves nothing.
  enum class Certainty : std::uint8_t { certain, depends_on_user } certainty = Certainty::certain;

  enum class Log : std::uint8_t {
    none,       ///< there is no log backend
    file,       ///< `log` is the node's path of it
    container,  ///< standard output of the server's container
    hidden,     ///< `log` is a path inside the container, which the node does not show
  } log_kind = Log::none;
  std::string log;
  double log_wait = 10;           ///< seconds from the answer
  std::string pod_log_directory;  ///< for Log::container

  std::string receiver;      ///< of the webhook backend, "host:port" as its config has it; "": none
  double receiver_wait = 0;  ///< seconds from the answer
};

/// What came of it.
struct Proof {
  enum class Verdict : std::uint8_t {
    proven,    ///< the event stands in the log (and the receiver got a delivery), as far as either can be seen
    missing,   ///< the request reached this node's server, and no event of it came
    unproven,  ///< the request could not be made, or nothing can be seen from the node
  } verdict = Verdict::unproven;
  std::string request;   ///< "GET /api/v1/…"
  std::string audit_id;  ///< under which its event is recorded; "": none was made
  int status = 0;        ///< HTTP status of the answer; 0: there was none
  std::string rule;
  std::string reason;                       ///< one line; "" when all is proven
  std::string file;                         ///< in which the event stood, as shown; ""
  std::optional<double> seconds;            ///< from sending the request to seeing its event
  std::string receiver;                     ///< that a delivery was counted for; ""
  std::optional<double> delivered_seconds;  ///< the same for the receiver
};

[[nodiscard]] std::string to_string(Proof::Verdict verdict);

/// One line: what was seen where, or why it was not.
[[nodiscard]] std::string words_of(const Proof& proof);

/// Makes the request to this node's own server (never through a load balancer), with an `Audit-ID` of its own, and
/// waits for exactly that event: in the log, rotated meanwhile or not, in either format; and for a delivery of the
/// webhook backend in the server's own metrics (rest_client_requests_total of the receiver's host). The server answers
/// with the Audit-ID that it took, or at least with its own certificate: then the request has reached it. Takes as long
/// as `log_wait` and `receiver_wait` together at most, and some seconds. Never throws. Source: k8s.io/apiserver
/// pkg/endpoints/filters/audit_init.go (v1.20: audit.go, which answers with the Audit-ID only where an event is
/// recorded), plugin/pkg/audit/log, component-base metrics/prometheus/restclient, v1.20 to v1.37.
[[nodiscard]] Proof prove(const host::Root& root, const ApiServer& server, const TrailPlan& plan);

/// A plan and a proof as texts by name, for a run's record, and back; a name that is missing has its default.
using Fields = std::map<std::string, std::string>;
[[nodiscard]] Fields fields_of(const TrailPlan& plan);
[[nodiscard]] TrailPlan trail_plan_in(const Fields& fields);
[[nodiscard]] Fields fields_of(const Proof& proof);
[[nodiscard]] Proof proof_in(const Fields& fields);

}  // namespace kaudit::node
