#pragma once

#include <optional>

#include "journal.hpp"
#include "kaudit/host/process_handle.hpp"
#include "lingering.hpp"
#include "record.hpp"
#include "store.hpp"

namespace kaudit::rollout {

/// Ends the old API server once it only lingers, where the run's plan wishes it: with one signal, whatever happens to
/// the guardian in between, for the record says that it is sent before it is.
///
/// Only the way to the new files is hastened. On the way back what goes is a server that did not become healthy: one
/// that crashes has nothing to linger for, and of another the audit events are what a person needs now.
class Hastener {
 public:
  /// All three must outlive it.
  Hastener(const Store& store, Record& record, const Journal& journal)
      : m_store(&store), m_record(&record), m_journal(&journal) {}

  /// Takes hold of the process that the baseline names: before the rename, and again in a guardian that takes over.
  void take_hold();

  /// After each look of the watch that decided nothing.
  void look(const Sight& sight, double now);

 private:
  [[nodiscard]] const host::ProcessId& process() const { return m_record->baseline->processes.front(); }
  [[nodiscard]] Lingerer look_at_process() const;
  void end_it(double lingered);

  const Store* m_store;
  Record* m_record;
  const Journal* m_journal;
  std::optional<host::ProcessHandle> m_handle;  ///< nothing: there is nothing to end, or not any more
  Lingering m_lingering;
};

}  // namespace kaudit::rollout
