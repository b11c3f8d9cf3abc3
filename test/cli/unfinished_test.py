"""A run killed at any moment leaves whole files, and the next one tidies up and ends as if nothing had happened.

The moments are spread over the measured length of a run; no assertion depends on which of them is hit.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402

KILLS = 80


class Unfinished(testing.TestCase):
    def command(self, node):
        return [testing.program(), "enable", "--root", str(node.root), "--policy", str(node.policy), "--log", testing.LOG]

    def reference(self):
        """The final bytes, and how long a run takes."""
        node = Node(self, golden_manifest())
        begin = time.monotonic()
        self.expect(testing.run(*self.command(node)[1:]), 0)
        return node.manifest.read_bytes(), time.monotonic() - begin

    def check_whole(self, node, new):
        manifest = node.manifest.read_bytes()
        self.assertIn(manifest, (golden_manifest(), new), "a manifest that is neither the old nor the new one")
        if node.installed_policy.exists():
            self.assertEqual(testing.POLICY_TEXT, node.installed_policy.read_text())
        elif manifest == new:
            self.fail("the manifest names a policy that is not there")
        names = os.listdir(node.manifests)
        self.assertEqual(["kube-apiserver.yaml"], [name for name in names if not name.startswith(".")])
        self.assertLessEqual(len(names), 2, names)
        return manifest == new

    def check_next_run(self, node, new, done):
        outcome = testing.run(*self.command(node)[1:])
        self.expect(outcome, 0)
        self.assertEqual(new, node.manifest.read_bytes(), str(outcome))
        self.assertEqual(testing.POLICY_TEXT, node.installed_policy.read_text())
        self.assertEqual(["kube-apiserver.yaml"], os.listdir(node.manifests), str(outcome))
        self.assertEqual({"manifests", "prod-audit.yaml"}, set(os.listdir(node.root / "etc/kubernetes")), str(outcome))
        before = testing.snapshot(node.root)
        self.expect(testing.run(*self.command(node)[1:]), 0)
        self.assertEqual([], testing.differences(before, testing.snapshot(node.root)), f"done before: {done}")

    def test_killed_at_any_moment(self):
        new, length = self.reference()
        reached = {True: 0, False: 0}
        for number in range(KILLS):
            node = Node(self, golden_manifest())
            child = subprocess.Popen(self.command(node), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(length * 1.3 * number / KILLS)
            child.send_signal(signal.SIGKILL)
            child.wait()
            with self.subTest(number=number):
                done = self.check_whole(node, new)
                reached[done] += 1
                self.check_next_run(node, new, done)
            testing.remove_tree(node.base)
        print(f"killed before the rename {reached[False]} times, after it {reached[True]} times")

    def test_interrupted_like_a_person_does(self):
        new, length = self.reference()
        for number in range(20):
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                node = Node(self, golden_manifest())
                child = subprocess.Popen(self.command(node), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(length * 1.3 * number / 20)
                child.send_signal(name)
                child.wait()
                with self.subTest(number=number, signal=name):
                    self.check_next_run(node, new, self.check_whole(node, new))
                testing.remove_tree(node.base)

    def test_a_dry_run_after_a_killed_run_writes_nothing(self):
        new, length = self.reference()
        for number in range(10):
            node = Node(self, golden_manifest())
            child = subprocess.Popen(self.command(node), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(length * 1.2 * number / 10)
            child.send_signal(signal.SIGKILL)
            child.wait()
            before = testing.snapshot(node.base)
            outcome = testing.run(*self.command(node)[1:], "--dry-run")
            self.assertIn(outcome.status, (0, 4), str(outcome))
            self.assertEqual([], testing.differences(before, testing.snapshot(node.base)))

    def test_two_at_once_do_not_mix(self):
        new, _ = self.reference()
        for _ in range(10):
            node = Node(self, golden_manifest())
            children = [subprocess.Popen(self.command(node), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                        for _ in range(4)]
            ends = [(child.communicate()[1].decode(), child.returncode) for child in children]
            self.assertTrue(all(status in (0, 4) for _, status in ends), ends)
            self.assertIn(0, [status for _, status in ends], ends)
            self.assertEqual(new, node.manifest.read_bytes())
            self.check_next_run(node, new, True)


if __name__ == "__main__":
    testing.main()
