#pragma once

#include <string>
#include <string_view>

#include "kaudit/kube/version.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::policy {

/// How Kubernetes prints a value of a named text type and a list of texts in a field error: in Go's syntax before 1.34,
/// as JSON since (apimachinery pkg/util/validation/field/errors.go, commit c58e197e).
[[nodiscard]] std::string named_text(std::string_view text, kube::Version version);
[[nodiscard]] std::string text_list(const TextList& list, kube::Version version);

/// A JSON string as encoding/json writes it, with `<`, `>` and `&` escaped.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace kaudit::policy
