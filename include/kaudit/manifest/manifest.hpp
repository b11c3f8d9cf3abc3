#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kaudit/base/result.hpp"
#include "kaudit/decode/value.hpp"
#include "kaudit/kube/audit_flags.hpp"
#include "kaudit/kube/version.hpp"
#include "kaudit/text/diagnostic.hpp"
#include "kaudit/yaml/document.hpp"

namespace kaudit::manifest {

/// One flag on the API server's command line, in one or two elements of a list (`--f=v`, `--f v`).
struct Flag {
  std::string name;  ///< normalised, without dashes
  std::optional<std::string> value;
  yaml::NodeId list = 0;  ///< the sequence it stands in (`command` or `args`)
  std::size_t index = 0;  ///< of its first element there
  std::size_t elements = 1;
  /// The exact text of the first element up to its `=` or end, as written: "--audit_log_path".
  std::string spelling;
};

/// One entry of the container's volumeMounts.
struct Mount {
  std::string volume;
  std::string path;
  std::string sub_path;  ///< subPath or subPathExpr; empty if none
  bool read_only = false;
  std::size_t index = 0;
  yaml::NodeId node = 0;
};

/// One entry of spec.volumes.
struct Volume {
  std::string name;
  std::optional<std::string> host_path;  ///< nothing: not a hostPath volume
  std::string host_path_type;            ///< "" when unset
  std::size_t index = 0;
  yaml::NodeId node = 0;
};

/// A list in the document that may not be there yet.
struct ListPlace {
  yaml::NodeId parent = 0;           ///< the mapping that has, or would get, the key
  std::string key;                   ///< "volumeMounts"
  std::optional<yaml::NodeId> list;  ///< the sequence, or the null standing in its place
  std::string path;                  ///< "spec.containers[0].volumeMounts"
};

/// Where flags are put: the list that holds the server's flags.
struct FlagList {
  yaml::NodeId list = 0;
  std::string path;       ///< "spec.containers[0].command"
  std::size_t begin = 0;  ///< index of the first element that is the server's own argument
  std::size_t end = 0;    ///< index behind the last one that may be a flag (a lone `--` ends them)
};

/// Who writes this manifest besides the person at the keyboard (design section 4).
enum class Owner : std::uint8_t {
  nobody_known,
  kubeadm,
  kops,
  kubespray,
  rke2,
  k3s,
  openshift,
  talos,
  microk8s,
  minikube,
  kind  ///< never found by content: a kind node's manifest is kubeadm's
};

/// What the person accepts (`--ignore`). Only refusals about surroundings can be: "fixed-uid", "api-reference".
struct ReadOptions {
  std::vector<std::string> tolerated;  ///< codes; their findings become warnings
};

/// A document proven to be the kube-apiserver static pod, with everything the patch engine asks about it.
///
/// Node ids refer to the document it was read from, which must outlive it.
class Manifest {
 public:
  /// `value` is the same text as the judge reads it; it must agree with `document` node by node (whatever the two
  /// parsers read differently is refused: code "parsers-disagree").
  ///
  /// Refused, with position: not a Pod (a Deployment, a List, an audit Policy, a kubelet config: named); a pod that
  /// is not the API server's; a shell wrapper; two containers that look like it; templates that were not rendered
  /// where they matter; shapes that are not modelled (anchors on the way, `$(VAR)` in an audit flag); and
  /// everything for which the kubelet would refuse the pod (see pod_problems).
  [[nodiscard]] static Result<Manifest> read(const yaml::Document& document, const decode::Value& value,
                                             const ReadOptions& options = {});

  const yaml::Document* document = nullptr;
  std::string pod_name;
  std::string pod_namespace;   ///< "default" when the manifest names none
  std::string container_path;  ///< "spec.containers[0]"
  std::string container_name;  ///< "" when it has none
  std::size_t container_index = 0;
  yaml::NodeId container = 0;

  std::string image;
  std::optional<kube::Version> version;  ///< from the image's tag

  FlagList flag_list;
  std::vector<Flag> flags;  ///< every flag of the server, in command line order

  ListPlace mounts_place;
  std::vector<Mount> mounts;  ///< of the API server's container
  ListPlace volumes_place;
  std::vector<Volume> volumes;
  /// Mounts of every other container and init container by volume name: such a volume is still in use.
  std::vector<std::string> volumes_used_elsewhere;

  yaml::NodeId metadata = 0;
  std::optional<yaml::NodeId> annotations;  ///< the mapping, or the null in its place
  std::vector<std::pair<std::string, std::string>> annotation_values;

  /// Ids the server runs as: the container's securityContext before the pod's; 0 (root) when unset.
  std::uint32_t run_as_user = 0;
  std::uint32_t run_as_group = 0;
  Owner owner = Owner::nobody_known;
  /// Positioned findings that do not forbid the patch.
  std::vector<text::Diagnostic> warnings;

  /// The last setting of a flag (it is the one that counts); null pointer if it is not set.
  [[nodiscard]] const Flag* flag(std::string_view name) const;
  /// Its value, or "" when it is not set or has none.
  [[nodiscard]] std::string flag_value(std::string_view name) const;
  [[nodiscard]] const Volume* volume(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> annotation(std::string_view key) const;
};

/// Everything for which the kubelet would refuse the pod, in its own words with field paths: values of a wrong type
/// (then nothing else is looked at, as the kubelet does), duplicate volume names and mountPaths, mounts of missing
/// volumes, volume sources, hostPath rules, names, annotations that are not strings, references to API objects (an
/// error where the container's image says 1.34 or newer); and metadata.uid set. `value` is the pod as the judge reads
/// it; offsets refer to the text it was read from. Audit flags: kube::refused_by_apiserver.
/// A warning, not an error: a container without name or image (nothing runs from such a file yet), a volume without a
/// source (the kubelet makes it an empty directory).
/// Source: pkg/apis/core/validation/validation.go v1.32, pkg/apis/core/v1/defaults.go and
/// pkg/kubelet/config/common.go v1.37.
[[nodiscard]] std::vector<text::Diagnostic> pod_problems(const decode::Value& value, std::size_t container_index);

/// Identity under which the kubelet keeps a static pod: "namespace/name"; nothing if the value is no Pod with a name.
/// Two files with one identity fight for it (facts: the last file name in byte order wins, silently).
[[nodiscard]] std::optional<std::string> static_pod_identity(const decode::Value& value);

/// What a pod has of the node: the paths of its hostPath volumes, and those that `--audit-log-path` of a container
/// names, without `.`, `..` and doubled slashes, in the order of the manifest.
[[nodiscard]] std::vector<std::string> node_paths_of(const decode::Value& pod);

}  // namespace kaudit::manifest
