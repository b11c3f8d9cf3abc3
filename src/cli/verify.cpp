#include "console.hpp"
#include "kaudit/base/ascii.hpp"
#include "kaudit/report/verify_report.hpp"
#include "running_server.hpp"
#include "trail.hpp"
#include "verbs_run.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

using report::Verification;
using Verdict = Verification::Verdict;

Error unproven(std::string reason, std::string hint) {
  Error error;
  error.status = ExitStatus::host_refused;
  error.code = "unproven";
  error.message = "the trail could not be proven: " + std::move(reason);
  error.hint = std::move(hint);
  return error;
}

void take_proof(node::Proof proof, Verification& verification) {
  verification.reason = proof.reason;
  if (proof.verdict == node::Proof::Verdict::proven) verification.verdict = Verdict::proven;
  if (proof.verdict == node::Proof::Verdict::missing) {
    verification.verdict = Verdict::missing;
    verification.exit_status = ExitStatus::work_found;
  }
  verification.proof = std::move(proof);
}

Status verify_steps(Session& session, const VerifyOptions& options, Console& console, Verification& verification) {
  KAUDIT_TRY(input, read_manifest(session));
  const manifest::Manifest& manifest = input->manifest;
  verification.manifest = session.root.shown(input->node_path);
  const auto version = session.options.version ? session.options.version : manifest.version;
  if (version) verification.kubernetes_version = kube::to_string(*version);
  warn_of_running_server(session, *input);
  TrailQuestion question;
  question.manifest = &manifest;
  question.kubeconfig = options.kubeconfig;
  question.wait_seconds = options.wait_seconds;
  TrailAnswer answer = plan_trail(session, question);
  verification.user = one_line(answer.user);
  if (answer.kind == TrailAnswer::Kind::planned) {
    console.detail(answer.plan->method + " " + answer.plan->target);
    take_proof(node::prove(session.root, api_server_of(manifest), *answer.plan), verification);
    if (verification.verdict != Verdict::unproven) return Done{};
    return unproven(verification.reason, "kaudit status tells how the API server is configured");
  }
  verification.reason = answer.reason + (answer.hint.empty() ? "" : "; " + answer.hint);
  if (answer.kind == TrailAnswer::Kind::unproven) return unproven(answer.reason, answer.hint);
  verification.verdict = Verdict::not_recorded;
  verification.exit_status = ExitStatus::work_found;
  return Done{};
}

Verification verification_of(const VerifyOptions& options, Console& console) {
  Verification verification;
  auto root = host::Root::open(options.run.root);
  Status done = Done{};
  if (root) {
    Session session{options.run, std::move(root).value()};
    done = verify_steps(session, options, console, verification);
    for (const Warning& warning : session.warnings) console.warn(warning);
    verification.warnings = std::move(session.warnings);
  } else {
    done = std::move(root).error();
  }
  if (!done) {
    verification.error = std::move(done).error();
    verification.exit_status = verification.error->status;
  }
  return verification;
}

}  // namespace

ExitStatus verify(const VerifyOptions& options) {
  const RunOptions& run = options.run;
  Console console(run.output, run.color, run.verbosity);
  const Verification verification = verification_of(options, console);
  if (verification.error) console.fail(*verification.error);
  if (run.output == Output::json) {
    console.document(report::verify_json(verification));
  } else if (!verification.error && run.verbosity != Verbosity::quiet) {
    console.document(report::verify_text(verification, paint_of(run.color)));
  }
  return verification.exit_status;
}

}  // namespace kaudit::cli
