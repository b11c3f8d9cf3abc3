#pragma once

#include "console.hpp"
#include "kaudit/cli/options.hpp"
#include "kaudit/report/report.hpp"

namespace kaudit::cli {

/// The verb `enable`. Everything that went wrong is in the report, whose exit status is the program's.
[[nodiscard]] report::Report enable(const EnableOptions& options, Console& console);

}  // namespace kaudit::cli
