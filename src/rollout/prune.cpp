#include "prune.hpp"

#include <algorithm>

namespace kaudit::rollout {

std::vector<Error> prune(const Store& store, const std::vector<FoundRun>& earlier, std::size_t keep) {
  std::vector<Error> errors;
  std::size_t written = 1;  // the run just done
  std::size_t abandoned = 0;
  for (std::size_t i = earlier.size(); i-- > 0;) {
    const FoundRun& run = earlier[i];
    if (!run.parsed.record || is_unfinished(run.parsed.record->state)) continue;
    std::size_t& count = is_in_force(run.parsed.record->state) ? written : abandoned;
    if (++count <= std::max<std::size_t>(keep, 1)) continue;
    if (const Status removed = store.remove(run.id); !removed) errors.push_back(removed.error());
  }
  return errors;
}

}  // namespace kaudit::rollout
