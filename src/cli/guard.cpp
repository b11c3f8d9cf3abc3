#include <cstdio>

#include "kaudit/rollout/guardian.hpp"
#include "verbs_run.hpp"

namespace kaudit::cli {

ExitStatus guard(const GuardOptions& options) {
  const auto root = host::Root::open(options.root);
  const Status done =
      root ? rollout::guard(*root, {options.state_dir, options.keep_backups}, options.id) : Status(root.error());
  if (done) return ExitStatus::done;
  // Standard error is the run's own file, or the journal of its service.
  static_cast<void>(std::fputs(to_text(done.error()).c_str(), stderr));
  return done.error().status;
}

}  // namespace kaudit::cli
