"""`kaudit status --follow`, and the guardian that takes over: the states that a killed one leaves are written by hand."""

import json
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402


def follow(node, **how):
    return testing.run("status", "--root", node.root, "--follow", **how)


def guard(node, *extra, **how):
    return testing.run("guard", *extra, "--root", node.root, **how)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Case(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.expect(self.node.enable(), 0)
        self.run_folder = next((self.node.state / "runs").iterdir())
        self.enabled = self.node.manifest.read_bytes()

    def record(self):
        return json.loads((self.run_folder / "record.json").read_text())

    def change_record(self, **changes):
        path = self.run_folder / "record.json"
        path.write_text(json.dumps({**self.record(), **changes}, indent=2) + "\n")

    def left_by_a_guardian(self, state, timeout=1):
        """As a guardian leaves it that is killed in `state`, on a node where no API server will come."""
        watch = {"namespace": "kube-system", "pod": "kube-apiserver", "container": "kube-apiserver", "address": "",
                 "port": free_port(), "certificates": [], "client_certificate": "", "client_key": "",
                 "audit_flags_before": [], "audit_flags_after": ["--audit-log-path=/var/log/prod-secrets.log"],
                 "pod_logs": "/var/log/pods", "timeout": timeout, "settle": 1, "restart": True}
        if not Path("/proc/self/stat").exists():
            self.skipTest("/proc is not mounted here")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        began = float(Path("/proc/uptime").read_text().split()[0])
        log = {"file": "", "offset": 0, "inode": 0, "since": "", "pid": 0}
        baseline = {"boot_id": boot, "began": began, "processes": [], "containers": [], "kubelet_log": log}
        self.change_record(state=state, finished=None, watch=watch, baseline=baseline)


class Status(Case):
    def test_no_run(self):
        node = Node(self, golden_manifest())
        self.expect_untouched(node, lambda: follow(node), 4, stderr=["[no-run]"])

    def followed(self, status, stdout):
        before = testing.snapshot(self.node.base)
        outcome = follow(self.node)
        self.expect(outcome, status, stdout=stdout)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))
        return outcome.stdout

    def test_a_run_that_ended_well(self):
        (self.run_folder / "journal").write_text("2026-01-31T08:15:30Z writing the guardian has begun\n"
                                                 "2026-01-31T08:15:42Z starting the old API server is gone\ncut o")
        self.change_record(state="healthy")
        said = self.followed(0, [f"run {self.run_folder.name} (enable), {self.run_folder}\n", "it ended: healthy\n",
                                 "2026-01-31T08:15:42Z  starting   the old API server is gone\n"])
        self.assertNotIn("cut o", said, "a line is shown when it is whole")

    def test_a_run_that_nobody_watched(self):
        self.followed(0, ["it ended: written\n"])

    def test_runs_that_did_not_end_well(self):
        for state in ("restored", "failed", "abandoned"):
            self.change_record(state=state, ending={"seconds": 9.5, "reason": "x", "errors": ["with the old files: why"],
                                                    "log_tail": ["Error: unknown flag"]})
            self.followed(1, [f"it ended: {state}: x\n", "with the old files: why\n", "| Error: unknown flag\n"])

    def test_a_run_that_nobody_works_on_any_more(self):
        self.left_by_a_guardian("watching")
        self.followed(1, ["nobody works on it: the next verb that may write finishes it"])


class TakeOver(Case):
    def test_nothing_to_do(self):
        before = testing.snapshot(self.node.base)
        outcome = guard(self.node)
        self.expect(outcome, 0)
        self.assertEqual(("", ""), (outcome.stdout, outcome.stderr))
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_a_run_that_is_finished_stays_as_it_is(self):
        before = testing.snapshot(self.run_folder)
        self.expect(guard(self.node, self.run_folder.name), 0)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.run_folder)))

    def test_a_run_that_is_not_there(self):
        self.expect(guard(self.node, "20260131T081530.123Z-5f3c9a"), 4, stderr=["20260131T081530.123Z-5f3c9a"])

    def test_a_dry_run_only_tells_of_it(self):
        self.left_by_a_guardian("watching")
        before = testing.snapshot(self.node.base)
        self.expect(self.node.enable("--dry-run"), 0, stderr=["[unfinished-run]", self.run_folder.name])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_no_server_comes_and_the_old_files_go_back(self):
        self.left_by_a_guardian("watching")
        self.expect(guard(self.node, timeout=60), 0)
        record = self.record()
        self.assertEqual("failed", record["state"], "with the old files none comes either")
        self.assertNotEqual("", record["ending"]["reason"])
        self.assertTrue(any("with the old files" in error for error in record["ending"]["errors"]), record["ending"])
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())
        self.assertFalse(self.node.installed_policy.exists(), "the run had made it")
        self.assertFalse((self.node.root / testing.LOG.lstrip("/")).exists(), "made by the run, and empty")
        words = [line.split(" ", 2)[1] for line in (self.run_folder / "journal").read_text().splitlines()]
        self.assertEqual(["resumed", "restoring", "failed"], [word for word in words if word in ("resumed", "restoring", "failed")])

    def test_a_manifest_that_somebody_else_wrote_is_left(self):
        self.left_by_a_guardian("watching", timeout=300)
        theirs = self.enabled + b"# theirs\n"
        self.node.manifest.write_bytes(theirs)
        self.expect(guard(self.node), 0)
        self.assertEqual("failed", self.record()["state"])
        self.assertEqual(theirs, self.node.manifest.read_bytes())
        self.assertTrue(self.node.installed_policy.exists(), "it may be named by their manifest")

    def test_killed_before_the_rename(self):
        self.left_by_a_guardian("prepared")
        self.node.manifest.write_bytes(golden_manifest())
        self.expect(guard(self.node), 0)
        self.assertEqual("abandoned", self.record()["state"])
        self.assertFalse(self.node.installed_policy.exists())


if __name__ == "__main__":
    testing.main()
