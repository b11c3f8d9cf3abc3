#pragma once

#include "kaudit/base/exit_status.hpp"
#include "kaudit/cli/options.hpp"

namespace kaudit::cli {

/// The verbs that only read. Each prints its own results; what ends it early is printed, too.
[[nodiscard]] ExitStatus lint(const LintOptions& options);
[[nodiscard]] ExitStatus explain(const ExplainOptions& options);

}  // namespace kaudit::cli
