"""The main job: what is written, with which owner and mode; the dry run; the second run; the backups."""

import os
import stat
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root  # noqa: E402

USER, GROUP = 900, 901


def mode_of(path):
    about = path.lstat()
    return stat.S_IMODE(about.st_mode), about.st_uid, about.st_gid


class MainJob(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.me = (os.geteuid(), os.getegid())

    def test_what_a_run_writes(self):
        outcome = self.node.enable()
        self.expect(outcome, 0)
        text = self.node.manifest.read_text()
        flags = [line.strip()[2:] for line in text.splitlines() if line.strip().startswith("- --audit")]
        self.assertEqual(["--audit-log-maxage=30", "--audit-log-maxbackup=10", "--audit-log-maxsize=100",
                          "--audit-log-path=/var/log/prod-secrets.log",
                          "--audit-policy-file=/etc/kubernetes/prod-audit.yaml"], flags)
        self.assertEqual(["kube-apiserver.yaml"], os.listdir(self.node.manifests))
        self.assertEqual({"syslog", "prod-secrets.log"}, set(os.listdir(self.node.root / "var/log")))
        self.assertEqual({"manifests", "prod-audit.yaml"}, set(os.listdir(self.node.root / "etc/kubernetes")))
        self.assertEqual({"etc", "var"}, set(os.listdir(self.node.root)))
        self.assertEqual(testing.POLICY_TEXT, self.node.installed_policy.read_text())
        self.assertEqual(b"", (self.node.root / "var/log/prod-secrets.log").read_bytes())

    def test_owners_and_modes_of_what_it_makes(self):
        self.expect(self.node.enable(), 0)
        self.assertEqual((0o600, *self.me), mode_of(self.node.installed_policy))
        self.assertEqual((0o600, *self.me), mode_of(self.node.root / "var/log/prod-secrets.log"))
        self.assertEqual((0o600, *self.me), mode_of(self.node.manifest))
        for path in [self.node.state, *self.node.state.rglob("*")]:
            self.assertEqual((0o700 if path.is_dir() else 0o600, *self.me), mode_of(path), path)

    def test_whatever_the_umask(self):
        for mask in (0o000, 0o777):
            with self.subTest(mask=oct(mask)):
                self.node = Node(self, golden_manifest())
                before = os.umask(mask)
                try:
                    outcome = self.node.enable()
                finally:
                    os.umask(before)
                self.expect(outcome, 0)
                self.assertEqual(0o600, mode_of(self.node.installed_policy)[0])
                self.assertEqual(0o600, mode_of(self.node.manifest)[0])
                self.assertEqual(0o700, mode_of(self.node.state)[0])

    @needs_root()
    def test_mode_owner_and_attributes_of_the_manifest_stay(self):
        self.node.manifest.chmod(0o640)
        os.chown(self.node.manifest, 0, 42)
        attributes = True
        try:
            os.setxattr(self.node.manifest, "user.note", b"mine")
        except OSError:
            attributes = False
        self.expect(self.node.enable(), 0)
        self.assertEqual((0o640, 0, 42), mode_of(self.node.manifest))
        if attributes:
            self.assertEqual(b"mine", os.getxattr(self.node.manifest, "user.note"))

    @needs_root()
    def test_a_server_of_another_user_can_read_its_policy_and_write_its_log(self):
        user = b"  securityContext:\n    runAsUser: %d\n    runAsGroup: %d\n" % (USER, GROUP)
        manifest = golden_manifest().replace(b"  securityContext:\n", user)
        self.node.manifest.write_bytes(manifest)
        self.expect(self.node.enable(), 0)
        self.assertEqual((0o640, 0, GROUP), mode_of(self.node.installed_policy))
        mode, owner, _ = mode_of(self.node.root / "var/log/prod-secrets.log")
        self.assertEqual((0o600, USER), (mode, owner))

    @needs_root()
    def test_and_its_log_directory(self):
        user = b"  securityContext:\n    runAsUser: %d\n    runAsGroup: %d\n" % (USER, GROUP)
        self.node.manifest.write_bytes(golden_manifest().replace(b"  securityContext:\n", user))
        self.expect(self.node.enable(log="/var/log/kube-audit/audit.log"), 0)
        mode, owner, _ = mode_of(self.node.root / "var/log/kube-audit")
        self.assertEqual((0o700, USER), (mode, owner))

    def test_an_absent_log_directory_is_the_logs_own_and_made_before_the_kubelet_makes_it_world_readable(self):
        self.expect(self.node.enable(log="/var/log/a/b/audit.log"), 0)
        self.assertEqual((0o700, *self.me), mode_of(self.node.root / "var/log/a/b"))
        self.assertEqual([], os.listdir(self.node.root / "var/log/a/b"))
        self.assertIn("type: DirectoryOrCreate\n    name: audit-log", self.node.manifest.read_text())

    def test_a_log_mounted_as_a_file_is_warned_about_every_time_it_is_seen(self):
        for _ in range(2):
            outcome = self.node.enable()
            self.expect(outcome, 0)
            self.assertRegex(outcome.stderr, r"(?i)rotat|rename", str(outcome))

    def test_a_log_that_every_user_may_read_or_write_is_warned_about(self):
        log = self.node.write(testing.LOG, "", 0o600)
        for mode, word in ((0o600, None), (0o640, None), (0o644, "read"), (0o666, "write")):
            log.chmod(mode)
            outcome = self.node.enable()
            self.expect(outcome, 0)
            if word:
                self.assertRegex(outcome.stderr, rf"every user of this node may {word} it .*\[log-exposed\]")
            else:
                self.assertNotIn("log-exposed", outcome.stderr)

    def test_and_so_is_such_a_directory(self):
        folder = self.node.root / "var/log/kube-audit"
        folder.mkdir()
        for mode, warned in ((0o700, False), (0o755, False), (0o1777, False), (0o777, True)):
            folder.chmod(mode)
            outcome = self.node.enable(log="/var/log/kube-audit/audit.log")
            self.expect(outcome, 0)
            self.assertEqual(warned, "[log-exposed]" in outcome.stderr, f"{oct(mode)} {outcome}")

    def test_it_says_that_nobody_watches(self):
        self.assertIn("nobody watches: this is not the root of a running node", self.node.enable().stderr)

    def test_the_old_bytes_are_kept_outside_the_manifests_directory(self):
        outcome = self.node.enable()
        old = [path for path in self.node.state.rglob("*") if path.is_file() and path.read_bytes() == golden_manifest()]
        self.assertEqual(1, len(old), str(outcome))
        new = [path for path in self.node.state.rglob("*") if path.is_file() and path.read_bytes() == self.node.manifest.read_bytes()]
        self.assertEqual(1, len(new), "before and after are both stored")
        self.assertIn(str(old[0].parent), outcome.stdout + outcome.stderr, "the run's folder is named")

    def test_a_second_run_changes_nothing_at_all(self):
        self.expect(self.node.enable(), 0)
        before = testing.snapshot(self.node.base)
        second = self.node.enable()
        self.expect(second, 0)
        self.assertRegex(second.stdout + second.stderr, r"(?i)nothing to (do|change)")
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))


