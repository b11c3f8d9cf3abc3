#!/usr/bin/env python3
"""cluster.py up|down|status [NAME] : a real control plane (containerd, kubelet, etcd, kube-apiserver) of one node.

    with Cluster(grace=1) as cluster:
        cluster.run(["kaudit", "enable", ...])
        cluster.kubectl("create", "secret", ...)

It lives in namespaces of its own (namespaces.py) with the usual paths, so nothing of this machine's /etc/kubernetes, /var/lib or
/var/log is seen or touched, and several can be up at once. `cluster.root` is its file system as a path out here.
"""

import argparse
import itertools
import os
import shutil
import signal
import sys
import time

import api
import binaries
import control_plane
import namespaces
import pristine
from node import CONTAINERD_LOG, KUBELET_LOG, Node


_count = itertools.count(1)


def unavailable_reason(version=binaries.DEFAULT_VERSION):
    """Why there can be no control plane here, or None."""
    reason = namespaces.unavailable_reason()
    if reason:
        return reason
    for tool in ("containerd", "ctr", "containerd-shim-runc-v2", "runc"):
        if not shutil.which(tool):
            return f"no {tool} (packages containerd and runc)"
    missing = binaries.missing(version)
    if missing and not binaries.go():
        return f"no Go to build {missing[0].name} with, and it is not in the cache"
    if binaries.pause() in missing and not shutil.which(os.environ.get("CC", "cc")):
        return "no C compiler to build pause with, and it is not in the cache"
    return None


