#include "observer.hpp"

#include <algorithm>
#include <utility>

#include "kaudit/host/file.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/node/reason.hpp"
#include "kaudit/node/server_arguments.hpp"
#include "kaudit/node/stray_pods.hpp"

namespace kaudit::rollout {
namespace {

/// One answer of /readyz takes milliseconds; a server that hangs must not hold the watch.
constexpr int k_health_timeout_ms = 1000;
/// Bytes of a container's log and of the kubelet's that are looked at for the reason.
constexpr std::size_t k_words = std::size_t{16} << 10U;
constexpr std::size_t k_kubelet_words = std::size_t{256} << 10U;
/// Asking the journal starts a process: not at every look.
constexpr double k_kubelet_pause = 3;

bool contains(const std::vector<host::ProcessId>& list, const host::ProcessId& process) {
  return std::find(list.begin(), list.end(), process) != list.end();
}

const StoredImage& image_of_goal(const Record& record, Goal goal) {
  const RecordedFile& manifest = record.files.front();
  return goal == Goal::old_server && manifest.before ? *manifest.before : manifest.after;
}

}  // namespace

Observer::Observer(const host::Root& root, const Record& record, Goal goal)
    : m_root(&root), m_record(&record), m_goal(goal) {}

Sight Observer::look() {
  Sight sight;
  sight.manifest = look_at_manifest();
  look_at_server(sight);
  look_at_old(sight);
  const node::ApiServer& server = m_record->watch->server;
  const auto strays =
      node::stray_pods(*m_root, m_record->files.front().node_path, server.pod_namespace, server.pod_name);
  if (strays) sight.strays = *strays;
  if (sight.server == Sight::Server::right || sight.server == Sight::Server::unseen) {
    sight.health = node::ask_health(*m_root, server, k_health_timeout_ms);
  }
  if (sight.health.answer != node::Health::Answer::ok) look_for_reason(sight);
  return sight;
}

Sight::Manifest Observer::look_at_manifest() const {
  const StoredImage& wanted = image_of_goal(*m_record, m_goal);
  const auto place = m_root->locate(m_record->files.front().node_path);
  if (!place) return Sight::Manifest::unreadable;
  const auto image = host::read_file(*place, wanted.size);
  if (!image) return image.error().status == ExitStatus::refused ? Sight::Manifest::other : Sight::Manifest::unreadable;
  if (!*image || host::sha256((*image)->bytes) != wanted.sha256) return Sight::Manifest::other;
  return Sight::Manifest::ours;
}

std::vector<Observer::Fresh> Observer::fresh_containers() const {
  const WatchPlan& plan = *m_record->watch;
  const std::vector<std::string>& known = m_record->baseline->attempts;
  std::vector<Fresh> fresh;
  for (const node::PodLog& log : node::pod_logs_of(*m_root, plan.pod_log_directory, plan.server)) {
    for (const unsigned attempt : log.attempts) {
      if (std::find(known.begin(), known.end(), container_name(log, attempt)) == known.end()) {
        fresh.push_back({log, attempt});
      }
    }
  }
  return fresh;
}

/// A command line that cannot be read (another user's process under hidepid) proves nothing against it.
bool Observer::has_flags_of_goal(const host::ProcessId& process) const {
  const std::vector<std::string> arguments = host::command_line_of(process.pid);
  const WatchPlan& plan = *m_record->watch;
  const auto& wanted = m_goal == Goal::new_server ? plan.audit_flags_after : plan.audit_flags_before;
  return arguments.empty() || node::audit_elements(arguments) == wanted;
}

void Observer::look_at_server(Sight& sight) {
  const host::Listener listener = node::listener_of(m_record->watch->server);
  sight.process = listener.process;
  if (listener.known == host::Listener::Known::nobody) return;
  if (!listener.process) {
    sight.server = fresh_containers().empty() ? Sight::Server::unseen : Sight::Server::right;
    return;
  }
  const bool is_right =
      !contains(m_record->baseline->processes, *listener.process) && has_flags_of_goal(*listener.process);
  sight.server = is_right ? Sight::Server::right : Sight::Server::wrong;
  if (is_right && !contains(m_own, *listener.process)) m_own.push_back(*listener.process);
}

void Observer::look_at_old(Sight& sight) const {
  const std::vector<host::ProcessId>& old = m_record->baseline->processes;
  const bool lives = std::any_of(old.begin(), old.end(), host::is_running);
  sight.old = lives ? Sight::Old::running : Sight::Old::gone;
}

/// What an ended container said. The one that may still be running is the newest, while somebody listens.
node::Reason Observer::words_of_containers() {
  node::Reason newest;
  for (const Fresh& fresh : fresh_containers()) {
    const node::Reason reason =
        node::reason_in_last_words(node::last_words(*m_root, fresh.log, fresh.attempt, k_words));
    if (reason.code == node::Reason::Code::none) continue;
    if (reason.lasting == node::Reason::Lasting::yes) m_lasting_ends.insert(container_name(fresh.log, fresh.attempt));
    newest = reason;
  }
  return newest;
}

node::Reason Observer::words_of_kubelet() {
  const double now = seconds_since_boot();
  if (now - m_kubelet_read < k_kubelet_pause) return m_kubelet_reason;
  m_kubelet_read = now;
  if (!node::find_kubelet(*m_root).process && host::identify(1)) {
    m_kubelet_reason = {node::Reason::Code::kubelet_down, "no kubelet runs on this node", node::Reason::Lasting::no};
    return m_kubelet_reason;
  }
  m_kubelet_reason =
      node::reason_in_kubelet_log(node::kubelet_lines_since(m_record->baseline->kubelet_log, k_kubelet_words),
                                  m_record->watch->server.pod_name, m_record->files.front().node_path);
  return m_kubelet_reason;
}

void Observer::look_for_reason(Sight& sight) {
  const node::Reason of_container = words_of_containers();
  const node::Reason of_kubelet = words_of_kubelet();
  sight.ends_with_reason = static_cast<unsigned>(m_lasting_ends.size());
  const bool container_first =
      of_container.lasting == node::Reason::Lasting::yes || of_kubelet.code == node::Reason::Code::none;
  sight.reason = container_first && of_container.code != node::Reason::Code::none ? of_container : of_kubelet;
  // A server that listens has got over whatever its predecessors said.
  if (sight.server == Sight::Server::right) sight.ends_with_reason = 0;
}

std::vector<std::string> Observer::last_words() const {
  std::vector<std::string> words;
  for (const Fresh& fresh : fresh_containers()) {
    std::vector<std::string> said = node::last_words(*m_root, fresh.log, fresh.attempt, k_words);
    if (!said.empty()) words = std::move(said);
  }
  constexpr std::size_t k_lines = 10;
  if (words.size() > k_lines) words.erase(words.begin(), words.end() - k_lines);
  return words;
}

}  // namespace kaudit::rollout
