#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::policy {

enum class RequestKind : std::uint8_t { resource, non_resource };

/// A request as the evaluator sees it: RequestInfo and the authenticated user (before impersonation). Owns nothing.
/// Source: k8s.io/apiserver pkg/authorization/authorizer/interfaces.go Attributes,
/// pkg/endpoints/request/requestinfo.go.
struct Attributes {
  /// Nothing: authentication failed (401); rules with users or userGroups never match.
  std::optional<std::string_view> user;
  std::span<const std::string_view> groups;
  std::string_view verb;
  std::string_view name_space;  ///< for the Namespace object itself: its own name
  std::string_view api_group;   ///< "" is the core group
  std::string_view resource;
  std::string_view subresource;
  std::string_view name;
  std::string_view path;
  RequestKind kind = RequestKind::resource;
};

/// Which stages are not written, as a set.
class Stages {
 public:
  constexpr void add(Stage stage) noexcept { m_bits |= bit(stage); }
  [[nodiscard]] constexpr bool contains(Stage stage) const noexcept { return (m_bits & bit(stage)) != 0; }
  friend constexpr bool operator==(Stages, Stages) = default;

 private:
  static constexpr std::uint8_t bit(Stage stage) noexcept {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(stage));
  }
  std::uint8_t m_bits = 0;
};

enum class ManagedFields : std::uint8_t { kept, omitted };

/// Whether a server of this version can leave them out at all.
[[nodiscard]] bool knows_managed_fields(kube::Version version) noexcept;

/// What the server does with a request.
struct Decision {
  std::optional<std::uint32_t>
      rule;  ///< index of the first rule that matches; nothing: none does, and the level is None
  Level level = Level::none;
  Stages omit_stages;
  ManagedFields managed_fields = ManagedFields::kept;
};

/// A policy compiled once for many decisions.
///
/// decide() gives what policyRuleEvaluator.EvaluatePolicyRule gives (k8s.io/apiserver pkg/audit/policy/checker.go,
/// v0.20 to v0.37: all comparisons are exact and case-sensitive; group "*" matches every group since 1.36 only). It
/// allocates nothing and may be called from several threads at once. Stages that the server would have refused are left
/// out.
class Evaluator {
 public:
  /// `policy` may go away afterwards. Linear in the policy's size.
  [[nodiscard]] static Evaluator compile(const Policy& policy, kube::Version version);

  Evaluator(Evaluator&& other) noexcept;
  Evaluator& operator=(Evaluator&& other) noexcept;
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;
  ~Evaluator();

  [[nodiscard]] Decision decide(const Attributes& request) const noexcept;

 private:
  struct Compiled;
  class Search;
  explicit Evaluator(std::unique_ptr<const Compiled> compiled) noexcept;
  std::unique_ptr<const Compiled> m_compiled;
};

/// Whether one rule, taken alone, matches; the reason when it does not. For explaining, not for speed.
enum class Mismatch : std::uint8_t {
  none,              ///< it matches
  users,             ///< the user is not listed, or there is none
  user_groups,       ///< none of the groups is listed
  verbs,             ///< the verb is not listed
  kind,              ///< a rule for resources and a request for a URL, or the other way round
  namespaces,        ///< the namespace is not listed
  resources,         ///< no entry of resources has this group and resource
  resource_names,    ///< an entry has the group and resource, but not the name
  non_resource_urls  ///< no URL fits
};
[[nodiscard]] Mismatch mismatch(const Rule& rule, const Attributes& request, kube::Version version) noexcept;

}  // namespace kaudit::policy
