#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/history.hpp"
#include "kaudit/rollout/run.hpp"

namespace kaudit::rollout {

/// The guardian is the only writer of a watched run, and a process of its own: a transient systemd service where
/// systemd runs (restarted when it fails, never chosen by the OOM killer), else a session of its own with nothing of
/// its parent's open. Losing the terminal, the SSH connection or the whole foreground changes nothing about what it
/// does. It is crash-only: killed at any point, it is started again with the same words, and goes on from what is on
/// the disk.

/// A run that has a guardian.
struct GuardedRun {
  std::string id;
  std::string folder;  ///< as shown
  std::string backup;  ///< of the manifest, as shown
  std::vector<Warning> warnings;
};

/// Begins a watched run (`intent.watch` is set) and starts its guardian. Nothing but the run's folder has been written
/// when this returns. Errors: as execute(), and status 4 "guardian" when it could not be started.
[[nodiscard]] Result<GuardedRun> start(const host::Root& root, const StateOptions& state, const Intent& intent);

/// Runs whose guardian has gone before they were finished, the oldest first. Writes nothing.
[[nodiscard]] Result<std::vector<std::string>> orphaned_runs(const host::Root& root, const StateOptions& state);

/// Refuses, status 4 "locked" with its process and run, while a guardian is at work: until it has ended, the node is
/// not as it will be, and may well be without an API server. Writes nothing.
[[nodiscard]] Status check_no_guardian(const host::Root& root, const StateOptions& state);

/// Starts a guardian for an orphaned run. Errors: status 4 "guardian".
[[nodiscard]] Result<GuardedRun> resume(const host::Root& root, const StateOptions& state, const std::string& id);

/// The guardian itself: carries the run out, watches, and puts the old files back if the new API server does not come.
/// With an empty id: every orphaned run, for the unit that a reboot starts. Returns when all is over; everything there
/// is to say is in the record and the journal. Errors: only what kept it from working at all.
[[nodiscard]] Status guard(const host::Root& root, const StateOptions& state, const std::string& id);

/// What `follow` ends with.
struct Followed {
  enum class End : std::uint8_t {
    finished,     ///< `run` says how
    written,      ///< `until` was reached: the rename has happened, the guardian watches on
    interrupted,  ///< Ctrl-C or a lost terminal: the guardian goes on
    orphaned,     ///< the guardian is gone, and so were those that were started in its place
  } end = End::finished;
  StoredRun run;
};

enum class Until : std::uint8_t { finished, written };

/// What happens when the guardian is found to have gone.
enum class Succession : std::uint8_t { start_another, only_watch };

/// A line of the journal: when, the phase or event, and what happened.
struct JournalLine {
  std::string time;
  std::string word;
  std::string message;
};

/// Watches a run's journal from outside, and passes each line on. SIGINT,
/// SIGTERM and SIGHUP end the watching, not the run. `idle` is called about ten times a second in between.
[[nodiscard]] Result<Followed> follow(const host::Root& root, const StateOptions& state, const std::string& id,
                                      Until until, Succession succession,
                                      const std::function<void(const JournalLine&)>& line,
                                      const std::function<void()>& idle);

}  // namespace kaudit::rollout
