#include <algorithm>

#include "kaudit/base/ascii.hpp"
#include "kaudit/host/clock.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/command_line.hpp"
#include "kaudit/node/kubeconfig.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/node/metrics.hpp"
#include "kaudit/node/pod_logs.hpp"
#include "surveying.hpp"
#include "trail.hpp"
#include "watching.hpp"

namespace kaudit::cli {
namespace {

constexpr int k_health_timeout_ms = 3000;
constexpr std::size_t k_log_part = std::size_t{1} << 20U;

std::vector<kube::FlagSetting> all_flags(const survey::Setup& setup) {
  std::vector<kube::FlagSetting> all = setup.flags;
  all.insert(all.end(), setup.others.begin(), setup.others.end());
  return all;
}

/// Counts by plugin, those of one name together.
std::vector<std::pair<std::string, double>> lost_by_plugin(const std::vector<node::Sample>& samples) {
  std::vector<std::pair<std::string, double>> lost;
  for (const node::Sample& sample : samples) {
    if (sample.name != "apiserver_audit_error_total" || !(sample.value > 0)) continue;
    lost.emplace_back(one_line(node::label_of(sample, "plugin")), sample.value);
  }
  return lost;
}

/// Fills in what the server counts, or why that is not known.
void ask_as(const Session& session, const manifest::Manifest& manifest, const Result<node::AdminAccess>& access,
            survey::Metrics& metrics) {
  if (!access) {
    metrics.problem = one_line(access.error().message);
    return;
  }
  const auto samples = node::ask_metrics(session.root, api_server_of(manifest), *access);
  if (!samples) {
    metrics.problem = "the API server does not give them to the user of " + metrics.kubeconfig;
    return;
  }
  metrics.problem.clear();
  metrics.events = node::sum(*samples, "apiserver_audit_event_total");
  metrics.lost = lost_by_plugin(*samples);
  metrics.rejected = node::sum(*samples, "apiserver_audit_requests_rejected_total").value_or(0);
}

}  // namespace

survey::Process process_of(const Session& session, const manifest::Manifest& manifest, const survey::Setup& setup) {
  survey::Process process;
  if (!session.root.is_host()) return process;
  using Known = survey::Process::Known;
  const node::ApiServer server = api_server_of(manifest);
  const host::Listener listener = node::listener_of(server);
  process.known = listener.known == host::Listener::Known::nobody ? Known::nobody : Known::unseen;
  process.health = node::ask_health(session.root, server, k_health_timeout_ms);
  if (!listener.process || process.health.answer == node::Health::Answer::stranger) return process;
  const std::vector<std::string> arguments = host::command_line_of(listener.process->pid);
  if (arguments.empty()) return process;
  process.known = Known::running;
  process.pid = listener.process->pid;
  process.started = host::started_at(*listener.process);
  process.flags = kube::settings_in(arguments);
  process.differences = survey::differences(all_flags(setup), process.flags);
  return process;
}

Result<survey::Metrics> metrics_of(const Session& session, const manifest::Manifest& manifest,
                                   const survey::Process& process, const std::optional<std::string>& kubeconfig) {
  survey::Metrics metrics;
  if (!session.root.is_host()) {
    metrics.problem = "there is no server to ask in another root than /";
    return metrics;
  }
  metrics.kubeconfig = kubeconfig_path(session.root, kubeconfig);
  if (kubeconfig && metrics.kubeconfig.empty()) {
    return host::file_error(ExitStatus::host_refused, "missing", *kubeconfig, "there is no such file",
                            "name another with --kubeconfig");
  }
  if (metrics.kubeconfig.empty()) {
    metrics.problem = "there is neither admin.conf nor super-admin.conf in /etc/kubernetes; --kubeconfig names another";
    return metrics;
  }
  const auto access = node::read_kubeconfig(session.root, metrics.kubeconfig);
  if (!access && kubeconfig) return access.error();
  if (process.health.answer == node::Health::Answer::none) {
    metrics.problem = "the API server does not answer";
    return metrics;
  }
  ask_as(session, manifest, access, metrics);
  // A cluster where kubeadm has not bound the role yet, or no longer, refuses the user of admin.conf.
  if (metrics.problem.empty() || kubeconfig || metrics.kubeconfig == node::k_super_admin_kubeconfig) return metrics;
  survey::Metrics second;
  second.kubeconfig = node::k_super_admin_kubeconfig;
  ask_as(session, manifest, node::read_kubeconfig(session.root, second.kubeconfig), second);
  return second.problem.empty() ? second : metrics;
}

std::size_t rename_failures(const Session& session, const manifest::Manifest& manifest) {
  const std::string directory = node::find_kubelet(session.root).pod_log_directory;
  const auto newest = node::newest_pod_log(session.root, directory, api_server_of(manifest));
  if (!newest) return 0;
  const auto words = node::last_words(session.root, *newest, newest->attempts.back(), k_log_part);
  return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [](const std::string& line) {
    return line.find("can't rename log file") != std::string::npos;
  }));
}

}  // namespace kaudit::cli
