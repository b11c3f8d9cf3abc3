#include <algorithm>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/processes.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

constexpr const char* k_default = "/etc/kubernetes/manifests/kube-apiserver.yaml";
/// Where kubeadm and the packages put the kubelet's configuration.
constexpr const char* k_kubelet_config = "/var/lib/kubelet/config.yaml";

bool exists(const host::Root& root, const std::string& node_path) {
  const auto place = root.locate(node_path);
  if (!place) return false;
  const auto file = host::read_file(*place, 0);
  return !file || file->has_value();
}

std::optional<decode::Value> decode_file(const host::Root& root, const std::string& node_path) {
  const auto place = root.locate(node_path);
  if (!place) return std::nullopt;
  const auto file = host::read_file(*place, k_input_limit);
  if (!file || !*file) return std::nullopt;
  auto value = decode::as_kubernetes_reads_it(text::Source(node_path, (*file)->bytes));
  if (!value) return std::nullopt;
  return std::move(value).value();
}

/// Value of `--name=value` or `--name value` on a command line; "" if it is not there.
std::string argument(const std::vector<std::string>& arguments, const std::string& name) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].starts_with(name + "=")) return arguments[i].substr(name.size() + 1);
    if (arguments[i] == name && i + 1 < arguments.size()) return arguments[i + 1];
  }
  return {};
}

/// The kubelet's staticPodPath: from its command line where it runs here, else from its usual configuration file.
std::string static_pod_path(const host::Root& root) {
  std::string config = k_kubelet_config;
  if (root.is_host()) {
    const std::vector<std::string> kubelet = host::command_line_of("kubelet");
    std::string path = argument(kubelet, "--pod-manifest-path");
    if (!path.empty()) return path;
    const std::string given = argument(kubelet, "--config");
    if (!given.empty()) config = given;
  }
  const auto value = decode_file(root, config);
  const decode::Value* path = value ? value->find("staticPodPath") : nullptr;
  return path != nullptr && path->string() != nullptr ? *path->string() : "";
}

bool is_api_server(const host::Root& root, const std::string& node_path) {
  const auto place = root.locate(node_path);
  if (!place) return false;
  const auto file = host::read_file(*place, kube::k_manifest_size_limit);
  if (!file || !*file) return false;
  const text::Source source(node_path, (*file)->bytes);
  const auto document = yaml::Document::parse(source);
  const auto value = decode::as_kubernetes_reads_it(source);
  return document && value && manifest::Manifest::read(*document, *value);
}

std::vector<std::string> api_servers_in(const host::Root& root, const std::string& directory) {
  const auto place = root.locate(directory + "/x");
  if (!place) return {};
  const auto names = host::list_beside(*place, host::Hidden::skipped);
  std::vector<std::string> found;
  if (!names) return found;
  for (const std::string& name : *names) {
    if (is_api_server(root, patch::join_path(directory, name))) found.push_back(patch::join_path(directory, name));
  }
  return found;
}

}  // namespace

Result<std::string> find_manifest(Session& session) {
  if (session.options.manifest) return *session.options.manifest;
  if (exists(session.root, k_default)) return std::string(k_default);
  const std::string directory = static_pod_path(session.root);
  const std::vector<std::string> found = directory.starts_with('/')
                                             ? api_servers_in(session.root, patch::normalise_path(directory))
                                             : std::vector<std::string>{};
  if (found.size() == 1) return found.front();
  Error error =
      host::file_error(ExitStatus::host_refused, "missing", session.root.shown(k_default), "there is no such file",
                       "is this a control-plane node? name the file with --manifest");
  if (found.size() > 1) {
    error.message += ", and the kubelet's " + directory + " holds several API server manifests";
    error.also = found;
  }
  return error;
}

}  // namespace kaudit::cli
