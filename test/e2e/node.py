"""containerd and the kubelet, inside the namespaces, at their usual paths."""

import os
import signal
import subprocess

import binaries
import images
import namespaces

KUBELET_LOG = "/var/log/kubelet.log"  # there is no journal: this is what the kubelet's standard error points to
CONTAINERD_LOG = "/var/log/containerd.log"

# Without CAP_SYS_RESOURCE no process may lower its oom_score_adj; AppArmor's profiles are not loaded in a bare machine.
_CONTAINERD = """version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
"""

# What kubeadm writes, except for what a machine without systemd, without free room to spare and with cgroup version 1 needs.
_KUBELET = """apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
authentication: {{anonymous: {{enabled: true}}, webhook: {{enabled: false}}}}
authorization: {{mode: AlwaysAllow}}
cgroupDriver: cgroupfs
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
enforceNodeAllocatable: []
evictionHard: {{memory.available: 1Mi, nodefs.available: 1Mi, imagefs.available: 1Mi}}
failSwapOn: false
{fail_cgroup_v1}imageGCHighThresholdPercent: 100
readOnlyPort: 0
rotateCertificates: false
staticPodPath: /etc/kubernetes/manifests
volumePluginDir: /var/lib/kubelet/volume-plugins
"""


class Node:
    def __init__(self, inside, version):
        self._inside = inside
        self._version = version
        self._daemons = []

    def start_containerd(self):
        root = self._inside.root
        (root / "etc/containerd").mkdir(exist_ok=True)
        (root / "etc/containerd/config.toml").write_text(_CONTAINERD.format(pause=images.PAUSE))
        self._daemon(["containerd"], CONTAINERD_LOG)
        socket = root / "run/containerd/containerd.sock"
        namespaces.until(socket.exists, 20, "containerd's socket")
        namespaces.until(lambda: self.ctr("version", check=False).returncode == 0, 20, "containerd")

    def begin_import(self):
        """Loads the images meanwhile; the caller waits for the process."""
        tars = [tar for tar, *_ in images.all_of(self._version)]
        script = 'for tar; do ctr -n k8s.io images import "$tar" || exit; done'
        return self._inside.popen(["sh", "-c", script, "import", *tars], stdout=subprocess.DEVNULL)

    def ctr(self, *arguments, check=True):
        return self._inside.run(["ctr", "-n", "k8s.io", *arguments], check=check, capture_output=True, text=True)

    def configure_kubelet(self):
        minor = int(self._version.split(".")[1])
        folder = self._inside.root / "var/lib/kubelet"
        folder.mkdir(exist_ok=True)
        (folder / "config.yaml").write_text(_KUBELET.format(fail_cgroup_v1="failCgroupV1: false\n" if minor >= 31 else ""))

    def start_kubelet(self, with_kubeconfig):
        command = [binaries.kubernetes(self._version) / "kubelet", "--config=/var/lib/kubelet/config.yaml",
                   f"--node-ip={namespaces.ADDRESS}", "--v=2"]
        if with_kubeconfig:
            command.append("--kubeconfig=/etc/kubernetes/kubelet.conf")
        log = self._inside.root / KUBELET_LOG.lstrip("/")
        self._log_start = log.stat().st_size if log.exists() else 0
        self._daemon(command, KUBELET_LOG)
        namespaces.until(self.kubelet_pid, 10, "the kubelet's process")

    def wait_for_sources(self):
        """Until the kubelet has heard of the API server which pods it has for this node. Before that it refuses to end a static
        pod (`skipping delete because sources aren't ready yet`), and a changed manifest would run old and new at once."""
        def heard():
            with open(self._inside.root / KUBELET_LOG.lstrip("/"), "rb") as log:
                log.seek(self._log_start)
                return b'source="api"' in log.read()
        namespaces.until(heard, 60, "the kubelet's first list of pods", every=0.1)

    def stop_kubelet(self):
        pid = self.kubelet_pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
            namespaces.until(lambda: not self.kubelet_pid(), 30, "the kubelet's end")

    def kubelet_pid(self):
        return self._find("kubelet")

    def api_server_pid(self):
        return self._find("kube-apiserver")

    def owns(self, pid):
        return namespaces.program(pid) in {"pause", "containerd", "containerd-shim-runc-v2", "runc", "kubelet"}

    def _find(self, program):
        return next((pid for pid in self._inside.processes() if namespaces.program(pid) == program), None)

    def _daemon(self, argv, log):
        # Opened through the namespaces' own file system, so that /proc/PID/fd/2 names a path that is right in there.
        with open(self._inside.root / log.lstrip("/"), "ab") as out:
            self._daemons.append(self._inside.popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True))

    def reap(self):
        """After the end of everything in there."""
        while self._daemons:
            self._daemons.pop().wait(10)
