#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "kaudit/kube/version.hpp"

namespace kaudit::policy {

/// How a Go type takes JSON. Pointers differ from what they point to only where null tells them apart.
enum class GoKind : std::uint8_t { string, boolean, boolean_pointer, integer, time, raw, list, map, object };

struct GoField;

/// A Go type that an audit policy is decoded into.
struct GoType {
  GoKind kind = GoKind::string;
  /// As Go prints it; `%` stands for the package of the audit types: "v1", "v1beta1", "audit".
  std::string_view name;
  const GoType* element = nullptr;    ///< of a list or map
  std::span<const GoField> fields{};  ///< of an object
};

/// A field of a Go struct, by its JSON name, and the versions that have it.
struct GoField {
  std::string_view name;
  const GoType* type = nullptr;
  kube::Version since = kube::k_oldest_known;
  kube::Version until = kube::k_newest_known;  ///< the last one

  [[nodiscard]] bool is_in(kube::Version version) const noexcept { return since <= version && version <= until; }
};

/// audit.k8s.io/v1 Policy (v1beta1 and v1alpha1 are alike). Source: k8s.io/apiserver pkg/apis/audit/v1/types.go,
/// apimachinery pkg/apis/meta/v1/types.go, v0.20 to v0.37.
[[nodiscard]] const GoType& versioned_policy() noexcept;

/// The internal type, which a policy without apiVersion is decoded into: its fields have no JSON names, so they are
/// known by Go's. Source: pkg/apis/audit/types.go.
[[nodiscard]] const GoType& internal_policy() noexcept;

/// Its name in a message.
[[nodiscard]] std::string name_of(const GoType& type, std::string_view package);
/// "PolicyRule" of "v1.PolicyRule".
[[nodiscard]] std::string_view bare_name(const GoType& type) noexcept;

}  // namespace kaudit::policy
