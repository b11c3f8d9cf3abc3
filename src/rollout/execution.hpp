#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "kaudit/host/attributes.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/rollout/run.hpp"
#include "put_back.hpp"

namespace kaudit::rollout {

/// Whether a file is only stored: nothing is written in its place.
[[nodiscard]] bool is_kept(const FileIntent& intent);

/// Whether what is at `place` is still exactly what the plan was made from. Errors: status 4 "changed-underneath".
[[nodiscard]] Status check_unchanged(const host::Place& place, const FileIntent& intent);

/// The part of a run that changes the node: from a synced record up to the rename of the manifest.
class Execution {
 public:
  Execution(const host::Root& root, const Intent& intent, const std::string& run_id)
      : m_root(&root), m_intent(&intent), m_run_id(&run_id), m_ownership(host::ownership_in(root)) {}

  /// Everything, the rename last. After an error, `put_back` restores; `rename()` is what to tell it.
  [[nodiscard]] Status run();

  [[nodiscard]] Rename rename() const { return m_rename; }

 private:
  [[nodiscard]] Status provide(Provision::Kind kind);
  [[nodiscard]] Status replace(const FileIntent& intent);
  [[nodiscard]] Status replace_manifest();
  [[nodiscard]] Status sync_later(const host::Place& place);
  [[nodiscard]] Status sync_now();

  const host::Root* m_root;
  const Intent* m_intent;
  const std::string* m_run_id;
  host::Ownership m_ownership;
  Rename m_rename = Rename::not_tried;
  /// What must be on the disk before the manifest names it. Synced together, after the manifest's temporary, whose
  /// sync has carried most of it along where the file system has one journal.
  std::vector<std::pair<host::Descriptor, std::string>> m_unsynced;
};

}  // namespace kaudit::rollout
