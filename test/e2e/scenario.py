"""What the scenarios have in common: kaudit on the node of a real control plane, from start to end, and what must hold then.

The program is the one that KAUDIT names; KAUDIT_E2E_VERSION chooses another Kubernetes version. Each scenario says what it saw in
one line (saw()), printed at the end and appended to the file that KAUDIT_E2E_FIGURES names.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
from dataclasses import dataclass

import binaries
import namespaces
from cluster import Cluster, unavailable_reason

VERSION = os.environ.get("KAUDIT_E2E_VERSION", binaries.DEFAULT_VERSION)
PROGRAM = os.path.abspath(os.environ.get("KAUDIT", "build/dev/kaudit"))
DESK = "/run/desk"  # where the person who types has the policies
POLICY, LOG = f"{DESK}/prod-audit.yaml", "/var/log/prod-secrets.log"
INSTALLED = "/etc/kubernetes/prod-audit.yaml"
DROP_IN = "/etc/logrotate.d/kaudit"  # the node has this machine's logrotate, if it has one
DELETED_SECRETS = """apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: Metadata
  verbs: [delete]
  resources:
  - group: ""
    resources: [secrets]
"""
ENABLE = ("enable", f"--policy={POLICY}", f"--log={LOG}")
# Each rename (the records', too) takes two seconds to begin: time to break something after the last comparison.
SLOW_RENAMES = ("strace", "-qq", "-f", "-o", "/dev/null", "-e", "trace=renameat", "-e", "inject=renameat:delay_enter=2000000", PROGRAM)
RUNS = "/var/lib/kaudit/runs"
_figures = []
_clusters = {}


def kill(pid, number=signal.SIGKILL):
    """A process, by its id out here; it may have ended by itself."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def cluster_of(**options):
    """Brought up once a file: a scenario begins with its reset()."""
    key = tuple(sorted(options.items()))
    if key not in _clusters:
        _clusters[key] = Cluster(VERSION, **options).up()
    return _clusters[key]


@dataclass
class Ended:
    status: int
    out: str
    err: str
    seconds: float

    @property
    def reason(self):
        """The error's own line."""
        lines = [line for line in self.err.splitlines() if line.startswith("error:")]
        return lines[-1] if lines else ""


class Started:
    """A kaudit at work."""

    def __init__(self, process):
        self.process, self._start = process, time.monotonic()

    def pid(self):
        return namespaces.until(lambda: namespaces.inner(self.process), 10, "kaudit's process")

    def end(self, timeout=400):
        try:
            out, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            namespaces.kill(self.process)
            raise
        return Ended(self.process.returncode, out, err, time.monotonic() - self._start)


