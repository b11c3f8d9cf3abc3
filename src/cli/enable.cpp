#include "change.hpp"
#include "describe.hpp"
#include "session.hpp"
#include "trail.hpp"
#include "verbs_run.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

/// What `--verify` needs to know of the job.
struct Wish {
  std::optional<node::TrailPlan> trail;  ///< nothing: it cannot be tried, and the session has a warning that says why
  node::ApiServer server;
};

/// The request that will prove the trail of the new manifest. What it warns of, the plan has said already.
Result<Wish> wish_of(Session& session, const EnableOptions& options, const Job& job) {
  const std::vector<Warning> warnings = session.warnings;
  host::FileImage image = job.input->image;
  image.bytes = job.plan.new_text;
  KAUDIT_TRY(after, understand_manifest(session, job.input->node_path, session.root.shown(job.input->node_path),
                                        std::move(image)));
  session.warnings = warnings;
  TrailQuestion question;
  question.manifest = &after->manifest;
  question.kubeconfig = options.kubeconfig;
  if (job.policy) question.policy = job.policy->bytes;
  if (job.webhook) question.webhook_config = job.webhook->config.bytes;
  TrailAnswer answer = plan_trail(session, question);
  if (answer.kind != TrailAnswer::Kind::planned) {
    session.warnings.push_back(unproven_trail(answer.reason + (answer.hint.empty() ? "" : "; " + answer.hint)));
  }
  return Wish{std::move(answer.plan), api_server_of(after->manifest)};
}

/// No server was to be restarted: the trail of the one that runs.
Status prove_now(const Session& session, Console& console, const Wish& wish, report::Report& report) {
  if (!wish.trail) return Done{};
  console.progress("proving the trail: " + wish.trail->method + " " + wish.trail->target);
  report.proof = node::prove(session.root, wish.server, *wish.trail);
  if (report.proof->verdict != node::Proof::Verdict::missing) return tell_proof(console, report);
  Error error;
  error.status = ExitStatus::work_found;
  error.code = "not-proven";
  error.message = "the API server was not to be restarted, and its trail is not there: " + report.proof->reason;
  return error;
}

}  // namespace

ExitStatus enable(const EnableOptions& options) {
  Wish wish;
  const Proposal propose = [&](Session& session, report::Report& report) -> Result<std::optional<rollout::Intent>> {
    KAUDIT_TRY(job, prepare(session, options));
    describe(session, job, report);
    if (options.proving == Proving::yes) {
      KAUDIT_TRY(wished, wish_of(session, options, job));
      wish = std::move(wished);
    }
    if (!report.changed) return std::optional<rollout::Intent>();
    KAUDIT_TRY_DO(check_node(session, *job.input, job.plan, Purpose::change));
    KAUDIT_TRY(intent, intent_of(session, job));
    // logrotate reads its drop-in by itself: nothing is restarted, nothing to watch.
    if (!job.changes_server()) return std::optional(std::move(intent));
    KAUDIT_TRY(watch, watch_plan_of(session, *job.input, job.plan.new_text));
    intent.watch = watch;
    if (intent.watch) intent.watch->trail = wish.trail;
    return std::optional(std::move(intent));
  };
  return change_node(options.run, propose, [&](Session& session, Console& console, report::Report& report) {
    return prove_now(session, console, wish, report);
  });
}

}  // namespace kaudit::cli
