#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "kaudit/base/result.hpp"
#include "kaudit/host/descriptor.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

/// Who holds, or held last, the lock.
struct Holder {
  pid_t pid = 0;
  std::string run_id;  ///< "-": nothing yet, only tidying
};

class Lock {
 public:
  /// Makes the state directory where it is missing (`made`: see Root::locate_or_make) and locks it without waiting.
  ///
  /// Errors: status 4 "locked" with the holder; status 3 "foreign-owner" for a state directory that others may write.
  [[nodiscard]] static Result<Lock> take(const host::Root& root, const StateOptions& state, const std::string& run_id,
                                         std::vector<std::string>& made);

  /// The same, but waits up to `seconds` for whoever holds it.
  [[nodiscard]] static Result<Lock> wait_for(const host::Root& root, const StateOptions& state,
                                             const std::string& run_id, double seconds);

  /// The holder as the lock file tells it, without locking.
  [[nodiscard]] static std::optional<Holder> holder(const host::Root& root, const StateOptions& state);

  /// Whether somebody holds the lock for this run now. Writes nothing.
  [[nodiscard]] static bool is_held_for(const host::Root& root, const StateOptions& state, const std::string& run_id);

  /// Status 4 "locked", naming the holder as the lock file tells it.
  [[nodiscard]] static Error refusal(const host::Root& root, const StateOptions& state);

 private:
  explicit Lock(host::Descriptor file) : m_file(std::move(file)) {}

  host::Descriptor m_file;  ///< flock(2) ends with it
};

}  // namespace kaudit::rollout
