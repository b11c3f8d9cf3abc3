"""Every file-system call of a real run fails once, and every one is the last before a kill: there is never a third state.

Each fault hits the real program (strace injects it); nothing in the program knows of this test. Several nodes are worked
on at once, since each run mostly waits.
"""

import concurrent.futures
import os
import shutil
import tempfile
import unittest
from pathlib import Path

import tracing
from tracing import testing

DEMO = testing.SOURCE / "testdata/demo/node"
POLICY_CHANGED = testing.POLICY_TEXT.replace("[delete]", "[delete, update]")


def scratch():
    """Where the nodes lie: in memory if there is such a place, for what is failed here is the call, not the disk."""
    wished = os.environ.get("KAUDIT_TEST_TMP")
    return wished or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)


class Scene:
    """A node before the run, and what it looks like when the run has done its work."""

    def __init__(self, name, prepare):
        self.name = name
        self.prepare = prepare  # called with the fresh base directory

    def make(self):
        base = Path(tempfile.mkdtemp(prefix="kaudit-test-", dir=scratch()))
        shutil.copytree(DEMO, base / "node")
        (base / "prod-audit.yaml").write_text(testing.POLICY_TEXT)
        self.prepare(base)
        return base


def words(base):
    return ["enable", "--root", base / "node", "--policy", base / "prod-audit.yaml", "--log", testing.LOG]


def plain(_base):
    pass


def policy_changed(base):
    testing.run(*words(base), "-q")
    (base / "prod-audit.yaml").write_text(POLICY_CHANGED)


SCENES = [Scene("first run", plain), Scene("policy changed", policy_changed)]


def content(path):
    return path.read_bytes() if path.exists() else None


def state_of(base):
    node = base / "node"
    return (content(node / testing.MANIFEST), content(node / testing.POLICY))


def temporaries(base):
    """Dot-files that a run left, outside the state directory and inside."""
    return sorted(str(path.relative_to(base)) for path in base.rglob(".kaudit-*"))


def strangers(base):
    """Names in the manifests directory that the kubelet would take for a pod."""
    return sorted(name for name in os.listdir(base / "node/etc/kubernetes/manifests")
                  if not name.startswith(".") and name != "kube-apiserver.yaml")


@unittest.skipIf(tracing.available(), tracing.available())
class Faults(testing.TestCase):
    def faults(self, scene):
        """Every call of an undisturbed run, with the states before and after it."""
        base = scene.make()
        self.addCleanup(shutil.rmtree, base, True)
        before = state_of(base)
        log = base / "strace.log"
        done = tracing.traced(words(base), log)
        self.assertEqual(0, done.returncode, done.stderr.decode())
        after = state_of(base)
        self.assertNotEqual(before, after)
        calls = tracing.calls_in(log)
        # What comes before the first look at the node is the loader's doing.
        begin = next(index for index, call in enumerate(calls) if str(base) in call.text and call.name != "execve")
        calls = calls[begin:]
        self.assertGreater(len(calls), 100)
        return calls, before, after

    def each(self, scene, calls, judge):
        """Runs `judge(base, call)` for every call on a node of its own; its complaints, if any, fail the test."""
        def one(call):
            base = scene.make()
            try:
                return [f"{scene.name}: {call.name} #{call.nth} ({call.text[:90]}): {complaint}"
                        for complaint in judge(base, call)]
            finally:
                shutil.rmtree(base, ignore_errors=True)
        workers = 2 * (os.cpu_count() or 1)
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            complaints = [line for lines in pool.map(one, calls) for line in lines]
        self.assertEqual([], complaints[:40], f"{len(complaints)} of {len(calls)} faults")
        print(f"{scene.name}: {len(calls)} faults", flush=True)

    def test_each_call_failing_once_leaves_the_old_or_the_new_state_and_says_which(self):
        for scene in SCENES:
            calls, before, after = self.faults(scene)

            def judge(base, call, before=before, after=after):
                done = tracing.with_fault(words(base), call, "error=EIO")
                message = done.stderr.decode("utf-8", "replace")
                now = state_of(base)
                if now not in (before, after):
                    yield f"a third state (status {done.returncode}): {message}"
                if done.returncode not in (0, 3, 4):
                    yield f"status {done.returncode}: {message}"
                if (done.returncode == 0) != (now == after):
                    yield f"status {done.returncode} does not say which state it is: {message}"
                writes_stderr = call.name == "write" and call.text.startswith("2<")
                if done.returncode != 0 and "error:" not in message and not writes_stderr:
                    yield "failed without a word"
                if strangers(base):
                    yield f"left {strangers(base)}"
                if temporaries(base) and call.name not in ("unlinkat", "unlink"):
                    yield f"left {temporaries(base)}"
            self.each(scene, calls, judge)

    def test_killed_at_each_call_the_state_is_old_or_new_and_the_next_run_puts_everything_right(self):
        for scene in SCENES:
            calls, before, after = self.faults(scene)

            def judge(base, call, before=before, after=after):
                done = tracing.with_fault(words(base), call, "signal=KILL")
                if done.returncode == 0:
                    yield "was not killed"
                manifest, policy = state_of(base)
                if manifest not in (before[0], after[0]) or policy not in (before[1], after[1]):
                    yield "a third state"
                if manifest == after[0] and policy != after[1]:
                    yield "the new manifest without its policy"
                if strangers(base) or len(temporaries(base)) > 1:
                    yield f"left {strangers(base)} {temporaries(base)}"
                again = testing.run(*words(base))
                if again.status != 0 or state_of(base) != after:
                    yield f"the next run did not put it right: {again}"
                if temporaries(base) or strangers(base):
                    yield f"the next run left {temporaries(base)} {strangers(base)}"
                third = testing.run(*words(base), "--check")
                if third.status != 0 or "nothing to do" not in third.stdout:
                    yield f"there is still something to do: {third}"
            self.each(scene, calls, judge)


if __name__ == "__main__":
    testing.main()
