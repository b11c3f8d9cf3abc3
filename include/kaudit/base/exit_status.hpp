#pragma once

namespace kaudit {

/// The exit statuses of every verb: part of the contract (docs/kaudit.1, EXIT STATUS).
/// The numbers never change meaning within a major version.
enum class ExitStatus : int {
  /// Done, or there was nothing to do.
  done = 0,
  /// `--check` found something to do.
  work_found = 1,
  /// The command line is wrong. Nothing was read.
  usage = 2,
  /// Something was read (or seen not to be a regular file) and is unacceptable. Nothing was written.
  refused = 3,
  /// The host refused: unreadable, I/O, permission, lock, disk, changed underneath. The running
  /// configuration is as it was; what was written before the rename was undone or is named.
  host_refused = 4,
  /// The API server did not come back; the old files are in place again, and it is healthy with them.
  rolled_back = 5,
  /// Restoring failed, or another writer stepped in: a person is needed. The message gives the backup's path and the
  /// command.
  needs_person = 6,
  /// A defect of kaudit itself. Nothing was written.
  internal = 70,
  /// Interrupted (Ctrl-C, a lost terminal); the guardian goes on.
  interrupted = 130,
};

}  // namespace kaudit
