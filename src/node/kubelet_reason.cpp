#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "kaudit/node/reason.hpp"
#include "log_statement.hpp"
#include "text_lines.hpp"

namespace kaudit::node {
namespace {

using Code = Reason::Code;
using Lasting = Reason::Lasting;

/// What a name of a pod or a node is made of.
bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

/// Calls `found` with what stands behind `<pod>-` in each full name of a pod that a line holds: `ns/pod-node"`,
/// `"pod-node"`, `pod-node_ns(uid)`. Names of images go on with a colon or an at sign.
template <typename Found>
void for_each_node_name(std::string_view line, const std::string& pod_name, Found found) {
  const std::string prefix = pod_name + "-";
  for (std::size_t at = line.find(prefix); at != std::string_view::npos; at = line.find(prefix, at + 1)) {
    if (at > 0 && (is_name_character(line[at - 1]) || line[at - 1] == '_')) continue;
    std::string_view rest = line.substr(at + prefix.size());
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_character);
    const auto size = static_cast<std::size_t>(end - rest.begin());
    if (size > 0 && (size == rest.size() || has("\"\\_ ", rest.substr(size, 1)))) found(rest.substr(0, size));
  }
}

/// The node's name is not known, and `kube-apiserver-proxy` begins like `kube-apiserver`: a name that ends in another
/// one is no node's.
std::vector<std::string> node_names(const std::vector<Statement>& statements, const std::string& pod_name) {
  std::vector<std::string> all;
  for (const Statement& statement : statements) {
    for_each_node_name(statement.line, pod_name, [&](std::string_view name) { all.emplace_back(name); });
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<std::string> nodes;
  for (const std::string& name : all) {
    const bool is_longer =
        std::any_of(all.begin(), all.end(), [&](const std::string& other) { return name.ends_with("-" + other); });
    if (!is_longer) nodes.push_back(name);
  }
  return nodes;
}

bool names_pod(std::string_view line, const std::string& pod_name, const std::vector<std::string>& nodes) {
  bool is_named = false;
  for_each_node_name(line, pod_name, [&](std::string_view name) {
    is_named = is_named || std::find(nodes.begin(), nodes.end(), name) != nodes.end();
  });
  return is_named;
}

/// Whether the path stands there for itself, not as the beginning or end of a longer one.
bool names_path(std::string_view line, const std::string& path) {
  const auto is_of_a_path = [](char c) {
    return is_name_character(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' || c == '~' || c == '#';
  };
  for (std::size_t at = line.find(path); at != std::string_view::npos; at = line.find(path, at + 1)) {
    const std::size_t end = at + path.size();
    if ((at == 0 || !is_of_a_path(line[at - 1])) && (end == line.size() || !is_of_a_path(line[end]))) return true;
  }
  return false;
}

Reason reason(Code code, std::string text, Lasting lasting = Lasting::no) {
  return {code, shortened(std::move(text)), lasting};
}

/// `MountVolume.SetUp failed for volume "audit" (UniqueName: …) pod "…" (UID: …) : what` -> `volume "audit": what`.
/// Source: pkg/volume/util/operationexecutor/operation_generator.go, pkg/volume/hostpath/host_path.go.
std::optional<Reason> mount_reason(const std::string& words) {
  constexpr std::string_view k_failed = "MountVolume.SetUp failed for ";
  const std::size_t check = words.find("hostPath type check failed: ");
  const std::size_t failed = words.find(k_failed);
  if (failed == std::string::npos) {
    if (check == std::string::npos) return std::nullopt;
    return reason(Code::host_path, words.substr(check));
  }
  const std::size_t volume = failed + k_failed.size();
  const std::size_t volume_end = words.find("\" ", volume);
  const std::size_t detail = words.find(" : ", volume);
  if (volume_end == std::string::npos || detail == std::string::npos) {
    return reason(Code::host_path, words.substr(failed));
  }
  return reason(Code::host_path, words.substr(volume, volume_end + 1 - volume) + ": " + words.substr(detail + 3));
}

struct ContainerSign {
  std::string_view words;
  Code code;
};

/// Source: pkg/kubelet/images/types.go, pkg/kubelet/kuberuntime/kuberuntime_container.go, pkg/kubelet/container/
/// sync_result.go, v1.20 to v1.37.
constexpr std::array<ContainerSign, 14> k_container_signs{{
    {"ErrImageNeverPull", Code::image},
    {"ErrImagePull", Code::image},
    {"ImagePullBackOff", Code::image},
    {"ImageInspectError", Code::image},
    {"InvalidImageName", Code::image},
    {"Failed to pull image", Code::image},
    {"CreateContainerConfigError", Code::runtime},
    {"CreateContainerError", Code::runtime},
    {"RunContainerError", Code::runtime},
    {"CreatePodSandboxError", Code::runtime},
    {"KillPodSandboxError", Code::runtime},
    {"failed to create containerd task", Code::runtime},
    {"Failed to create pod sandbox", Code::runtime},
    {"PreCreateHookError", Code::runtime},
}};

/// `failed to "StartContainer" for "kube-apiserver" with ErrImagePull: "what"` -> `ErrImagePull: what`. The sign that
/// stands first counts: what follows it is its own explanation.
std::optional<Reason> container_reason(const std::string& words) {
  const ContainerSign* first = nullptr;
  std::size_t begin = std::string::npos;
  for (const ContainerSign& sign : k_container_signs) {
    const std::size_t at = words.find(sign.words);
    if (at < begin) {
      begin = at;
      first = &sign;
    }
  }
  if (first == nullptr) return std::nullopt;
  const std::size_t detail = begin + first->words.size() + 2;
  if (detail < words.size() && words[detail] == '"') {
    return reason(first->code, std::string(first->words) + ": " + unquoted(std::string_view(words).substr(detail)));
  }
  return reason(first->code, words.substr(begin));
}

/// A pod that the node does not take although its manifest is one. May go away: the port or the room becomes free.
std::optional<Reason> rejection_reason(const Statement& statement) {
  for (const std::string_view sign : {"Pod was rejected", "Pod admission denied", "Failed to admit pod"}) {
    if (has(statement.message, sign) || has(statement.error, sign)) {
      const std::size_t at = statement.line.find(sign);
      return reason(Code::manifest_refused, statement.line.substr(at == std::string::npos ? 0 : at));
    }
  }
  return std::nullopt;
}

void drop_prefix(std::string& text, const std::string& prefix) {
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
}

constexpr std::array<std::string_view, 6> k_refusals = {
    "can't process config file ",     "couldn't parse as pod(",    "invalid pod: ",
    "static pods may not reference ", "the read limit is reached", "Could not process manifest file"};

/// Source: pkg/kubelet/config/common.go, file.go, file_linux.go, v1.20 to v1.37.
std::optional<Reason> manifest_reason(const Statement& statement, const std::string& path) {
  std::string words = statement.words();
  const bool is_refusal = std::any_of(k_refusals.begin(), k_refusals.end(),
                                      [&](std::string_view sign) { return has(statement.line, sign); });
  if (!is_refusal) return std::nullopt;
  const std::size_t begin = words.find("can't process config file ");
  if (begin != std::string::npos) words.erase(0, begin);
  drop_prefix(words, "can't process config file \"" + path + "\": ");
  drop_prefix(words, path + ": ");
  return reason(Code::manifest_refused, std::move(words), Lasting::yes);
}

/// The runtime as a whole: such a line names no pod.
std::optional<Reason> runtime_reason(const std::string& words) {
  if (has(words, "container runtime is down")) return reason(Code::runtime, words);
  if (!has(words, "rror while dialing")) return std::nullopt;
  for (const std::string_view socket : {"containerd.sock", "crio.sock", "cri-dockerd.sock", "dockershim.sock"}) {
    if (has(words, socket)) return reason(Code::runtime, words);
  }
  return std::nullopt;
}

}  // namespace

Reason reason_in_kubelet_log(const std::vector<std::string>& lines, const std::string& pod_name,
                             const std::string& manifest_path) {
  const std::vector<Statement> statements = statements_of(lines);
  const std::vector<std::string> nodes = node_names(statements, pod_name);
  Reason vague;
  for (auto statement = statements.rbegin(); statement != statements.rend(); ++statement) {
    const std::string& words = statement->words();
    if (names_path(statement->line, manifest_path)) {
      if (auto found = manifest_reason(*statement, manifest_path)) return *std::move(found);
    }
    if (names_pod(statement->line, pod_name, nodes)) {
      if (auto found = mount_reason(words)) return *std::move(found);
      if (auto found = container_reason(words)) return *std::move(found);
      if (auto found = rejection_reason(*statement)) return *std::move(found);
      // Says only that a volume is missing; the line that says why is older.
      if (vague.code == Code::none && has(words, "unmounted volumes=[")) vague = reason(Code::host_path, words);
    }
    if (auto found = runtime_reason(words)) return *std::move(found);
  }
  return vague;
}

}  // namespace kaudit::node
