#pragma once

#include "kaudit/base/exit_status.hpp"
#include "kaudit/cli/options.hpp"
#include "kaudit/rollout/history.hpp"

namespace kaudit::cli {

/// `kaudit rollback --list`: every stored run, the newest first: when, which verb, how it ended, what it changed, and
/// what of it the manifest is now.
[[nodiscard]] ExitStatus list_runs(const RunOptions& options);

/// Whether a run worked on the manifest that `--manifest` names; without that option every run is wanted.
[[nodiscard]] bool is_run_on(const RunOptions& options, const rollout::StoredRun& run);

}  // namespace kaudit::cli
