#pragma once

#include <optional>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/kube/version.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::policy {

/// Whether a file is an audit policy at all, so that none is installed that kube-apiserver cannot even recognise: an
/// object of kind Policy in a version of audit.k8s.io that `version` has (nothing: that every known version has), with
/// at least one rule, each with one of the four levels. What the rules say is not looked at. Source: k8s.io/apiserver
/// pkg/audit/policy/reader.go, pkg/apis/audit/validation/validation.go, v0.20 to v0.37.
///
/// Errors: status 3 with position and field path, in kube-apiserver's words where it has some.
[[nodiscard]] Status check(const text::Source& source, const decode::Value& value,
                           std::optional<kube::Version> version);

}  // namespace kaudit::policy
