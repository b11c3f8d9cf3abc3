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

/// What became of a run's files when they were to go back after its rename.
struct RolledBack {
  enum class Manifest : std::uint8_t {
    back,     ///< it is byte for byte what it was before the run
    foreign,  ///< somebody else has written it: nothing was touched
    stuck,    ///< it is the run's own still: `failures` says why
  } manifest = Manifest::stuck;
  std::vector<std::string> remarks;
  std::vector<std::string> failures;
};

/// After the rename: replaced files go back first, then the manifest, so that it never names a policy that is not its
/// own; then files that the run made go, and what it provided, where that is empty. Only what is byte for byte the
/// run's own is touched; may be called again after a kill at any point.
[[nodiscard]] RolledBack roll_back(const host::Root& root, const Store& store, const Record& record);

}  // namespace kaudit::rollout
