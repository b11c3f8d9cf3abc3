"""The three programs that are compared, each as one timed command on a scratch node of its own."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "etc/kubernetes/manifests/kube-apiserver.yaml"
LOG = "/var/log/prod-secrets.log"
POLICY = Path(__file__).resolve().parents[2] / "testdata/demo/prod-audit.yaml"


@dataclass
class Sample:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: int  # KiB
    status: int


class Bench:
    def __init__(self, kaudit, tools, scratch):
        self.kaudit, self.tools, self.scratch = Path(kaudit), Path(tools), Path(scratch)
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        self.node = self.scratch / "node"

    def new_node(self, manifest):
        """A node that no run has touched."""
        shutil.rmtree(self.node, ignore_errors=True)
        for folder in ("etc/kubernetes/manifests", "var/lib", "var/log"):
            (self.node / folder).mkdir(parents=True)
        (self.node / "var/log/syslog").write_text("the log shares its directory, so it is mounted as a file\n")
        (self.node / MANIFEST).write_bytes(manifest)

    def measure(self, command, allowed=(0,)):
        done = subprocess.run([self.tools / "measure", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        words = done.stdout.split()
        if done.returncode != 0 or int(words[3]) not in allowed:
            raise SystemExit(f"bench: {' '.join(map(str, command))}\n{done.stdout.decode()}{done.stderr.decode()}")
        return Sample(int(words[0]) / 1e9, int(words[1]) / 1e6, int(words[2]), int(words[3]))

    def enable(self, *more):
        return [self.kaudit, "enable", "--root", self.node, "--policy", POLICY, "--log", LOG, *more]

    def learn(self, manifest):
        """Lets the program do the job once and keeps what the floor has to write."""
        self.new_node(manifest)
        self.measure(self.enable())
        (self.scratch / "new.yaml").write_bytes((self.node / MANIFEST).read_bytes())
        record, = (self.node / "var/lib/kaudit/runs").glob("*/record.json")
        (self.scratch / "record.json").write_bytes(record.read_bytes())

    def floor(self):
        return [self.tools / "floor", self.node, self.scratch / "new.yaml", POLICY, self.scratch / "record.json"]

    def load_dump(self):
        return [self.tools / "load_dump", self.node / MANIFEST, self.scratch / "dumped.yaml"]

    def on_new_node(self, manifest, command):
        """Made safe on the disk first: what is timed does not pay for that."""
        self.new_node(manifest)
        os.sync()
        return self.measure(command)
