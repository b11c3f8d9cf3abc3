#include "kind.hpp"

#include <array>
#include <string_view>

#include "findings.hpp"
#include "kaudit/kube/pod_rules.hpp"

namespace kaudit::manifest {
namespace {

/// What people hand in instead of the manifest, and what they should do.
struct OtherKind {
  std::string_view kind;
  std::string_view group;  ///< start of apiVersion; empty: any
  std::string_view what;
  std::string_view hint;
};

constexpr std::string_view k_controller_hint =
    "the kubelet runs only Pods from its manifests directory; an API server that runs as a workload of another cluster "
    "is configured through the operator that made it";
constexpr std::string_view k_kubeadm_hint =
    "this is what kubeadm renders the manifest from; give the manifest itself, "
    "/etc/kubernetes/manifests/kube-apiserver.yaml";
constexpr std::string_view k_one_pod_hint = "put the kube-apiserver Pod into a file of its own";

constexpr std::array<OtherKind, 17> k_others{{
    {"Policy", "audit.k8s.io/", "an audit policy",
     "give it with --policy, keep it outside the manifests directory, and give the manifest with --manifest"},
    {"KubeletConfiguration", "", "the kubelet's configuration",
     "its staticPodPath names the directory with the manifest; give kube-apiserver's manifest in there"},
    {"ClusterConfiguration", "", "a kubeadm configuration", k_kubeadm_hint},
    {"InitConfiguration", "", "a kubeadm configuration", k_kubeadm_hint},
    {"JoinConfiguration", "", "a kubeadm configuration", k_kubeadm_hint},
    {"Config", "", "a kubeconfig", "give a webhook's kubeconfig with --webhook-config, the manifest with --manifest"},
    {"List", "", "a List", k_one_pod_hint},
    {"PodList", "", "a PodList", k_one_pod_hint},
    {"PodTemplate", "", "a PodTemplate", k_one_pod_hint},
    {"Deployment", "", "a Deployment", k_controller_hint},
    {"DaemonSet", "", "a DaemonSet", k_controller_hint},
    {"StatefulSet", "", "a StatefulSet", k_controller_hint},
    {"ReplicaSet", "", "a ReplicaSet", k_controller_hint},
    {"ReplicationController", "", "a ReplicationController", k_controller_hint},
    {"Job", "", "a Job", k_controller_hint},
    {"CronJob", "", "a CronJob", k_controller_hint},
    {"APIServer", "config.openshift.io/", "OpenShift's APIServer resource",
     "set spec.audit.profile in it and apply it with oc; kaudit is for static pod manifests"},
}};

constexpr std::string_view k_hint = "give the manifest of the kube-apiserver static pod (apiVersion: v1, kind: Pod)";

text::Diagnostic finding(std::string code, std::string field, std::size_t offset, std::string message,
                         std::string_view hint) {
  return {text::Severity::error, std::move(code), std::move(field), std::move(message), std::string(hint), offset};
}

std::optional<text::Diagnostic> missing(const decode::Value& value, std::string_view key, std::string_view go_name) {
  if (!text_at(value, key).empty()) return std::nullopt;
  const decode::Value* found = value.find(key);
  const std::size_t offset = found == nullptr ? value.offset() : found->offset();
  if (found != nullptr && !found->is_null() && found->string() == nullptr) {
    return finding("not-a-pod", std::string(key), offset, std::string(key) + " is no text", k_hint);
  }
  return finding("not-a-pod", "", offset, "Object '" + std::string(go_name) + "' is missing", k_hint);
}

}  // namespace

std::optional<text::Diagnostic> not_a_pod(const decode::Value& value) {
  if (value.is_null()) {
    return finding("not-a-pod", "", value.offset(), "the file holds no object: Object 'Kind' is missing in 'null'",
                   k_hint);
  }
  if (value.object() == nullptr) {
    return finding("not-a-pod", "", value.offset(),
                   "the file holds " + std::string(value.type_name()) + ", not an object", k_hint);
  }
  if (auto problem = missing(value, "kind", "Kind")) return problem;
  const std::string kind = text_at(value, "kind");
  const std::string version = text_at(value, "apiVersion");
  const std::size_t offset = value.find("kind")->offset();
  for (const OtherKind& other : k_others) {
    if (kind != other.kind || !version.starts_with(other.group)) continue;
    return finding("not-a-pod", "kind", offset,
                   "this is " + std::string(other.what) + ", not the kube-apiserver static pod", other.hint);
  }
  if (kind != "Pod") {
    return finding("not-a-pod", "kind", offset, "this is of kind " + kube::go_quote(kind) + ", not a Pod", k_hint);
  }
  if (auto problem = missing(value, "apiVersion", "apiVersion")) return problem;
  if (version != "v1") {
    return finding("not-a-pod", "apiVersion", value.find("apiVersion")->offset(),
                   "no kind \"Pod\" is registered for version " + kube::go_quote(version), "write apiVersion: v1");
  }
  return std::nullopt;
}

}  // namespace kaudit::manifest
