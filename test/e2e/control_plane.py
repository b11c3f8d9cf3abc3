"""Certificates, kubeconfigs and static pods, as kubeadm makes them."""

import re

import binaries
import namespaces

MANIFESTS = "/etc/kubernetes/manifests"
MANIFEST = MANIFESTS + "/kube-apiserver.yaml"
SUPER_ADMIN = "/etc/kubernetes/super-admin.conf"  # admin.conf has no rights before a whole `kubeadm init`

# kubernetesVersion is given so that kubeadm does not ask the network for the newest one.
_CONFIG = f"""apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {{advertiseAddress: {namespaces.ADDRESS}, bindPort: 6443}}
nodeRegistration: {{name: {namespaces.HOST_NAME}, criSocket: unix:///run/containerd/containerd.sock}}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v{binaries.DEFAULT_VERSION}
apiServer: {{certSANs: [127.0.0.1, localhost]}}
"""


def make(inside, version, grace):
    """All of it, except that the API server's manifest is returned and not written: its place is the caller's to choose."""
    root = inside.root
    config = "/run/kubeadm.yaml"
    (root / config.lstrip("/")).write_text(_CONFIG)
    kubeadm = binaries.kubernetes(binaries.DEFAULT_VERSION) / "kubeadm"
    for phase in (["certs", "all"], ["kubeconfig", "all"], ["etcd", "local"], ["control-plane", "apiserver"]):
        done = inside.run([kubeadm, "init", "phase", *phase, f"--config={config}"], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"kubeadm init phase {' '.join(phase)}: {done.stdout}{done.stderr}")
    made = root / MANIFEST.lstrip("/")
    text = made.read_text()
    made.unlink()
    return with_grace(of_version(text, version), grace)


def of_version(text, version):
    """The manifest as an older kubeadm wrote it: the newest one refuses to make it."""
    if version == binaries.DEFAULT_VERSION:
        return text
    text = text.replace(f":v{binaries.DEFAULT_VERSION}", f":v{version}")
    if int(version.split(".")[1]) <= 33:
        text = text.replace("port: probe-port", "port: 6443")
        text = re.sub(r"    ports:\n    - containerPort: .*\n      name: probe-port\n      protocol: TCP\n", "", text)
        text = text.replace("  labels:\n", "  creationTimestamp: null\n  labels:\n", 1)
    return text


def with_grace(text, seconds):
    """A shorter way out for the old API server: with open watches it stays for its whole grace period (30 s unless set)."""
    if seconds is None:
        return text
    changed = text.replace("\n  volumes:\n", f"\n  terminationGracePeriodSeconds: {seconds}\n  volumes:\n", 1)
    assert changed != text
    return changed
