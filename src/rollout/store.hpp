#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/run.hpp"
#include "record.hpp"

namespace kaudit::rollout {

/// A run's folder as it was found.
struct FoundRun {
  std::string id;
  ParsedRecord parsed;
};

/// The folders of all runs, `<state>/runs/<id>/`: `record.json`, `before/` and `after/`. Everything is 0600 in 0700.
class Store {
 public:
  Store(const host::Root& root, const StateOptions& state) : m_root(&root), m_runs(state.directory + "/runs") {}

  /// Every run, the oldest first. Writes nothing. Names that are no run ids are somebody else's, and left out.
  [[nodiscard]] Result<std::vector<FoundRun>> scan() const;

  /// Writes a new run's folder: all of it is on the disk when this returns, or nothing of it is there. `made` are the
  /// directories already made for it, whose parents are synced too.
  [[nodiscard]] Status create(const Record& record, const Intent& intent, std::vector<std::string> made) const;

  /// One run's record. Errors: status 4 "record" when there is none that can be read.
  [[nodiscard]] Result<Record> read(const std::string& id) const;

  /// Replaces the record. Its bytes are synced, not its name.
  [[nodiscard]] Status update(const Record& record) const;

  /// Where a file of the run's own folder is: its journal.
  [[nodiscard]] Result<host::Place> place_of(const std::string& id, const std::string& name) const;

  /// Replaces the record by one that says how the run ended. Only its bytes are synced, not its name: a power cut may
  /// bring the old record back, and whoever looks at the manifest then comes to the same end.
  [[nodiscard]] Status close(const Record& record, RunState state) const;

  /// Makes the name of a closed record last, too: for runs whose end the manifest does not tell.
  [[nodiscard]] Status sync_folder(const std::string& id) const;

  /// Removes a run's folder, its record first: what a kill leaves of it has no record, and goes with the next tidying.
  [[nodiscard]] Status remove(const std::string& id) const;

  /// The bytes of one of the run's copies. Errors: status 4 "record" when they are not what the record says.
  [[nodiscard]] Result<std::string> read_copy(const std::string& id, const StoredImage& image) const;

  /// Where the folder is, as shown.
  [[nodiscard]] std::string shown(const std::string& id) const;

 private:
  [[nodiscard]] std::string node_path(const std::string& id) const { return m_runs + "/" + id; }
  [[nodiscard]] Status write_all(const host::Place& folder, const Record& record, const Intent& intent,
                                 const std::vector<std::string>& made) const;

  const host::Root* m_root;
  std::string m_runs;
};

/// Where the manifest's old bytes are, as shown.
[[nodiscard]] std::string backup_of(const Store& store, const Record& record);

}  // namespace kaudit::rollout
