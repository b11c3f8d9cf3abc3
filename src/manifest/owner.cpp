#include "kaudit/manifest/owner.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "findings.hpp"

namespace kaudit::manifest {
namespace {

using decode::Value;

/// The marks that owners leave in a pod.
class Marks {
 public:
  explicit Marks(const Value& pod) {
    static const Value k_nothing;
    m_metadata = pod.find("metadata");
    if (m_metadata == nullptr) m_metadata = &k_nothing;
    const Value* spec = pod.find("spec");
    if (spec == nullptr) return;
    for (const Value& volume : items_of(spec->find("volumes"))) {
      if (const Value* source = volume.find("hostPath")) m_paths.push_back(text_at(*source, "path"));
    }
    for (const Value& container : items_of(spec->find("containers"))) m_images.push_back(text_at(container, "image"));
  }

  [[nodiscard]] std::string name_space() const { return text_at(*m_metadata, "namespace"); }
  [[nodiscard]] bool has_annotation(std::string_view start) const {
    return std::ranges::any_of(members_of(m_metadata->find("annotations")),
                               [start](const Value::Member& member) { return member.key.starts_with(start); });
  }
  [[nodiscard]] std::string label(std::string_view key) const {
    const Value* labels = m_metadata->find("labels");
    return labels == nullptr ? std::string() : text_at(*labels, key);
  }
  [[nodiscard]] bool has_path(std::string_view start) const {
    return std::ranges::any_of(m_paths, [start](const std::string& path) { return path.starts_with(start); });
  }
  [[nodiscard]] bool has_image(std::string_view part) const {
    return std::ranges::any_of(m_images,
                               [part](const std::string& image) { return image.find(part) != std::string::npos; });
  }

