#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/policy.hpp"
#include "kaudit/policy/reach.hpp"

namespace kaudit::policy {

/// As whom the server will know a request: the user before impersonation, with all groups (`system:authenticated`
/// among them). Nothing: it cannot be known beforehand.
struct Subject {
  std::optional<std::string> user;
  std::vector<std::string> groups;
};

/// A request of which the policy records an event, and which changes nothing, whatever the server holds.
struct Probe {
  std::string method;        ///< "GET", "HEAD", "POST", "PUT", "PATCH" or "DELETE"
  std::string target;        ///< path and query, escaped
  std::string body;          ///< of a write
  std::string content_type;  ///< of the body
  OwnedRequest request;      ///< as the policy sees it
  Decision decision;
  /// Whether it is recorded whoever makes it, as far as that is not known: else a rule that looks at the user may
  /// keep it from being recorded, which then proves nothing.
  enum class Certainty : std::uint8_t { certain, depends_on_user } certainty = Certainty::certain;
};

/// What find_probe() found, or why there is nothing.
struct ProbeSearch {
  std::optional<Probe> probe;
  enum class Why : std::uint8_t {
    found,
    records_nothing,  ///< no rule has another level than None, with a stage that is not omitted
    other_users,      ///< only requests of other users are recorded
    not_harmless,     ///< only requests are recorded that may change something or show what is there
  } why = Why::found;
};

/// The most harmless request that a server of `version` with this policy records at least one stage of, made by
/// `subject`. In this order:
///
///   1. get, list (limit=1) and watch (timeoutSeconds=1), each of `name`, in a namespace of that name
///   2. GET and HEAD of a URL that is no resource, never below /debug or /logs
///   3. with dryRun=All: create, update and patch with a body that no server can decode (400), and delete with
///      preconditions.uid that no object has
///   4. the same of names that rules list (resourceNames), as long as no object's content is recorded
///
/// Namespaces, resourceNames and verbs of the rules are kept to. Never among them: deletecollection, the subresources
/// exec, attach, portforward and proxy, creating a TokenReview or a token, writing to a subresource of what may exist.
///
/// `name` must be one that nothing has: a random one with capital letters and underscores is no valid name of nearly
/// all resources either. API versions of other groups than the core one are written as `v1`, whether the server serves
/// that or not: a policy does not look at them, and what is not served (404) is recorded all the same. Source:
/// k8s.io/apiserver pkg/endpoints/request/requestinfo.go, pkg/server/config.go DefaultBuildHandlerChain (audit stands
/// before the handlers), v1.20 to v1.37.
[[nodiscard]] ProbeSearch find_probe(const Policy& policy, kube::Version version, const Subject& subject,
                                     std::string_view name);

/// The same request under another API version of its group; the core group has only v1.
void serve_under(Probe& probe, std::string_view api_version);

}  // namespace kaudit::policy
