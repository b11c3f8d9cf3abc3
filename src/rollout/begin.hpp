#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "lock.hpp"
#include "record.hpp"
#include "store.hpp"

namespace kaudit::rollout {

/// A run whose folder is on the disk and which has changed nothing yet.
struct Begun {
  Lock lock;
  Record record;
  std::vector<FoundRun> earlier;     ///< runs that were there before it
  std::vector<std::string> settled;  ///< what was tidied up, a line per run
};

/// What can be told to fail beforehand → lock → tidy → compare every file with the plan's "before" → run folder with
/// before, after and intent, synced. Errors: as execute().
[[nodiscard]] Result<Begun> begin(const host::Root& root, const Store& store, const StateOptions& state,
                                  const Intent& intent);

/// What the record and its copies say the run is about to do, for whoever carries it out in another process.
/// Errors: status 4 "record".
[[nodiscard]] Result<Intent> stored_intent(const Store& store, const Record& record);

/// Every file against the plan; those below directories still to be made cannot be there.
/// Errors: status 4 "changed-underneath".
[[nodiscard]] Status compare_all(const host::Root& root, const Intent& intent);

/// How far the plan was carried out.
struct CarriedOut {
  enum class End : std::uint8_t {
    renamed,  ///< the new manifest is in force; `warnings` has what failed afterwards
    undone,   ///< it is not, and everything is as it was, or somebody else's meanwhile: `error` says why
    stuck,    ///< it is not, and something could not be put back: the next run tries again
  } end = End::renamed;
  Error error;
  std::vector<Warning> warnings;
  std::vector<std::string> left;  ///< remarks on what was left as somebody else had made it
};

/// From there up to the rename and the sync of the directory, everything that was written before a failure put back.
/// The record is left as it is.
[[nodiscard]] CarriedOut carry_out(const host::Root& root, const Store& store, const Record& record,
                                   const Intent& intent);

[[nodiscard]] Warning warning_of(std::string code, const Error& error);

}  // namespace kaudit::rollout