 private:
  const Value* m_metadata = nullptr;
  std::vector<std::string> m_paths;
  std::vector<std::string> m_images;
};

bool is_kubeadm(const Marks& marks) {
  return marks.has_annotation("kubeadm.kubernetes.io/") ||
         (marks.label("component") == "kube-apiserver" && marks.label("tier") == "control-plane");
}

/// Directories that only one owner uses.
struct Directory {
  std::string_view path;
  Owner owner;
};

constexpr std::array<Directory, 6> k_directories{{
    {"/var/lib/rancher/rke2/", Owner::rke2},
    {"/var/lib/rancher/k3s/", Owner::k3s},
    {"/etc/kubernetes/static-pod-resources/", Owner::openshift},
    {"/var/snap/microk8s/", Owner::microk8s},
    {"/var/lib/minikube/", Owner::minikube},
    {"/system/", Owner::talos},
}};

OwnerAdvice advice(OwnerAdvice::Action action, std::string_view code, std::string_view message, std::string_view hint) {
  return {action, std::string(code), std::string(message), std::string(hint)};
}

}  // namespace

Owner owner_by_content(const Value& pod) {
  const Marks marks(pod);
  if (marks.name_space() == "openshift-kube-apiserver" || marks.has_image("openshift-release-dev") ||
      marks.has_path("/etc/kubernetes/static-pod-resources")) {
    return Owner::openshift;
  }
  if (marks.has_annotation("talos.dev/") || marks.has_path("/system/secrets/kubernetes")) return Owner::talos;
  if (marks.has_image("rancher/hardened-kubernetes") || marks.has_path("/var/lib/rancher/rke2/")) return Owner::rke2;
  if (marks.has_path("/var/lib/rancher/k3s/")) return Owner::k3s;
  if (marks.has_path("/var/snap/microk8s/")) return Owner::microk8s;
  if (marks.has_path("/srv/kubernetes/kube-apiserver") || marks.has_annotation("dns.alpha.kubernetes.io/internal")) {
    return Owner::kops;
  }
  if (marks.has_path("/var/lib/minikube/")) return Owner::minikube;
  if (!is_kubeadm(marks)) return Owner::nobody_known;
  // Kubespray runs kubeadm with a certificate directory of its own (roles/kubespray-defaults, kube_cert_dir).
  return marks.has_path("/etc/kubernetes/ssl") ? Owner::kubespray : Owner::kubeadm;
}

Owner owner_of(const Manifest& manifest, std::string_view manifest_node_path) {
  for (const Directory& directory : k_directories) {
    if (manifest_node_path.starts_with(directory.path)) return directory.owner;
  }
  return manifest.owner;
}

OwnerAdvice advice_for(Owner owner) {
  using Action = OwnerAdvice::Action;
  switch (owner) {
    case Owner::nobody_known:
      return {};
    case Owner::kubeadm:
      return advice(Action::hint, "owner-kubeadm", "kubeadm wrote this manifest and renders it anew at every upgrade",
                    "so that `kubeadm upgrade` keeps the audit settings, put them into ClusterConfiguration "
                    "apiServer.extraArgs and apiServer.extraVolumes (kubectl -n kube-system edit configmap "
                    "kubeadm-config), or into a --patches directory given to every kubeadm upgrade");
    case Owner::kind:
      return advice(Action::hint, "owner-kind", "kind wrote this manifest when it made the node",
                    "a new cluster gets the audit settings from kubeadmConfigPatches (ClusterConfiguration "
                    "apiServer.extraArgs, apiServer.extraVolumes) and extraMounts of the kind configuration");
    case Owner::minikube:
      return advice(Action::hint, "owner-minikube", "minikube writes this manifest anew at every start",
                    "give `minikube start` --extra-config=apiserver.audit-policy-file=… and "
                    "--extra-config=apiserver.audit-log-path=…, with the policy under ~/.minikube/files");
    case Owner::kubespray:
      return advice(Action::warn, "owner-kubespray",
                    "Kubespray set this node up and its next run overwrites the change",
                    "set kubernetes_audit: true in the inventory (audit_policy_file, audit_log_path, "
                    "audit_log_maxage, audit_log_maxbackups, audit_log_maxsize)");
    case Owner::kops:
      return advice(Action::warn, "owner-kops", "kOps writes this manifest and overwrites the change",
                    "set spec.kubeAPIServer.auditPolicyFile and spec.kubeAPIServer.auditLogPath (auditLogMaxAge, "
                    "auditLogMaxBackups, auditLogMaxSize) in the cluster, the policy with spec.fileAssets");
    case Owner::rke2:
      return advice(Action::refuse, "owner-rke2",
                    "RKE2 writes this manifest at every start of rke2-server and would undo the change",
                    "set audit-policy-file: PATH and kube-apiserver-arg: [audit-log-path=PATH, …] in "
                    "/etc/rancher/rke2/config.yaml and restart rke2-server");
    case Owner::k3s:
      return advice(Action::refuse, "owner-k3s", "K3s runs kube-apiserver inside its own process, not from a manifest",
                    "set kube-apiserver-arg: [audit-policy-file=PATH, audit-log-path=PATH, …] in "
                    "/etc/rancher/k3s/config.yaml and restart k3s");
    case Owner::openshift:
      return advice(Action::refuse, "owner-openshift",
                    "OpenShift's kube-apiserver operator writes this manifest and would undo the change",
                    "set spec.audit.profile of the APIServer resource: oc edit apiserver cluster");
    case Owner::talos:
      return advice(Action::refuse, "owner-talos", "Talos renders this manifest from the machine configuration",
                    "set cluster.apiServer.auditPolicy (and cluster.apiServer.extraArgs) with talosctl edit "
                    "machineconfig");
    case Owner::microk8s:
      return advice(Action::refuse, "owner-microk8s",
                    "MicroK8s runs kube-apiserver as a snap service, not from a manifest",
                    "add the --audit- flags to /var/snap/microk8s/current/args/kube-apiserver and restart MicroK8s");
  }
  return {};
}

std::string_view owner_name(Owner owner) {
  switch (owner) {
    case Owner::nobody_known:
      return "";
    case Owner::kubeadm:
      return "kubeadm";
    case Owner::kops:
      return "kOps";
    case Owner::kubespray:
      return "Kubespray";
    case Owner::rke2:
      return "RKE2";
    case Owner::k3s:
      return "K3s";
    case Owner::openshift:
      return "OpenShift";
    case Owner::talos:
      return "Talos";
    case Owner::microk8s:
      return "MicroK8s";
    case Owner::minikube:
      return "minikube";
    case Owner::kind:
      return "kind";
  }
  return "";
}

}  // namespace kaudit::manifest
