#pragma once

#include "kaudit/kube/version.hpp"

/// What changed between versions in how kube-apiserver reads policies, each once. The fields that came and went are in
/// go_types.cpp. Source: k8s.io/apiserver pkg/audit/policy, pkg/apis/audit, pkg/audit/scheme.go, v0.20 to v0.37.
namespace kaudit::policy {

/// v1beta1 and v1alpha1 are warned about; they are gone since 1.24.
inline constexpr kube::Version k_deprecation_warned_since{1, 21};
inline constexpr kube::Version k_only_v1_since{1, 24};

/// json-iterator until here, sigs.k8s.io/json after: null empties a text, and a huge number is refused even where its
/// value is dropped.
inline constexpr kube::Version k_json_iterator_until{1, 22};

/// omitManagedFields exists.
inline constexpr kube::Version k_managed_fields_since{1, 23};

/// Strict decoding is tried first, and what it finds is logged.
inline constexpr kube::Version k_strict_since{1, 26};

/// Field errors print values as JSON, in Go's syntax before (apimachinery pkg/util/validation/field/errors.go,
/// commit c58e197e).
inline constexpr kube::Version k_values_as_json_since{1, 34};

/// Group "*" is every group. Before, it is no group's name, and refused.
inline constexpr kube::Version k_every_group_since{1, 36};

}  // namespace kaudit::policy
