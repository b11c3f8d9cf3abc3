#pragma once

#include <functional>
#include <optional>

#include "console.hpp"
#include "kaudit/base/exit_status.hpp"
#include "kaudit/base/result.hpp"
#include "kaudit/report/report.hpp"
#include "kaudit/rollout/run.hpp"
#include "session.hpp"

namespace kaudit::cli {

/// What one verb would do: it reads the node, tells its plan in the report (`changed` among it), and says what is to be
/// written; nothing where nothing has to be. It writes nothing.
using Proposal = std::function<Result<std::optional<rollout::Intent>>(Session&, report::Report&)>;

/// What a real run does, last of all, where no API server is restarted.
using Afterwards = std::function<Status(Session&, Console&, report::Report&)>;

/// The frame of every verb that may change the node: unfinished runs are put right, the plan is made and shown, then
/// written unless it is a dry run; everything that went wrong is printed and in the report.
[[nodiscard]] ExitStatus change_node(const RunOptions& options, const Proposal& propose,
                                     const Afterwards& afterwards = {});

}  // namespace kaudit::cli
