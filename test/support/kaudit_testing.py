"""What the tests that drive the real program share: a scratch node, one run of the program, a picture of a file tree.

A test script is called with the program's path as its first argument: `x_test.py BUILD/kaudit [unittest options]`.
It ends with 77 (ctest: skipped) when every one of its tests was skipped, and with 1 where KAUDIT_NO_SKIP is set.
"""

import atexit
import functools
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
GOLDEN = SOURCE / "testdata" / "golden"
SHARED = Path(os.environ.get("KAUDIT_SHARED", SOURCE.parent / "shared"))
SKIP_STATUS = 77

MANIFEST = "etc/kubernetes/manifests/kube-apiserver.yaml"
POLICY = "etc/kubernetes/prod-audit.yaml"
LOG = "/var/log/prod-secrets.log"
POLICY_TEXT = """apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: Metadata
  verbs: [delete]
  resources:
  - group: ""
    resources: [secrets]
"""

_program = None


class Outcome:
    """What one run of the program left behind."""

    def __init__(self, command, completed):
        self.command = command
        self.status = completed.returncode
        self.stdout_bytes = completed.stdout
        self.stderr_bytes = completed.stderr
        self.stdout = completed.stdout.decode("utf-8", "replace")
        self.stderr = completed.stderr.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.stdout_bytes)

    def __str__(self):
        words = " ".join(str(word) for word in self.command)
        return f"\n$ {words}\nstatus {self.status}\n--- stdout\n{self.stdout}--- stderr\n{self.stderr}"


def program():
    return _program


def use_program(path):
    """For scripts that do not end in main()."""
    global _program
    if not os.access(path, os.X_OK):
        sys.exit(f"no program at {path}")
    _program = os.path.abspath(path)


@functools.cache
def program_for_everybody():
    """The program, or a copy of it, at a place that a user without privilege can reach: a clone may be under /root."""
    folders = [os.path.dirname(_program)]
    while folders[-1] != "/":
        folders.append(os.path.dirname(folders[-1]))
    if all(os.stat(folder).st_mode & stat.S_IXOTH for folder in folders):
        return _program
    folder = tempfile.mkdtemp(prefix="kaudit-program-")
    atexit.register(shutil.rmtree, folder)
    os.chmod(folder, 0o755)
    return shutil.copy(_program, os.path.join(folder, "kaudit"))


def run(*arguments, called=None, timeout=20, env=None, unprivileged=False, cwd=None, stdin=subprocess.DEVNULL):
    """Runs the program; `called` is the name it goes by. A run that hangs or dies of a signal is a failure."""
    own = program_for_everybody() if unprivileged else _program
    command = [own if called is None else called, *map(str, arguments)]
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", **(env or {})}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            environment.setdefault(name, os.environ[name])
    identity = {"user": 65534, "group": 65534, "extra_groups": []} if unprivileged else {}
    try:
        completed = subprocess.run(command, stdin=stdin, capture_output=True, timeout=timeout, env=environment,
                                   cwd=cwd, check=False, **identity)
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"still running after {timeout} s: {command}") from late
    outcome = Outcome(command, completed)
    if outcome.status < 0 or outcome.status in (134, 139) or "Sanitizer" in outcome.stderr:
        raise AssertionError(f"crashed: {outcome}")
    return outcome