class DryRun(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def test_a_dry_run_writes_nothing_anywhere(self):
        before = testing.snapshot(self.node.base)
        outcome = self.node.enable("--dry-run")
        self.expect(outcome, 0, stdout=["--- a/etc/kubernetes/manifests/kube-apiserver.yaml",
                                        "+++ b/etc/kubernetes/manifests/kube-apiserver.yaml"])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_check_says_by_its_status_whether_something_would_change(self):
        before = testing.snapshot(self.node.base)
        self.expect(self.node.enable("--check"), 1)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))
        self.expect(self.node.enable(), 0)
        before = testing.snapshot(self.node.base)
        self.expect(self.node.enable("--check"), 0)
        self.expect(self.node.enable("--dry-run"), 0)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_plan_and_diff_are_the_same_in_a_dry_and_a_real_run(self):
        dry = self.node.enable("--dry-run")
        self.assertEqual(dry.stdout, self.node.enable().stdout)

    @needs_root()
    def test_a_dry_run_works_for_somebody_who_may_only_read(self):
        for path in self.node.root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.node.root.chmod(0o755)
        self.expect(self.node.enable("--dry-run", unprivileged=True), 0)


class State(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def folders(self, state):
        """The run folders, each with the manifest before and after in it."""
        found = list((state / "runs").iterdir())
        for folder in found:
            copies = {path.read_bytes() for path in folder.rglob("*") if path.is_file() and b"kind: Pod" in path.read_bytes()}
            self.assertEqual(2, len(copies), folder)
        return found

    def test_the_state_directory_can_be_chosen(self):
        self.expect(self.node.enable("--state-dir", "/srv/state"), 0)
        self.assertFalse(self.node.state.exists())
        self.assertEqual(1, len(self.folders(self.node.root / "srv/state")))

    def test_only_so_many_backups_are_kept(self):
        for age in range(1, 7):
            self.expect(self.node.enable("--max-age", age, "--keep-backups", 3), 0)
        self.assertEqual(3, len(self.folders(self.node.state)))

    def test_a_run_with_nothing_to_do_leaves_the_backups_alone(self):
        for age in range(1, 4):
            self.node.enable("--max-age", age)
        before = testing.snapshot(self.node.state)
        self.node.enable("--keep-backups", 1)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.state)))

    def test_every_run_has_its_own_folder_even_within_a_second(self):
        for age in range(1, 6):
            self.expect(self.node.enable("--max-age", age), 0)
        self.assertEqual(5, len(self.folders(self.node.state)))


if __name__ == "__main__":
    testing.main()
