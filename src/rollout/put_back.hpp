#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kaudit/host/root.hpp"
#include "record.hpp"
#include "store.hpp"

namespace kaudit::rollout {

/// What is known about a run's last step.
enum class Rename : std::uint8_t {
  not_tried,  ///< the manifest was certainly not replaced by the run
  unknown,    ///< killed, or the call failed: what the disk says counts
};

/// How an unfinished run ended.
struct PutBack {
  bool was_renamed = false;           ///< the manifest is the run's: nothing went back
  std::vector<std::string> remarks;   ///< what was left as it is because somebody else changed it meanwhile
  std::vector<std::string> failures;  ///< what should have gone back and could not: trying again may help

  [[nodiscard]] bool is_complete() const { return failures.empty(); }
};

/// Brings everything that `record` names to one of two ends: the manifest is the run's own, then it stays, and its
/// directory is synced; or it is not, then the other files go back to what they were, files and directories that the
/// run made go. Temporaries go. Judged by what is on the disk alone, so it may be called after any
/// failure, after a kill at any point, and again. Only what is byte for byte the run's own is touched.
[[nodiscard]] PutBack put_back(const host::Root& root, const Store& store, const Record& record, Rename rename);

}  // namespace kaudit::rollout
