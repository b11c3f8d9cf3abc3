#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/node/trail.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

enum class RunState : std::uint8_t {
  prepared,   ///< the record is there, the rename may or may not have happened: unfinished
  watching,   ///< it happened, and the guardian waits for the new API server: unfinished
  restoring,  ///< that did not come; the old files go back, and the guardian waits for the old one: unfinished
  written,    ///< the rename happened, and nobody watched
  healthy,    ///< the new API server came
  restored,   ///< the old files are back, and the API server is healthy with them
  failed,     ///< neither: a person is needed
  abandoned,  ///< the rename did not happen, and what was written before it is back
};

[[nodiscard]] std::string_view to_string(RunState state);

/// Whether the run is still to be finished by somebody.
[[nodiscard]] bool is_unfinished(RunState state);
/// Whether what the run wrote is what it left.
[[nodiscard]] bool is_in_force(RunState state);

/// How a watched run ended.
struct Ending {
  double seconds = 0;                     ///< from the rename
  std::string reason;                     ///< one line; "": there is nothing to explain
  std::vector<std::string> log_tail;      ///< the failing container's last words
  std::vector<std::string> errors;        ///< everything that went wrong on the way back, each a line
  std::optional<node::Proof> proof = {};  ///< of the new server's audit trail; nothing: none was tried
};

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
  Ending ending;
};

/// "20260131T081530.123Z-5f3c9a": whether a word can be a run's id.
[[nodiscard]] bool is_run_id(std::string_view name);

/// The bytes of one of a run's files as they were before it. Errors: status 4 "record" when they are not what the
/// record says; status 3 when there is no such run.
struct StoredBytes {
  Role role = Role::manifest;
  std::string node_path;
  std::optional<std::string> before;  ///< nothing: it did not exist
  host::Metadata before_metadata;
  std::string after_sha256;
};
[[nodiscard]] Result<std::vector<StoredBytes>> stored_before(const host::Root& root, const StateOptions& state,
                                                             const std::string& id);

/// All runs with a readable record, the newest first. Writes nothing.
[[nodiscard]] Result<std::vector<StoredRun>> list_runs(const host::Root& root, const StateOptions& state);

/// The run that is being carried out now, as the lock file tells it while the process that it names lives and goes by
/// this program's name; "" if there is none. Unlike everybody who wants to write, this one locks nothing, not for a
/// moment: right for looking, not for deciding.
[[nodiscard]] std::string run_at_work(const host::Root& root, const StateOptions& state);

/// The newest run that wrote a file of `role` with this digest: the way back when that content has to return.
[[nodiscard]] Result<std::optional<StoredRun>> find_run_that_wrote(const host::Root& root, const StateOptions& state,
                                                                   Role role, std::string_view sha256);

}  // namespace kaudit::rollout
