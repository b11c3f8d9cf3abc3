#pragma once

#include "kaudit/base/result.hpp"
#include "kaudit/cli/options.hpp"
#include "kaudit/policy/evaluate.hpp"
#include "kaudit/policy/policy.hpp"

namespace kaudit::cli {

/// Decides every line of `--requests` and prints a line for each, in order. Errors: status 3 for a line that is no
/// request, with its number; status 4 for what cannot be read or written. The lines before it have been printed.
[[nodiscard]] Status explain_requests(const ExplainOptions& options, const policy::Policy& policy,
                                      kube::Version version);

/// The stages that are left out, sorted by name.
[[nodiscard]] std::vector<std::string_view> sorted_stages(policy::Stages omitted);

}  // namespace kaudit::cli
