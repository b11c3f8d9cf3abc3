#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "console.hpp"
#include "kaudit/manifest/manifest.hpp"
#include "kaudit/node/trail.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// A server whose trail is to be proven, as its manifest has it.
struct TrailQuestion {
  const manifest::Manifest* manifest = nullptr;
  std::optional<std::string> kubeconfig;  ///< as typed; nothing: the usual one
  std::optional<double> wait_seconds;     ///< nothing: what the server's own flags need
  /// What the server will have read where it is not on the disk yet; nothing: what lies there counts.
  std::optional<std::string> policy;
  std::optional<std::string> webhook_config;
};

/// The request that proves it, or why there is none.
struct TrailAnswer {
  enum class Kind : std::uint8_t {
    planned,       ///< `plan` is there
    not_recorded,  ///< auditing is off, or the policy records nothing harmless for this user
    unproven,      ///< the request cannot be made, or which one it would have to be cannot be known
  } kind = Kind::unproven;
  std::optional<node::TrailPlan> plan;
  std::string user;    ///< who makes the request; "": not known
  std::string reason;  ///< one line, unless planned
  std::string hint;
};

/// Reads the policy, asks this node's server who the kubeconfig's user is and how a group is served, and picks the
/// request. Remarks become warnings of the session.
[[nodiscard]] TrailAnswer plan_trail(Session& session, const TrailQuestion& question);

/// The warning "unproven": all went well, but nothing is proven.
[[nodiscard]] Warning unproven_trail(const std::string& reason);

/// Tells what `report.proof` says of a run that ended well: a line, or the warning "unproven".
[[nodiscard]] Status tell_proof(Console& console, report::Report& report);

/// Node path of a kubeconfig as typed, links resolved; of the usual one where none was given; "": there is none below
/// the root.
[[nodiscard]] std::string kubeconfig_path(const host::Root& root, const std::optional<std::string>& typed);

/// Host and port of a webhook config's server, as kube-apiserver's metrics call it; "": it cannot be told. Source:
/// k8s.io/client-go rest/url_utils.go DefaultServerURL, rest/request.go sanitize.
[[nodiscard]] std::string receiver_of(const std::string& webhook_config);

}  // namespace kaudit::cli
