#include "kaudit/manifest/owner.hpp"

#include "reading.hpp"

using kaudit::manifest::advice_for;
using kaudit::manifest::Manifest;
using kaudit::manifest::Owner;
using kaudit::manifest::owner_by_content;
using kaudit::manifest::owner_of;
using kaudit::manifest::OwnerAdvice;
using Action = kaudit::manifest::OwnerAdvice::Action;

namespace {

Owner owner(const std::string& metadata, const std::string& host_path = "/etc/ssl/certs",
            const std::string& image = "registry.k8s.io/kube-apiserver:v1.30.0") {
  return owner_by_content(decoded("{metadata: " + metadata + ", spec: {containers: [{image: '" + image +
                                  "'}], volumes: [{hostPath: {path: " + host_path + "}}]}}"));
}

constexpr const char* k_kubeadm = "{labels: {component: kube-apiserver, tier: control-plane}}";

}  // namespace

TEST_CASE("owners are known by annotations, labels, images and paths", "[owner]") {
  CHECK(owner("{}") == Owner::nobody_known);
  CHECK(owner(k_kubeadm) == Owner::kubeadm);
  CHECK(owner("{annotations: {kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: x}}") == Owner::kubeadm);
  CHECK(owner(k_kubeadm, "/etc/kubernetes/ssl") == Owner::kubespray);
  CHECK(owner("{}", "/etc/kubernetes/ssl") == Owner::nobody_known);
  CHECK(owner("{}", "/srv/kubernetes/kube-apiserver") == Owner::kops);
  CHECK(owner(k_kubeadm, "/var/lib/minikube/certs") == Owner::minikube);
  CHECK(owner(k_kubeadm, "/etc/ssl", "index.docker.io/rancher/hardened-kubernetes:v1.30.2-rke2r1-build20240619") ==
        Owner::rke2);
  CHECK(owner(k_kubeadm, "/var/lib/rancher/rke2/server/tls") == Owner::rke2);
  CHECK(owner("{}", "/var/lib/rancher/k3s/server") == Owner::k3s);
  CHECK(owner("{namespace: openshift-kube-apiserver}") == Owner::openshift);
  CHECK(owner("{}", "/system/secrets/kubernetes/kube-apiserver") == Owner::talos);
  CHECK(owner("{}", "/var/snap/microk8s/current/args") == Owner::microk8s);
}

TEST_CASE("a directory that only one owner uses decides", "[owner]") {
  Manifest manifest;
  manifest.owner = Owner::kubeadm;
  CHECK(owner_of(manifest, "/etc/kubernetes/manifests/kube-apiserver.yaml") == Owner::kubeadm);
  CHECK(owner_of(manifest, "/var/lib/rancher/rke2/agent/pod-manifests/kube-apiserver.yaml") == Owner::rke2);
  CHECK(owner_of(manifest, "/var/lib/rancher/k3s/agent/pod-manifests/x.yaml") == Owner::k3s);
}

TEST_CASE("owners that would undo the change are refused with their own way", "[owner]") {
  struct Case {
    Owner owner;
    const char* setting;
  };
  for (const Case& one : {Case{Owner::rke2, "/etc/rancher/rke2/config.yaml"}, Case{Owner::rke2, "audit-policy-file"},
                          Case{Owner::k3s, "kube-apiserver-arg"}, Case{Owner::openshift, "spec.audit.profile"},
                          Case{Owner::talos, "cluster.apiServer.auditPolicy"},
                          Case{Owner::microk8s, "/var/snap/microk8s/current/args/kube-apiserver"}}) {
    const OwnerAdvice advice = advice_for(one.owner);
    CAPTURE(advice.code);
    CHECK(advice.action == Action::refuse);
    CHECK(advice.hint.find(one.setting) != std::string::npos);
  }
}

TEST_CASE("owners that write the manifest anew get a warning or a hint that names their setting", "[owner]") {
  CHECK(advice_for(Owner::kops).action == Action::warn);
  CHECK(advice_for(Owner::kops).hint.find("spec.kubeAPIServer.auditPolicyFile") != std::string::npos);
  CHECK(advice_for(Owner::kubespray).action == Action::warn);
  CHECK(advice_for(Owner::kubespray).hint.find("kubernetes_audit: true") != std::string::npos);
  CHECK(advice_for(Owner::kubeadm).action == Action::hint);
  CHECK(advice_for(Owner::kubeadm).hint.find("apiServer.extraArgs") != std::string::npos);
  CHECK(advice_for(Owner::nobody_known).action == Action::proceed);
  CHECK(advice_for(Owner::nobody_known).message.empty());
}
