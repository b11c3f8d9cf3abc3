#pragma once

#include <cstdint>

#include "kaudit/base/result.hpp"
#include "kaudit/node/logrotate.hpp"
#include "session.hpp"

namespace kaudit::cli {

enum class Asked : std::uint8_t { about_log, about_others };

/// Other rules of logrotate's that take the log of the plan: where logrotate rotates and the run is about the log,
/// refused ("logrotate-rule"): logrotate would skip one of the two files. Else a warning of the same code.
[[nodiscard]] Status check_rules(Session& session, const patch::Plan& plan, Asked asked);

/// Between two runs of logrotate a log may outgrow its size ("log-may-outgrow"); where nothing was found that runs it,
/// nobody rotates ("logrotate-not-run").
void warn_of_schedule(Session& session, const node::Logrotate& logrotate, const std::string& log);

/// "drop-in-edited": what it says is not understood, so nothing vouches for it.
void warn_of_edits(Session& session);

}  // namespace kaudit::cli
