#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

enum class RunState : std::uint8_t {
  prepared,   ///< the record is there, the rename may or may not have happened: unfinished
  written,    ///< the rename happened
  abandoned,  ///< it did not, and what was written before it is back
};

/// "prepared", "written", "abandoned".
[[nodiscard]] std::string_view to_string(RunState state);

/// One stored file of a run, as it was before it or as the run wrote it.
struct StoredFile {
  Role role = Role::manifest;
  std::string node_path;
  std::string before_sha256;  ///< "" : it did not exist
  std::string after_sha256;
  std::string before_copy;  ///< path of the stored bytes, as shown; "" : it did not exist
  std::string after_copy;
};

/// A run as its record tells it.
struct StoredRun {
  std::string id;
  std::string started;  ///< UTC, RFC 3339
  std::string verb;
  RunState state = RunState::prepared;
  std::string folder;  ///< as shown
  std::vector<std::string> summary;
  std::vector<StoredFile> files;  ///< the manifest first
};

/// All runs with a readable record, the newest first. Writes nothing.
[[nodiscard]] Result<std::vector<StoredRun>> list_runs(const host::Root& root, const StateOptions& state);

/// The newest run that wrote a file of `role` with this digest: the way back when that content has to return.
[[nodiscard]] Result<std::optional<StoredRun>> find_run_that_wrote(const host::Root& root, const StateOptions& state,
                                                                   Role role, std::string_view sha256);

}  // namespace kaudit::rollout
