"""A machine of its own for the program: `/` is the node's, as in a real run, because it runs in a chroot.

No kubelet runs there, and no API server answers.
"""

import os
import shutil
import socket
import subprocess

import kaudit_testing as testing
from kaudit_testing import Node, golden_manifest

PROGRAM = "/usr/bin/kaudit"


def shared_libraries(program):
    """What the loader would map for it; nothing for a static one."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return [word for word in said.split() if word.startswith("/")]


def free_port():
    """A port on which nobody answers, whatever else runs here."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class OwnMachine(Node):
    def __init__(self, case):
        self.original = golden_manifest().replace(b"--secure-port=6443", b"--secure-port=%d" % free_port())
        super().__init__(case, self.original)
        for path in [*shared_libraries(testing.program()), testing.program()]:
            target = self.root / (PROGRAM if path == testing.program() else path).lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        self.write("/root/prod-audit.yaml", testing.POLICY_TEXT)
        for name in ("proc", "run", "tmp"):
            (self.root / name).mkdir()

    def call(self, *words):
        """Without /proc: nothing that runs on this machine is seen."""
        done = subprocess.run([PROGRAM, *words], executable=PROGRAM, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False, env={"PATH": "/usr/bin"},
                              preexec_fn=lambda: (os.chroot(self.root), os.chdir("/")))
        return testing.Outcome([PROGRAM, *words], done)

    def start_apart(self, *words):
        """With a /proc, processes and a network of its own; whatever it starts ends with it."""
        apart = ["unshare", "--mount", "--pid", "--net", "--fork", f"--mount-proc={self.root}/proc", "chroot", self.root]
        return subprocess.Popen([*apart, PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"})

    def call_apart(self, *words, timeout=90):
        child = self.start_apart(*words)
        try:
            out, err = child.communicate(timeout=timeout)
        finally:
            child.kill()
        return testing.Outcome(words, subprocess.CompletedProcess(words, child.returncode, out, err))
