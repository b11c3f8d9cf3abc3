#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "baseline.hpp"
#include "kaudit/host/root.hpp"
#include "kaudit/node/pod_logs.hpp"
#include "kaudit/rollout/watch.hpp"
#include "record.hpp"

namespace kaudit::rollout {

/// Looks at the node for the watch of one goal. Remembers only what a look costs to find out again.
class Observer {
 public:
  /// `record` must outlive it.
  Observer(const host::Root& root, const Record& record, Goal goal);

  [[nodiscard]] Sight look();

  /// Processes that listened as the goal's own: they must go if the goal is given up.
  [[nodiscard]] const std::vector<host::ProcessId>& own_processes() const { return m_own; }
  /// The newest ended container's last words, for people.
  [[nodiscard]] std::vector<std::string> last_words() const;

 private:
  [[nodiscard]] Sight::Manifest look_at_manifest() const;
  void look_at_server(Sight& sight);
  void look_at_old(Sight& sight) const;
  void look_for_reason(Sight& sight);
  /// A container that was started since the goal's files are in force.
  struct Fresh {
    node::PodLog log;
    unsigned attempt = 0;
  };
  /// All of them, as the logs name them: the newest last.
  [[nodiscard]] std::vector<Fresh> fresh_containers() const;
  [[nodiscard]] bool has_flags_of_goal(const host::ProcessId& process) const;
  [[nodiscard]] node::Reason words_of_containers();
  [[nodiscard]] node::Reason words_of_kubelet();

  const host::Root* m_root;
  const Record* m_record;
  Goal m_goal;
  std::vector<host::ProcessId> m_own;
  std::set<std::string> m_lasting_ends;  ///< "UID/N" of containers that ended with a lasting reason
  node::Reason m_kubelet_reason;
  double m_kubelet_read = -1e9;  ///< seconds since boot
};

}  // namespace kaudit::rollout
