#include "kaudit/decode/decode.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/system_error.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/node/kubelet.hpp"
#include "kaudit/patch/paths.hpp"
#include "session.hpp"

namespace kaudit::cli {
namespace {

constexpr const char* k_default = "/etc/kubernetes/manifests/kube-apiserver.yaml";

bool exists(const host::Root& root, const std::string& node_path) {
  const auto place = root.locate(node_path);
  if (!place) return false;
  const auto file = host::read_file(*place, 0);
  return !file || file->has_value();
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
  const std::string directory = node::find_kubelet(session.root).static_pod_path;
  const std::vector<std::string> found =
      directory.empty() ? std::vector<std::string>{} : api_servers_in(session.root, directory);
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
