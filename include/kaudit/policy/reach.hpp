#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::policy {

/// A request that owns its texts.
struct OwnedRequest {
  std::optional<std::string> user;
  std::vector<std::string> groups;
  std::string verb;
  std::string name_space;
  std::string api_group;
  std::string resource;
  std::string subresource;
  std::string name;
  std::string path;
  RequestKind kind = RequestKind::resource;
};

/// Whether a rule can ever decide a request.
struct Reach {
  enum class Answer : std::uint8_t {
    reachable,    ///< `witness` is decided by it
    unreachable,  ///< proved: `covered_by` match everything that it matches
    open          ///< the budget of steps ended first
  };
  Answer answer = Answer::open;
  std::optional<OwnedRequest> witness;
  /// Indices of earlier rules, in order. Also of a reachable rule that decides no real request: they cover those.
  std::vector<std::uint32_t> covered_by;

  /// Proved: no request that a server can make is decided by the rule. It is unreachable, or its witness has a slash in
  /// a resource or subresource, which paths do not have: `pods/log` after `pods/*` matches resource "pods/log" only.
  [[nodiscard]] bool decides_no_real_request() const noexcept;
};

/// One step is one decision; one over long texts is several. The same policy has the same answers on every machine and
/// in every run.
inline constexpr std::size_t k_reach_budget = 2'000'000;

/// For every rule, whether a request exists that it decides. Sound in both directions: a rule called unreachable
/// decides no request whatever its strings are, and a witness is a request that the rule really decides.
[[nodiscard]] std::vector<Reach> reach(const Policy& policy, kube::Version version,
                                       std::size_t budget = k_reach_budget);

}  // namespace kaudit::policy
