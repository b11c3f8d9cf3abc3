#include "lingering.hpp"

namespace kaudit::rollout {

LingeringStep step(const Lingering& before, const Sight& sight, Lingerer lingerer, double now) {
  using Action = LingeringStep::Action;
  if (lingerer == Lingerer::ended) return {Action::forget_it, {}};
  const bool is_out_of_service = sight.server == Sight::Server::none && sight.manifest == Sight::Manifest::ours;
  if (lingerer != Lingerer::lingers || !is_out_of_service) return {Action::wait, {}};
  const Lingering state{before.since.value_or(now), before.looks + 1};
  const bool is_long_enough = now - *state.since >= k_lingers_at_least && state.looks >= k_lingering_looks;
  return {is_long_enough ? Action::end_it : Action::wait, state};
}

}  // namespace kaudit::rollout