class Scenario(unittest.TestCase):
    cluster_options = {"grace": 1}

    def setUp(self):
        self.cluster = cluster_of(**self.cluster_options)
        self.cluster.reset()
        self.cluster.path(DESK).mkdir(exist_ok=True)
        self.cluster.path(POLICY).write_text(DELETED_SECRETS)
        self.before = self.cluster.manifest.read_bytes()
        self.manifests = self.listed()
        self.old_pid = self.cluster.api_server_pid()
        print(f"\n--- {self.id()}", flush=True)

    def saw(self, text):
        _figures.append((self.id().split(".", 1)[1], text))
        print(f"    {text}", flush=True)

    # What is done

    def begin(self, *words, program=(PROGRAM,)):
        argv = [*program, *words]
        return Started(self.cluster.popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))

    def kaudit(self, *words, status=0):
        ended = self.begin(*words).end()
        self.assert_status(ended, status)
        return ended

    def write(self, path, text):
        self.cluster.path(path).write_text(text)

    def read(self, path):
        return self.cluster.path(path).read_text()

    def await_write(self):
        """Until the manifest is another one."""
        namespaces.until(lambda: self.cluster.manifest.read_bytes() != self.before, 60, "the rename")

    def await_word(self, *words, runs=1, timeout=150):
        """Until the journal of the newest of so many runs has one of these words; its line."""
        def found():
            lines = self.journal() if len(self.runs()) >= runs else []
            return next((line for line in lines if line.split(" ")[1] in words), None)
        return namespaces.until(found, timeout, f"{' or '.join(words)} in the journal", every=0.003)

    def runs(self):
        folder = self.cluster.path(RUNS)
        return sorted(folder.iterdir()) if folder.exists() else []

    def journal(self):
        """Whole lines of the newest run's."""
        runs = self.runs()
        path = runs[-1] / "journal" if runs else None
        text = path.read_text() if path and path.exists() else ""
        return text[:text.rfind("\n") + 1].splitlines()

    def state(self):
        """The newest run's, as its record has it."""
        return re.search(r'"state": "(\w+)"', (self.runs()[-1] / "record.json").read_text()).group(1)

    def seconds(self):
        """From the rename to the newest run's end."""
        return float(re.search(r'"seconds": ([\d.]+)', (self.runs()[-1] / "record.json").read_text()).group(1))

    def processes(self, word):
        """Process ids, as out here, of the kaudits whose first argument is this verb."""
        found = []
        for pid in self.cluster.inside.processes():
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if words[0].rsplit(b"/", 1)[-1] == b"kaudit" and words[1:2] == [word.encode()]:
                found.append(pid)
        return found

    def guardian(self):
        return namespaces.until(lambda: self.processes("guard"), 20, "the guardian", every=0.003)[0]

    def prove_trail(self, log=LOG, name="somesecret"):
        """The demo's end: what a deleted secret leaves in the log."""
        self.cluster.kubectl("create", "secret", "generic", name, "--from-literal=abc=123")
        self.cluster.kubectl("delete", "secret", name)
        namespaces.until(lambda: f'"{name}"' in self.read(log), 10, f"{name} in {log}")
        return [line for line in self.read(log).splitlines() if f'"{name}"' in line]

    # What must hold

    def listed(self):
        return sorted(path.name for path in self.cluster.manifest.parent.iterdir())

    def assert_status(self, ended, status):
        self.assertEqual(ended.status, status, f"\n{ended.out[-1500:]}\n{ended.err}\n" + "\n".join(self.journal()))

    def assert_healthy(self):
        self.assertEqual(self.cluster.status(), 200)
        self.assertEqual(self.listed(), self.manifests)

    def flags(self):
        """The audit flags of the process that serves."""
        pid = self.cluster.api_server_pid()
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return [word.decode() for word in file.read().split(b"\0") if word.startswith(b"--audit")]

    def assert_old(self):
        """As it was before auditing: manifest byte for byte, nothing made by us left, the API server of before serves."""
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertFalse(self.cluster.path(INSTALLED).exists())
        self.assertFalse(self.cluster.path(LOG).exists())
        self.assertFalse(self.cluster.path(DROP_IN).exists())
        self.assert_healthy()
        self.assertEqual(self.flags(), [])

    def assert_new(self, log=LOG):
        self.assertNotEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertTrue(self.cluster.path(INSTALLED).exists())
        self.assert_healthy()
        self.assertIn(f"--audit-log-path={log}", self.flags())

    def assert_old_or_new(self):
        """Which of them."""
        is_old = self.cluster.manifest.read_bytes() == self.before
        if is_old:
            self.assert_old()
        else:
            self.assert_new()
        return "old" if is_old else "new"


class _Result(unittest.TextTestResult):
    """Says at once what went wrong: a file takes minutes."""

    def addFailure(self, test, err):
        super().addFailure(test, err)
        print(self.failures[-1][1], flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        print(self.errors[-1][1], flush=True)


def main(*needed):
    """needed: programs of this machine that the file's scenarios use."""
    reason = unavailable_reason(VERSION) or next((f"no {tool}" for tool in needed if not shutil.which(tool)), None)
    if not reason and not os.access(PROGRAM, os.X_OK):
        reason = f"no program {PROGRAM}"
    if not reason and binaries.missing(VERSION):
        reason = f"{binaries.missing(VERSION)[0].name} is not built: test/e2e/build {VERSION}"
    if reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    try:
        runner = unittest.TextTestRunner(verbosity=2, resultclass=_Result, warnings="ignore")
        result = unittest.main(module="__main__", testRunner=runner, exit=False).result
    finally:
        for cluster in _clusters.values():
            cluster.down()
    lines = [f"{name} | {text}" for name, text in _figures]
    print(*lines, sep="\n")
    if os.environ.get("KAUDIT_E2E_FIGURES"):
        with open(os.environ["KAUDIT_E2E_FIGURES"], "a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    sys.exit(0 if result.wasSuccessful() else 1)
