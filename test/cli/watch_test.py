"""A watched run from the outside, on a machine where no API server will ever come: how it ends, and what is said of it."""

import json
import os
import re
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import needs_proc, needs_root  # noqa: E402
from own_machine import OwnMachine  # noqa: E402

ENABLE = ["enable", "--policy", "/root/prod-audit.yaml", "--log", testing.LOG, "--ignore", "kubelet-down,api-server-down"]


@needs_root()
@needs_proc()
class Watch(testing.TestCase):
    def setUp(self):
        self.node = OwnMachine(self)

    def run_folder(self):
        return next((self.node.state / "runs").iterdir())

    def state(self):
        """None: there is no run yet."""
        records = list((self.node.state / "runs").glob("*/record.json"))
        return json.loads(records[0].read_text())["state"] if records else None

    def test_neither_the_new_server_nor_the_old_one_comes(self):
        outcome = self.node.call_apart(*ENABLE, "--timeout", "10", "--output", "json")
        folder = "/" + str(self.run_folder().relative_to(self.node.root))
        self.expect(outcome, 6, stderr=["[needs-person]", "with the old files: ", f"kaudit rollback {self.run_folder().name}",
                                        f"{folder}/before/kube-apiserver.yaml", "cp -p ", "  restoring "])
        document = outcome.json()
        self.assertEqual(("failed", 6), (document["rollout"]["state"], document["exit_status"]))
        self.assertNotEqual("", document["rollout"]["reason"])
        self.assertIn(folder, document["run"]["backup"])
        self.check_schema(document)
        self.assertEqual(self.node.original, self.node.manifest.read_bytes())
        self.assertFalse(self.node.installed_policy.exists())
        self.assertEqual(["kube-apiserver.yaml"], [path.name for path in self.node.manifests.iterdir()])
        self.expect(self.node.call("status", "--follow"), 1, stdout=["it ended: failed: no kubelet runs on this node", "with the old files: "])

    def test_interrupted_by_the_person_at_the_keyboard(self):
        child = self.node.start_apart(*ENABLE, "--output", "json")
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        # The program itself is the first process of its own namespace, a child of unshare.
        children = Path(f"/proc/{child.pid}/task/{child.pid}/children")
        until = time.monotonic() + 60
        while self.state() != "watching":
            self.assertLess(time.monotonic(), until, "it never wrote")
            time.sleep(0.1)
        program = int(children.read_text().split()[0])
        os.kill(program, signal.SIGINT)
        out, err = child.communicate(timeout=30)
        self.assertEqual(130, child.returncode, err)
        self.assertRegex(err.decode(), r"interrupted; the guardian goes on by itself: kaudit status --follow")
        document = json.loads(out)
        self.assertEqual(("watching", 130), (document["rollout"]["state"], document["exit_status"]))
        self.check_schema(document)
        self.assertNotEqual(self.node.original, self.node.manifest.read_bytes(), "what was begun goes on")

    def test_no_wait_returns_when_the_manifest_is_replaced(self):
        outcome = self.node.call_apart(*ENABLE, "--no-wait", timeout=60)
        self.expect(outcome, 0, stderr=["backup:  ", "the guardian watches, and puts the old files back", "kaudit status --follow"])
        self.assertEqual("watching", self.state())
        self.assertNotEqual(self.node.original, self.node.manifest.read_bytes())

    def test_a_guardian_that_cannot_be_started(self):
        """Without /proc the program does not find itself."""
        outcome = self.node.call(*ENABLE)
        self.expect(outcome, 6, stderr=["[no-guardian]", self.run_folder().name, "nobody watches"])
        self.assertEqual(self.node.original, self.node.manifest.read_bytes())
        self.expect(self.node.call(*ENABLE, "--no-watch"), 0, stderr=["what it had written was put back"])

    def test_a_line_for_every_phase_where_nobody_looks_at_a_terminal(self):
        outcome = self.node.call_apart(*ENABLE, "--no-wait", timeout=60)
        lines = [line for line in outcome.stderr.splitlines() if re.match(r"\d{4}-\d\d-\d\dT", line)]
        self.assertRegex(lines[0], r"Z  writing    ")
        self.assertTrue(any("  written    " in line for line in lines), outcome.stderr)
        self.assertNotIn("\x1b", outcome.stderr)
        self.assertNotIn("\r", outcome.stderr)

    def check_schema(self, document):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        jsonschema.validate(document, json.loads((testing.SOURCE / "docs/enable.schema.json").read_text()))


if __name__ == "__main__":
    testing.main()