class Node:
    """A scratch tree that stands for a control-plane node, and beside it the files of the person at the keyboard."""

    def __init__(self, case, manifest=None, policy=POLICY_TEXT, skeleton=None):
        self.base = Path(tempfile.mkdtemp(prefix="kaudit-test-", dir=os.environ.get("KAUDIT_TEST_TMP")))
        case.addCleanup(remove_tree, self.base)
        self.base.chmod(0o755)
        self.root = self.base / "node"
        if skeleton is not None:
            shutil.copytree(skeleton, self.root, symlinks=True)
        self.manifests = self.root / "etc/kubernetes/manifests"
        self.manifests.mkdir(parents=True, exist_ok=True)
        (self.root / "var/log").mkdir(parents=True, exist_ok=True)
        if skeleton is None:
            (self.root / "var/log/syslog").write_text("a log of somebody else\n")
        self.manifest = self.root / MANIFEST
        if manifest is not None:
            self.manifest.write_bytes(manifest.encode() if isinstance(manifest, str) else manifest)
            self.manifest.chmod(0o600)
        self.installed_policy = self.root / POLICY
        self.state = self.root / "var/lib/kaudit"
        self.policy = self.base / "prod-audit.yaml"
        if policy is not None:
            self.policy.write_bytes(policy.encode() if isinstance(policy, str) else policy)

    def enable(self, *extra, policy=True, log=LOG, **how):
        words = ["enable", "--root", self.root]
        if policy:
            words += ["--policy", self.policy if policy is True else policy]
        if log is not None:
            words += ["--log", log]
        return run(*words, *extra, **how)

    def write(self, path, content, mode=None):
        """A file of the node, with its directories."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        if mode is not None:
            target.chmod(mode)
        return target


def remove_tree(path):
    """Removes a scratch tree although a failed test may have left immutable files in it."""
    if os.environ.get("KAUDIT_KEEP"):
        return
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        subprocess.run(["chattr", "-R", "-i", str(path)], capture_output=True, check=False)
        shutil.rmtree(path, ignore_errors=True)


def snapshot(directory):
    """Everything about a tree that a program could change: kind, mode, owner, inode, links, mtime, content."""
    picture = {}
    pending = [Path(directory)]
    while pending:
        path = pending.pop()
        about = path.lstat()
        content = None
        if stat.S_ISLNK(about.st_mode):
            content = os.readlink(path)
        elif stat.S_ISREG(about.st_mode):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        elif stat.S_ISDIR(about.st_mode):
            pending += path.iterdir()
        name = str(path.relative_to(directory))
        picture[name] = (oct(about.st_mode), about.st_uid, about.st_gid, about.st_ino, about.st_nlink,
                         about.st_mtime_ns, content)
    return picture


def differences(before, after):
    """Two snapshots, in words."""
    lines = [f"gone: {name}" for name in sorted(before.keys() - after.keys())]
    lines += [f"new: {name} {after[name]}" for name in sorted(after.keys() - before.keys())]
    lines += [f"changed: {name}: {before[name]} -> {after[name]}"
              for name in sorted(before.keys() & after.keys()) if before[name] != after[name]]
    return lines


def sha256(content):
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


class TestCase(unittest.TestCase):
    """unittest's, with the questions these tests ask again and again."""

    maxDiff = None

    def expect(self, outcome, status, *, stderr=(), stdout=()):
        self.assertEqual(outcome.status, status, str(outcome))
        for part in stderr:
            self.assertIn(part, outcome.stderr, str(outcome))
        for part in stdout:
            self.assertIn(part, outcome.stdout, str(outcome))

    def expect_untouched(self, node, action, status, *, stderr=(), silent_stdout=True):
        """`action` ends with `status` and changes nothing at all below the node's base directory."""
        before = snapshot(node.base)
        outcome = action()
        self.expect(outcome, status, stderr=stderr)
        self.assertEqual([], differences(before, snapshot(node.base)), str(outcome))
        self.assertNotEqual("", outcome.stderr, "a refusal says why")
        if silent_stdout:
            self.assertEqual("", outcome.stdout, str(outcome))
        return outcome


def needs_root():
    return unittest.skipIf(os.geteuid() != 0, "needs root")


def needs_proc():
    """For what is about processes: a bare chroot has no /proc."""
    return unittest.skipUnless(os.path.exists("/proc/self/stat"), "/proc is not mounted here")


def golden_manifest(case="kubeadm-1.30"):
    return (GOLDEN / case / "in" / MANIFEST).read_bytes()


def skip_all(reason):
    """Ends the whole script as skipped."""
    print(f"skipped: {reason}")
    sys.exit(1 if os.environ.get("KAUDIT_NO_SKIP") else SKIP_STATUS)


def main():
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PATH-OF-KAUDIT [unittest options]")
    use_program(sys.argv.pop(1))
    result = unittest.main(exit=False, verbosity=2).result
    if not result.wasSuccessful():
        sys.exit(1)
    for case, reason in result.skipped:
        print(f"skipped: {case}: {reason}")
    if result.testsRun and len(result.skipped) == result.testsRun:
        skip_all("every test of this script")
    sys.exit(1 if result.skipped and os.environ.get("KAUDIT_NO_SKIP") else 0)
