#include "change.hpp"
#include "describe.hpp"
#include "session.hpp"
#include "verbs_run.hpp"
#include "watching.hpp"

namespace kaudit::cli {

ExitStatus enable(const EnableOptions& options) {
  return change_node(options.run,
                     [&](Session& session, report::Report& report) -> Result<std::optional<rollout::Intent>> {
                       KAUDIT_TRY(job, prepare(session, options));
                       describe(session, job, report);
                       if (!report.changed) return std::optional<rollout::Intent>();
                       KAUDIT_TRY_DO(check_node(session, *job.input, job.plan, Purpose::change));
                       KAUDIT_TRY(intent, intent_of(session, job));
                       // logrotate reads its drop-in by itself: nothing is restarted, nothing to watch.
                       if (!job.changes_server()) return std::optional(std::move(intent));
                       KAUDIT_TRY(watch, watch_plan_of(session, *job.input, job.plan.new_text));
                       intent.watch = watch;
                       return std::optional(std::move(intent));
                     });
}

}  // namespace kaudit::cli
