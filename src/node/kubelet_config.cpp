#include <algorithm>
#include <filesystem>
#include <optional>
#include <variant>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/host/file_end.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/kube/go_values.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/text/source.hpp"

namespace kaudit::node {
namespace {

/// Where kubeadm and the packages put the kubelet's configuration.
constexpr const char* k_usual_config = "/var/lib/kubelet/config.yaml";
constexpr std::size_t k_config_limit = std::size_t{10} << 20U;
/// Folders in folders of drop-in files.
constexpr int k_deepest_drop_in = 8;

constexpr double k_nanoseconds = 1e9;

std::string normalised(const std::string& path) {
  std::string normal = std::filesystem::path("/" + path).lexically_normal().string();
  while (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal.starts_with("//") ? normal.substr(1) : normal;
}

/// Absent, malformed and 0 are the default, as a duration in a file is to the kubelet.
void take_duration(const std::string& text, double& seconds) {
  const auto parsed = kube::parse_duration(text);
  const std::int64_t* nanoseconds = std::get_if<std::int64_t>(&parsed);
  if (nanoseconds != nullptr && *nanoseconds > 0) seconds = static_cast<double>(*nanoseconds) / k_nanoseconds;
}

/// A path in a file may be relative to the file's directory.
/// Source: pkg/kubelet/kubeletconfig/configfiles/configfiles.go resolveRelativePaths.
void take_path(const decode::Value* value, const std::string& file, std::string& path) {
  const std::string* text = value == nullptr ? nullptr : value->string();
  if (text == nullptr || text->empty()) return;
  path = normalised(text->starts_with('/') ? *text : file.substr(0, file.rfind('/') + 1) + *text);
}

/// A map that is there at all replaces the defaults in whole. In a drop-in file it is merged key by key into what is
/// configured, but what is configured is the default only if no file before has the map.
void take_eviction(const decode::Value& config, bool& is_configured, Kubelet& kubelet) {
  const decode::Value* thresholds = config.find("evictionHard");
  if (thresholds == nullptr || thresholds->object() == nullptr) return;
  if (!is_configured) kubelet.nodefs_available.clear();
  is_configured = true;
  const decode::Value* available = thresholds->find("nodefs.available");
  if (available != nullptr && available->string() != nullptr) kubelet.nodefs_available = *available->string();
}

class Configuration {
 public:
  Configuration(const host::Root& root, Kubelet& kubelet) : m_root(&root), m_kubelet(&kubelet) {}

  void read_file(const std::string& path) {
    const auto place = host::locate_through_links(*m_root, path);
    if (!place) return;
    const auto file = host::read_file(*place, k_config_limit);
    if (!file || !*file) return;
    const auto config = decode::as_kubernetes_reads_it(text::Source(path, (*file)->bytes));
    if (config) take(*config, path);
  }

  void read_directory(const std::string& directory, int depth = 0) {
    const auto place = m_root->locate(directory + "/any");
    if (!place || depth > k_deepest_drop_in) return;
    const auto names = host::list_beside(*place, host::Hidden::included);
    if (!names) return;
    for (const std::string& name : *names) {
      const std::string path = directory + "/" + name;
      if (is_directory(path)) {
        read_directory(path, depth + 1);
      } else if (name.ends_with(".conf")) {
        read_file(path);
      }
    }
  }

 private:
  [[nodiscard]] bool is_directory(const std::string& path) const {
    const auto place = m_root->locate(path);
    return place && host::open_directory(*place);
  }

  void take(const decode::Value& config, const std::string& path) {
    take_path(config.find("staticPodPath"), path, m_kubelet->static_pod_path);
    take_path(config.find("podLogsDir"), path, m_kubelet->pod_log_directory);
    const decode::Value* frequency = config.find("fileCheckFrequency");
    if (frequency != nullptr && frequency->string() != nullptr) {
      take_duration(*frequency->string(), m_kubelet->file_check_frequency);
    }
    take_eviction(config, m_has_thresholds, *m_kubelet);
  }

  const host::Root* m_root;
  Kubelet* m_kubelet;
  bool m_has_thresholds = false;
};

/// The last value of `--name=value` or `--name value`, as pflag reads it; nothing if it is not there.
std::optional<std::string> flag(const std::vector<std::string>& arguments, std::string_view name) {
  std::optional<std::string> value;
  for (std::size_t i = 1; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& argument = arguments[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    if (!argument.starts_with("--") || kube::normalise_flag_name(argument.substr(2, equals - 2)) != name) continue;
    if (equals < argument.size()) {
      value = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
  }
  return value;
}

/// "nodefs.available<10%,memory.available<100Mi"
void take_thresholds(std::string_view list, Kubelet& kubelet) {
  constexpr std::string_view k_signal = "nodefs.available<";
  kubelet.nodefs_available.clear();
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    if (item.starts_with(k_signal)) kubelet.nodefs_available = item.substr(k_signal.size());
    list.remove_prefix(std::min(item.size() + 1, list.size()));
  }
}

void take_flags(const std::vector<std::string>& arguments, Kubelet& kubelet) {
  if (const auto path = flag(arguments, "pod-manifest-path")) {
    kubelet.static_pod_path = path->empty() ? "" : normalised(*path);
  }
  if (const auto path = flag(arguments, "root-dir"); path && !path->empty()) {
    kubelet.root_directory = normalised(*path);
  }
  if (const auto duration = flag(arguments, "file-check-frequency")) {
    take_duration(*duration, kubelet.file_check_frequency);
  }
  if (const auto thresholds = flag(arguments, "eviction-hard")) take_thresholds(*thresholds, kubelet);
}

}  // namespace

Kubelet kubelet_started_with(const host::Root& root, const std::vector<std::string>& arguments) {
  Kubelet kubelet;
  Configuration configuration(root, kubelet);
  const std::string file = arguments.empty() ? k_usual_config : flag(arguments, "config").value_or("");
  if (!file.empty()) configuration.read_file(normalised(file));
  const auto drop_ins = flag(arguments, "config-dir");
  if (drop_ins && !drop_ins->empty()) configuration.read_directory(normalised(*drop_ins));
  take_flags(arguments, kubelet);
  return kubelet;
}

Kubelet find_kubelet(const host::Root& root) {
  if (!root.is_host()) return kubelet_started_with(root, {});
  const std::vector<host::ProcessId> running = host::processes_called("kubelet");
  if (running.empty()) return kubelet_started_with(root, {});
  Kubelet kubelet = kubelet_started_with(root, host::command_line_of(running.front().pid));
  kubelet.process = running.front();
  return kubelet;
}

}  // namespace kaudit::node
