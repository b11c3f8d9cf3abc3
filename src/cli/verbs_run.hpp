#pragma once

#include "kaudit/base/exit_status.hpp"
#include "kaudit/cli/options.hpp"

namespace kaudit::cli {

/// The verbs. Each prints its own results; what ends it early is printed, too.
[[nodiscard]] ExitStatus enable(const EnableOptions& options);
[[nodiscard]] ExitStatus status(const StatusOptions& options);
[[nodiscard]] ExitStatus rollback(const RollbackOptions& options);
[[nodiscard]] ExitStatus verify(const VerifyOptions& options);
[[nodiscard]] ExitStatus guard(const GuardOptions& options);
[[nodiscard]] ExitStatus disable(const DisableOptions& options);
[[nodiscard]] ExitStatus lint(const LintOptions& options);
[[nodiscard]] ExitStatus explain(const ExplainOptions& options);

}  // namespace kaudit::cli
