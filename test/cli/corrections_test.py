"""The same command corrects what is there: another value, a moved log, a changed policy, the other kind of mount."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402

try:
    import yaml
except ImportError:
    testing.skip_all("PyYAML is not installed")

OTHER_POLICY = testing.POLICY_TEXT.replace("Metadata", "Request")
DIGEST = "kaudit/policy-sha256"


class Corrections(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.expect(self.node.enable(), 0)

    def pod(self):
        return yaml.safe_load(self.node.manifest.read_bytes())

    def flags(self):
        words = self.pod()["spec"]["containers"][0]["command"][1:]
        return dict(word.split("=", 1) for word in words if word.startswith("--audit"))

    def mounts(self):
        """Host path and type by container path."""
        spec = self.pod()["spec"]
        volumes = {volume["name"]: volume.get("hostPath") for volume in spec["volumes"]}
        self.assertEqual(len(volumes), len(spec["volumes"]))
        mounts = spec["containers"][0]["volumeMounts"]
        self.assertEqual(set(volumes), {mount["name"] for mount in mounts}, "no volume without its mount")
        return {mount["mountPath"]: (volumes[mount["name"]]["path"], volumes[mount["name"]].get("type")) for mount in mounts}

    def expect_stable(self, *words, **how):
        """The command does something once and then nothing."""
        old = self.node.manifest.read_bytes()
        outcome = self.node.enable(*words, **how)
        self.expect(outcome, 0)
        self.assertNotEqual(old, self.node.manifest.read_bytes())
        before = testing.snapshot(self.node.base)
        self.expect(self.node.enable(*words, **how), 0)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))
        return outcome

    def test_another_value(self):
        self.expect_stable("--max-age", "7", "--max-size", "50")
        self.assertEqual(("7", "10", "50"), tuple(self.flags()[f"--audit-log-max{x}"] for x in ("age", "backup", "size")))

    def test_an_option_not_given_leaves_what_is_there(self):
        self.expect_stable("--max-age", "7")
        before = self.node.manifest.read_bytes()
        self.expect(self.node.enable(), 0)
        self.assertEqual(before, self.node.manifest.read_bytes())

    def test_a_part_alone_can_be_corrected(self):
        self.expect_stable("--max-backup", "3", policy=False, log=None)
        self.assertEqual("3", self.flags()["--audit-log-maxbackup"])
        self.assertEqual(testing.LOG, self.flags()["--audit-log-path"])

    def test_a_moved_log_takes_its_old_mount_along(self):
        self.expect_stable(log="/var/log/moved.log")
        self.assertNotIn(testing.LOG, self.mounts())
        self.assertEqual(("/var/log/moved.log", "FileOrCreate"), self.mounts()["/var/log/moved.log"])
        self.assertEqual("/var/log/moved.log", self.flags()["--audit-log-path"])

    def test_and_back(self):
        first = self.node.manifest.read_bytes()
        self.expect_stable(log="/var/log/moved.log")
        self.expect_stable()
        self.assertEqual(yaml.safe_load(first), self.pod())

    def test_the_old_log_stays_where_it_was(self):
        old = self.node.root / testing.LOG.lstrip("/")
        old.write_text("events\n")
        self.expect_stable(log="/var/log/moved.log")
        self.assertEqual("events\n", old.read_text())

    def test_changed_policy_content_changes_the_annotation(self):
        self.assertEqual(testing.sha256(testing.POLICY_TEXT), self.pod()["metadata"]["annotations"][DIGEST])
        self.node.policy.write_text(OTHER_POLICY)
        outcome = self.expect_stable()
        self.assertEqual(testing.sha256(OTHER_POLICY), self.pod()["metadata"]["annotations"][DIGEST])
        self.assertEqual(OTHER_POLICY, self.node.installed_policy.read_text())
        self.assertIn(DIGEST, outcome.stdout)
        self.assertNotRegex(outcome.stderr, r"(?i)way back", "the first run's record is the way back")
        kept = [path for path in self.node.state.rglob("*") if path.is_file() and path.read_text(errors="replace") == testing.POLICY_TEXT]
        self.assertTrue(kept, "the old policy is stored")

    def test_a_moved_policy(self):
        moved = self.node.base / "other.yaml"
        moved.write_text(testing.POLICY_TEXT)
        self.expect_stable(policy=moved)
        self.assertNotIn("/etc/kubernetes/prod-audit.yaml", self.mounts())
        self.assertEqual(("/etc/kubernetes/other.yaml", "File"), self.mounts()["/etc/kubernetes/other.yaml"])

    def test_a_file_mount_becomes_a_directory_mount_and_back(self):
        log = "/var/log/kube-audit/audit.log"
        (self.node.root / "var/log/kube-audit").mkdir()
        (self.node.root / "var/log/kube-audit/other").write_text("x")
        self.expect_stable(log=log)
        self.assertEqual((log, "FileOrCreate"), self.mounts()[log])
        self.expect_stable("--log-volume", "directory", log=log)
        self.assertEqual(("/var/log/kube-audit", "DirectoryOrCreate"), self.mounts()["/var/log/kube-audit"])
        self.assertNotIn(log, self.mounts())
        self.expect_stable("--log-volume", "file", log=log)
        self.assertEqual((log, "FileOrCreate"), self.mounts()[log])
        self.assertNotIn("/var/log/kube-audit", self.mounts())

    def test_flags_are_set_and_taken_out(self):
        self.expect_stable("--flag", "audit-log-format=legacy", "--flag", "audit-log-compress=true")
        self.assertEqual(("legacy", "true"), (self.flags()["--audit-log-format"], self.flags()["--audit-log-compress"]))
        self.expect_stable("--flag", "audit-log-format-")
        self.assertNotIn("--audit-log-format", self.flags())
        self.assertEqual("true", self.flags()["--audit-log-compress"])

    def test_to_stdout_takes_the_log_mount_away_and_warns(self):
        outcome = self.expect_stable(log="-")
        self.assertEqual("-", self.flags()["--audit-log-path"])
        self.assertNotIn(testing.LOG, self.mounts())
        self.assertRegex(outcome.stderr, r"(?i)stdout|kubelet")

    def test_edits_of_others_are_kept(self):
        text = self.node.manifest.read_text().replace("hostNetwork: true", "hostNetwork: true  # by hand\n  dnsPolicy: Default")
        self.node.manifest.write_text(text)
        self.expect_stable("--max-age", "9")
        self.assertIn("hostNetwork: true  # by hand\n  dnsPolicy: Default", self.node.manifest.read_text())


class NoWayBack(testing.TestCase):
    """A policy used where it stands and edited there: nobody has its old bytes."""

    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.place = self.node.write("/etc/kubernetes/audit.yaml", testing.POLICY_TEXT, 0o600)

    def test_a_policy_that_a_run_has_stored_has_a_way_back(self):
        self.expect(self.node.enable(policy=self.place), 0)
        self.place.write_text(OTHER_POLICY)
        outcome = self.node.enable("--dry-run", policy=self.place)
        self.expect(outcome, 0, stdout=[DIGEST])
        self.assertNotRegex(outcome.stderr, r"(?i)no .*way back", str(outcome))

    def test_one_that_nobody_stored_has_none_and_it_says_so_before_anything_is_written(self):
        self.expect(self.node.enable(policy=self.place), 0)
        self.place.write_text(OTHER_POLICY)
        before = testing.snapshot(self.node.base)
        outcome = self.node.enable("--dry-run", "--state-dir", "/srv/other-state", policy=self.place)
        self.expect(outcome, 0)
        self.assertRegex(outcome.stderr, r"(?i)way back|cannot be put back|no .*(run|backup|copy)", str(outcome))
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_strict_refuses_it(self):
        self.expect(self.node.enable(policy=self.place), 0)
        self.place.write_text(OTHER_POLICY)
        self.expect_untouched(self.node, lambda: self.node.enable("--strict", "--state-dir", "/srv/s", policy=self.place), 3)


if __name__ == "__main__":
    testing.main()
