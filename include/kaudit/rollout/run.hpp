#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/watch_plan.hpp"

namespace kaudit::rollout {

enum class Role : std::uint8_t {
  manifest,
  policy,
  webhook_config,
  webhook_file,
  drop_in,  ///< the file that has logrotate rotate the log
};

/// One file that a run replaces or makes. One whose bytes, owner and mode stay as they are is only stored: the way back
/// to it, should somebody edit it later.
struct FileIntent {
  Role role = Role::manifest;
  std::string node_path;
  std::optional<host::FileImage> before;  ///< nothing: it does not exist
  std::string after;                      ///< its bytes
  host::Metadata metadata;                ///< of the new file
};

/// A directory or an empty file that must exist before the manifest is replaced (the log, or its own directory, and
/// missing parents of anything). One that exists is left as it is; an existing log must be a regular file with one
/// link.
struct Provision {
  enum class Kind : std::uint8_t { directory, empty_file } kind = Kind::directory;
  std::string node_path;
  host::Metadata metadata;
};

/// A file that goes once the manifest has been replaced and the record is closed: what `disable --purge` takes away,
/// and a logrotate drop-in that is not needed any more. Only this very name is removed, and only while it is what the
/// plan saw.
struct Removal {
  std::string node_path;
  std::string sha256;  ///< of the only content that may go; "": a log, any content of a regular file with one link
};

/// Everything a run is about to do, decided before it does any of it. Files are plain values to it: what a manifest is
/// it does not know.
struct Intent {
  std::string verb;                  ///< "enable", "disable"
  std::vector<std::string> summary;  ///< the plan's lines, for whoever reads the record later
  FileIntent manifest;
  std::vector<FileIntent> files;  ///< everything else, in the order in which it is written
  std::vector<Provision> provisions;
  std::vector<Removal> removals;
  std::string program_version;     ///< for the record
  std::optional<WatchPlan> watch;  ///< nothing: nobody watches
};

struct StateOptions {
  std::string directory = "/var/lib/kaudit";  ///< node path
  std::size_t keep_backups = 10;              ///< the run itself is always kept
};

struct Outcome {
  std::string run_id;
  std::string run_folder;            ///< as shown
  std::string backup_path;           ///< of the manifest's old bytes, as shown
  std::vector<std::string> removed;  ///< as shown
  std::vector<Warning> warnings;
};

/// The exclusive right to change anything under one state directory, held as a lock on its file `lock`.
class Lock;

/// Looks, without writing anything, for runs that a crash left unfinished. Their ids, the oldest first. A run that
/// another process is working on right now is not one.
[[nodiscard]] Result<std::vector<std::string>> unfinished_runs(const host::Root& root, const StateOptions& state);

/// Takes the lock and tidies up after every unfinished run: what it wrote before its rename goes back, its temporaries
/// go; a run whose rename had happened is closed. Only what is byte for byte the run's own is touched. Returns a line
/// per run for the person at the keyboard. Where there is nothing to tidy, nothing is written, nor locked.
///
/// Errors: status 4: "locked" with who holds it; I/O; something that could not be put back, named: the run stays
/// unfinished, and the next call tries again.
[[nodiscard]] Result<std::vector<std::string>> tidy(const host::Root& root, const StateOptions& state);

/// What would keep a run from using the state directory, found out without writing anything. Errors: status 3
/// "foreign-owner" for one that others may write; those of host::Root::locate().
[[nodiscard]] Status check_state(const host::Root& root, const StateOptions& state);

/// What the host would refuse (read-only, immutable, bind-mounted, a planted link where the log should be), found out
/// without writing anything. execute() begins with it. Errors: status 3 or 4.
[[nodiscard]] Status check_host(const host::Root& root, const Intent& intent);

/// The run, in the one order for every way in: what can be told to fail beforehand → lock → tidy → compare every file
/// with the plan's "before" (bytes, inode, owner, mode, attributes) → run folder with before, after and intent, synced
/// → missing directories → policy and other files, each compared again right before its rename → log → manifest's
/// temporary, complete and synced → compare the manifest once more → rename → sync directory → close the record →
/// removals → prune old runs. Signals wait until it is over.
///
/// Errors: all status 4 (3 for "untrusted-link" and the like): the running configuration is as it was, and everything
/// written has been undone or is named in `also`. Once the rename has happened there is no error, only warnings
/// (code "durability" when a directory could not be synced, "not-removed" for a removal that did not happen, "record"
/// and "prune" for the run's own folder). A kill between rename and removals leaves files; nobody finishes that.
[[nodiscard]] Result<Outcome> execute(const host::Root& root, const StateOptions& state, const Intent& intent);

}  // namespace kaudit::rollout
