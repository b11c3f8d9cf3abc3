#pragma once

#include <string>

namespace samples {

/// A kubeadm manifest, as short as the kubelet would take it; `flags` are whole lines of the command's list.
inline std::string kubeadm(const std::string& flags = "", const std::string& mounts = "",
                           const std::string& volumes = "") {
  return R"(apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: 192.0.2.2:6443
  labels:
    component: kube-apiserver
    tier: control-plane
  name: kube-apiserver
  namespace: kube-system
spec:
  containers:
  - command:
    - kube-apiserver
    - --advertise-address=192.0.2.2
)" + flags +
         R"(    - --secure-port=6443
    image: registry.k8s.io/kube-apiserver:v1.36.1
    name: kube-apiserver
    volumeMounts:
)" + mounts +
         R"(    - mountPath: /etc/ssl/certs
      name: ca-certs
      readOnly: true
    - mountPath: /etc/kubernetes/pki
      name: k8s-certs
      readOnly: true
  hostNetwork: true
  volumes:
)" + volumes +
         R"(  - hostPath:
      path: /etc/ssl/certs
      type: DirectoryOrCreate
    name: ca-certs
  - hostPath:
      path: /etc/kubernetes/pki
      type: DirectoryOrCreate
    name: k8s-certs
)";
}

}  // namespace samples