class Cluster:
    def __init__(self, version=binaries.DEFAULT_VERSION, kubelet_kubeconfig=True, grace=None, name=None, tied=True):
        """kubelet_kubeconfig: the kubelet watches the API server, as on every real node (a restart then takes 42 to 46 s); without,
        it is standalone. grace: terminationGracePeriodSeconds of the API server, for scenarios that do not measure the outage.
        tied: the control plane ends with the thread that brings it up."""
        self.version, self.grace, self.kubelet_kubeconfig, self.tied = version, grace, kubelet_kubeconfig, tied
        self.inside = namespaces.Namespaces(name or f"{os.getpid()}-{next(_count)}")
        self.node = Node(self.inside, version)
        self.timings = {}
        self._settled = None  # the API server's process after up() or reset()

    def __enter__(self):
        self.up()
        return self

    def __exit__(self, *_):
        self.down()

    def up(self):
        missing = binaries.missing(self.version)
        if missing:
            raise RuntimeError(f"{missing[0]} is missing: run test/e2e/build {self.version}")
        try:
            self._step("namespaces", lambda: self.inside.up(self.tied))
            self._step("containerd", self.node.start_containerd)
            imports = self.node.begin_import()
            manifest = self._step("kubeadm", lambda: control_plane.make(self.inside, self.version, self.grace))
            if self._step("images", imports.wait):
                raise RuntimeError("ctr images import failed")
            self.node.configure_kubelet()
            self.manifest.write_text(manifest)
            self.manifest.chmod(0o600)
            pristine.keep(self.root)
            self._step("kubelet", lambda: self.node.start_kubelet(self.kubelet_kubeconfig))
            self._step("livez", lambda: self.wait_ready(path="/livez"))
            self._step("readyz", self.wait_ready)
            self._step("settled", self._settle)
        except BaseException:
            self._last_words()
            self.down()
            raise
        return self

    def down(self):
        self.inside.down()
        self.node.reap()

    @property
    def root(self):
        return self.inside.root

    def path(self, inside):
        """A path of the node, as one out here."""
        return self.root / str(inside).lstrip("/")

    @property
    def manifest(self):
        return self.path(control_plane.MANIFEST)

    @property
    def pristine(self):
        """The manifest as kubeadm made it."""
        return (self.root / pristine.KEPT / control_plane.MANIFEST.removeprefix("/etc/")).read_text()

    @property
    def kubelet_log(self):
        return self.path(KUBELET_LOG)

    def run(self, argv, **options):
        """subprocess.run of a program on the node."""
        return self.inside.run(argv, **options)

    def popen(self, argv, **options):
        """subprocess.Popen of a program on the node; namespaces.inner() and kill() reach the program itself."""
        return self.inside.popen(argv, **options)

    def kubectl(self, *arguments, check=True, **options):
        options = {"capture_output": True, "text": True, **options}
        kubectl = binaries.kubernetes(binaries.DEFAULT_VERSION) / "kubectl"
        return self.run([kubectl, f"--kubeconfig={control_plane.SUPER_ADMIN}", *arguments], check=check, **options)

    def api_server_pid(self, inside=False):
        """The process of kube-apiserver, or None; its id out here, or the one that a program on the node sees."""
        pid = self.node.api_server_pid()
        return namespaces.inside_ids(pid)[1] if pid and inside else pid

    def status(self, path="/readyz"):
        return self.inside.in_network(lambda: api.status(path))

    def record(self, path="/readyz"):
        return api.Record(self.inside, path)

    def wait_ready(self, timeout=180, path="/readyz", not_pid=None):
        """Until the path answers 200, from another process than not_pid if given."""
        def ready():
            return self.api_server_pid() not in (None, not_pid) and api.status(path) == 200
        self.inside.in_network(lambda: namespaces.until(ready, timeout, path, every=0.05))

    def replace_manifest(self, text):
        """As a careful hand would: one rename of a complete dot-file."""
        temporary = self.manifest.with_name(".kube-apiserver.yaml.e2e")
        temporary.write_text(text)
        temporary.chmod(0o600)
        temporary.rename(self.manifest)

    def reset(self):
        """Back to the API server and the files as they came up, in seconds: the kubelet would first let the old one linger, then
        wait for its own next try. What the API server has stored stays."""
        self.kill_strays()
        old = self.api_server_pid()
        if old and old == self._settled and self.manifest.read_text() == self.pristine and self.status() == 200:
            pristine.restore(self.root)
            return
        self.kubelet_stop()
        if old:
            os.kill(old, signal.SIGKILL)
            namespaces.until(lambda: not self.api_server_pid(), 10, "the old API server's end")
        pristine.restore(self.root)
        self.kubelet_start()
        self.wait_ready(not_pid=old)
        self._settle()

    def kill_strays(self):
        """Ends what scenarios started and left, such as a guardian: everything that is not in a container and not the node's own."""
        for pid in self.inside.processes():
            if len(namespaces.inside_ids(pid)) == 2 and not self.node.owns(pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def kubelet_stop(self):
        self.node.stop_kubelet()

    def kubelet_start(self):
        self._settled = None  # it has yet to find out what runs
        self.node.start_kubelet(self.kubelet_kubeconfig)

    def _settle(self):
        """What comes a moment after the API server says that it is ready, and scenarios need."""
        if self.kubelet_kubeconfig:
            self.node.wait_for_sources()
        default = ("get", "namespace", "default")
        namespaces.until(lambda: self.kubectl(*default, check=False).returncode == 0, 60, "the namespace default")
        self._settled = self.api_server_pid()

    def _step(self, name, function):
        start = time.monotonic()
        result = function()
        self.timings[name] = round(time.monotonic() - start, 2)
        return result

    def _last_words(self):
        for log in (CONTAINERD_LOG, KUBELET_LOG):
            try:
                lines = self.path(log).read_text(errors="replace").splitlines()
                print(f"--- {log}", *lines[-15:], sep="\n", file=sys.stderr)
            except OSError:
                pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verb", choices=["up", "down", "status"])
    parser.add_argument("name", nargs="?", default="hand")
    parser.add_argument("--version", default=binaries.DEFAULT_VERSION)
    parser.add_argument("--grace", type=int)
    parser.add_argument("--standalone", action="store_true", help="a kubelet without a kubeconfig")
    options = parser.parse_args()
    cluster = Cluster(options.version, not options.standalone, options.grace, options.name, tied=False)
    reason = unavailable_reason(options.version)
    if reason:
        sys.exit(f"no control plane: {reason}")
    if options.verb == "up":
        cluster.up()
        print(cluster.timings)
    if options.verb == "down":
        cluster.down()
        namespaces.remove_stale_cgroups()
    elif cluster.inside.init:
        print(f"up: /readyz {cluster.status()}, its files below {cluster.root}; a command in there:")
        print("  " + " ".join(cluster.inside.entering([f"KUBECONFIG={control_plane.SUPER_ADMIN}", "bash"])))
    else:
        sys.exit("down")


if __name__ == "__main__":
    main()
