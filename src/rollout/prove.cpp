#include "prove.hpp"

#include "kaudit/node/trail.hpp"

namespace kaudit::rollout {

void prove_trail(const host::Root& root, Record& record, const Journal& journal, Verdict& verdict) {
  const std::optional<node::TrailPlan>& plan = record.watch->trail;
  if (!plan) return;
  journal.write("proving", plan->method + " " + plan->target + " must leave its event");
  node::Proof proof = node::prove(root, record.watch->server, *plan);
  journal.write(node::to_string(proof.verdict), node::words_of(proof));
  if (proof.verdict == node::Proof::Verdict::missing) {
    verdict.action = Decision::Action::give_up;
    verdict.reason = proof.reason;
  }
  record.ending.proof = std::move(proof);
}

}  // namespace kaudit::rollout
