#pragma once

#include <string>
#include <vector>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/policy.hpp"
#include "kaudit/text/diagnostic.hpp"

namespace kaudit::policy {

/// What ValidatePolicy says of a decoded policy, in its order and words; `field` and `message` of a Diagnostic are its
/// two halves around the colon. Source: k8s.io/apiserver pkg/apis/audit/validation/validation.go v0.20 to v0.37
/// (group "*" is taken since 1.36), apimachinery pkg/util/validation/field/errors.go (values as Go prints them before
/// 1.34, as JSON since).
[[nodiscard]] std::vector<text::Diagnostic> validate(const Policy& policy, kube::Version version);

/// The same as one error, as ErrorList.ToAggregate() prints it: alone as it is, several in brackets, none twice.
[[nodiscard]] std::string aggregate(const std::vector<text::Diagnostic>& findings);

}  // namespace kaudit::policy
