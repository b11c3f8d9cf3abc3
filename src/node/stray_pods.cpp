#include "kaudit/node/stray_pods.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include "kaudit/decode/decode.hpp"
#include "kaudit/host/directory.hpp"
#include "kaudit/host/file.hpp"
#include "kaudit/kube/pod_rules.hpp"
#include "kaudit/manifest/manifest.hpp"

namespace kaudit::node {
namespace {

/// Where a link beside the manifest leads, as a path of the node.
std::string target_of(const host::Place& link, const std::string& target) {
  const std::string path =
      target.starts_with('/') ? target : link.node_path.substr(0, link.node_path.rfind('/')) + "/" + target;
  return std::filesystem::path(path).lexically_normal().string();
}

/// The bytes of a neighbour as the kubelet would read them: links are followed, what is not a regular file is not read.
std::optional<std::string> neighbour_bytes(const host::Root& root, host::Place place) {
  constexpr int k_most_links = 40;  // as the kernel: path_resolution(7)
  for (int links = 0; links <= k_most_links; ++links) {
    auto file = host::read_file(place, kube::k_manifest_size_limit);
    if (file && *file) return std::move((*file)->bytes);
    if (file || file.error().code != "symlink") return std::nullopt;
    const auto target = host::read_link(place);
    if (!target) return std::nullopt;
    auto next = root.locate(target_of(place, *target));
    if (!next) return std::nullopt;
    place = std::move(next).value();
  }
  return std::nullopt;
}

/// Every other file of the manifests directory that parses: `take` gets its path as shown and what it says.
template <typename Take>
Status visit_neighbours(const host::Root& root, const std::string& manifest_path, const Take& take) {
  KAUDIT_TRY(place, root.locate(manifest_path));
  KAUDIT_TRY(names, host::list_beside(place, host::Hidden::skipped));
  for (const std::string& name : names) {
    if (name == place.leaf) continue;
    KAUDIT_TRY(neighbour, host::sibling(place, name));
    std::string path = neighbour.path;
    const auto bytes = neighbour_bytes(root, std::move(neighbour));
    if (!bytes) continue;
    const auto value = decode::as_kubernetes_reads_it(text::Source(path, *bytes));
    if (value) take(std::move(path), *value);
  }
  return Done{};
}

}  // namespace

Result<std::vector<std::string>> paths_of_other_pods(const host::Root& root, const std::string& manifest_path) {
  std::vector<std::string> paths;
  KAUDIT_TRY_DO(visit_neighbours(root, manifest_path, [&](const std::string&, const decode::Value& pod) {
    for (std::string& path : manifest::node_paths_of(pod)) paths.push_back(std::move(path));
  }));
  return paths;
}

Result<std::vector<std::string>> stray_pods(const host::Root& root, const std::string& manifest_path,
                                            const std::string& pod_namespace, const std::string& pod_name) {
  const std::string identity = pod_namespace + "/" + pod_name;
  std::vector<std::string> strays;
  KAUDIT_TRY_DO(visit_neighbours(root, manifest_path, [&](std::string path, const decode::Value& pod) {
    if (manifest::static_pod_identity(pod) == identity) strays.push_back(std::move(path));
  }));
  return strays;
}

}  // namespace kaudit::node
