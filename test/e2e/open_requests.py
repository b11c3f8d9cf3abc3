"""Clients of the API server, and what each sees of its end: when it is cut off, and in which words.

    watch   kubectl get -w: a watch, open and idle
    logs    kubectl logs -f: a request that runs for long, through the API server to the kubelet, as exec and port-forward do
    list    a GET of about 25 MB by a client that reads 1 MB a second: an ordinary request that is being answered still
"""

import base64
import http.client
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import binaries
import control_plane
import namespaces

_OBJECTS, _BYTES, _PACE = 28, 900_000, 1_000_000


def make_objects(cluster):
    """What the list is of."""
    path = "/run/large"
    cluster.path(path).write_text("x" * _BYTES)
    for number in range(_OBJECTS):
        cluster.kubectl("create", "configmap", f"large-{number}", f"--from-file=data={path}", check=False)
    listed = cluster.kubectl("get", "configmaps", "--output=name").stdout
    assert listed.count("configmap/large-") == _OBJECTS, listed


class _Kubectl:
    def __init__(self, cluster, *words):
        kubectl = binaries.kubernetes(binaries.DEFAULT_VERSION) / "kubectl"
        self._process = cluster.popen([kubectl, f"--kubeconfig={control_plane.SUPER_ADMIN}", *words], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()
        self.ended = self.saw = None

    def _wait(self):
        _, err = self._process.communicate()
        self.ended = time.monotonic()
        lines = [line for line in err.splitlines() if line.strip()]
        self.saw = f"status {self._process.returncode}" + (f", {lines[-1]}" if lines else ", without a word")

    def stop(self):
        if self.ended is None:
            namespaces.kill(self._process)
            self._thread.join(10)
            self.ended, self.saw = None, "still there at the end"


class _SlowList:
    def __init__(self, cluster):
        self._context = context_of(cluster.path(control_plane.SUPER_ADMIN).read_text())
        self.ended = self.saw = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: cluster.inside.in_network(self._read), daemon=True)
        self._thread.start()

    def _read(self):
        got = 0
        try:
            plain = socket.socket()
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            plain.settimeout(30)
            plain.connect((namespaces.ADDRESS, 6443))
            connection = http.client.HTTPSConnection(namespaces.ADDRESS, 6443)
            connection.sock = self._context.wrap_socket(plain)
            connection.request("GET", "/api/v1/namespaces/default/configmaps")
            answer = connection.getresponse()
            start = time.monotonic()
            while not self._stop.is_set():
                block = answer.read(65536)
                if not block:
                    break
                got += len(block)
                time.sleep(max(0.0, start + got / _PACE - time.monotonic()))
            whole = "the whole list" if got > _OBJECTS * _BYTES else "a list without its end"
            self.saw = f"{whole}, {got / 1e6:.1f} MB"
        except (OSError, http.client.HTTPException) as error:
            self.saw = f"{type(error).__name__} after {got / 1e6:.1f} MB"
        self.ended = time.monotonic()

    def stop(self):
        self._stop.set()
        self._thread.join(10)


def context_of(kubeconfig):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with tempfile.NamedTemporaryFile() as both:
        for key in ("client-certificate-data", "client-key-data"):
            both.write(base64.b64decode(re.search(rf"{key}: (\S+)", kubeconfig).group(1)))
        both.flush()
        context.load_cert_chain(both.name)
    return context


class Clients:
    """All of them, while it is entered; then sightings() has {name: (seconds after `since`, what it saw)}."""

    def __init__(self, cluster):
        self._cluster = cluster

    def __enter__(self):
        self._clients = {"watch": _Kubectl(self._cluster, "get", "configmaps", "-w", "--output=name"),
                         "logs": _Kubectl(self._cluster, "logs", "-f", "-n", "kube-system", f"etcd-{namespaces.HOST_NAME}", "--tail=1"),
                         "list": _SlowList(self._cluster)}
        time.sleep(3)  # all are connected, and the list has begun
        return self

    def __exit__(self, *_):
        for client in self._clients.values():
            client.stop()

    def sightings(self, since):
        return {name: (None if client.ended is None else client.ended - since, client.saw) for name, client in self._clients.items()}
