"""A host that refuses: read-only, immutable, mounted, full, foreign, locked. Status 4 (or 3), and all is as it was."""

import ctypes
import fcntl
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root  # noqa: E402


class Host(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def system(self, *words):
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"{words[0]} is not possible here: {done.stderr.strip()}")

    def mount(self, *words):
        self.system("mount", *words)
        self.addCleanup(self.unmount, words[-1])

    def unmount(self, path):
        """By the system call: umount(8) wants a /proc, which a plain chroot has not."""
        detach = 2
        if ctypes.CDLL(None, use_errno=True).umount2(os.fsencode(path), detach) != 0:
            self.fail(f"still mounted: {path}: {os.strerror(ctypes.get_errno())}")

    def expect_failed(self, outcome, parts, statuses=(4,)):
        """Nothing of the configuration changed, nothing half done is left, and the message says why."""
        self.assertIn(outcome.status, statuses, str(outcome))
        for part in parts:
            self.assertRegex(outcome.stderr.lower(), part, str(outcome))
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())
        self.assertEqual(["kube-apiserver.yaml"], sorted(os.listdir(self.node.manifests)), str(outcome))
        for leftover in (self.node.installed_policy, self.node.root / "var/log/prod-secrets.log"):
            if os.path.lexists(leftover):
                self.assertIn(leftover.name, outcome.stderr, f"left behind and not named: {outcome}")

    def test_a_state_directory_that_others_may_write_is_refused_before_the_plan_is_shown(self):
        self.node.state.mkdir(parents=True)
        self.node.state.chmod(0o777)
        for words in ([], ["--dry-run"]):
            outcome = self.expect_untouched(self.node, lambda: self.node.enable(*words), 3, stderr=["[foreign-owner]"])
            self.assertIn("chmod 0700", outcome.stderr)

    def test_a_file_where_the_state_directory_should_be(self):
        self.node.write("/var/lib", "no directory\n")
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["var/lib: not a directory", "move this away"])

    @needs_root()
    def test_a_read_only_manifests_directory(self):
        self.mount("--bind", self.node.manifests, self.node.manifests)
        self.system("mount", "-o", "remount,ro,bind", self.node.manifests)
        self.expect_failed(self.node.enable(), ["read-only"])

    @needs_root()
    def test_a_read_only_etc(self):
        etc = self.node.root / "etc"
        self.mount("--bind", etc, etc)
        self.system("mount", "-o", "remount,ro,bind", etc)
        self.expect_failed(self.node.enable(), ["read-only"])
        self.assertFalse(self.node.installed_policy.exists())

    @needs_root()
    def test_a_read_only_state_directory(self):
        self.node.state.mkdir(parents=True)
        self.mount("--bind", self.node.state, self.node.state)
        self.system("mount", "-o", "remount,ro,bind", self.node.state)
        self.expect_failed(self.node.enable(), ["read-only"])

    @needs_root()
    def test_an_immutable_manifest(self):
        self.system("chattr", "+i", self.node.manifest)
        self.addCleanup(subprocess.run, ["chattr", "-i", str(self.node.manifest)], check=False)
        self.expect_failed(self.node.enable(), ["immutable"])

    @needs_root()
    def test_an_append_only_manifest(self):
        self.system("chattr", "+a", self.node.manifest)
        self.addCleanup(subprocess.run, ["chattr", "-a", str(self.node.manifest)], check=False)
        self.expect_failed(self.node.enable(), ["append-only|immutable"])

    @needs_root()
    def test_an_immutable_manifests_directory(self):
        self.system("chattr", "+i", self.node.manifests)
        self.addCleanup(subprocess.run, ["chattr", "-i", str(self.node.manifests)], check=False)
        self.expect_failed(self.node.enable(), ["immutable"])

    @needs_root()
    def test_a_manifest_that_is_a_mount_point(self):
        self.mount("--bind", self.node.manifest, self.node.manifest)
        self.expect_failed(self.node.enable(), ["mount"])

    @needs_root()
    def test_a_full_disk_under_the_manifests(self):
        self.mount("-t", "tmpfs", "-o", "mode=0755,size=64k", "tmpfs", self.node.manifests)
        self.node.manifest.write_bytes(golden_manifest())
        self.fill(self.node.manifests / ".fill")
        outcome = self.node.enable()
        os.unlink(self.node.manifests / ".fill")
        self.expect_failed(outcome, ["no space"])

    @needs_root()
    def test_a_full_disk_under_the_policy(self):
        kubernetes = self.node.root / "etc/kubernetes"
        self.mount("-t", "tmpfs", "-o", "mode=0755,size=64k", "tmpfs", kubernetes)
        self.node.manifests.mkdir()
        self.node.manifest.write_bytes(golden_manifest())
        self.fill(kubernetes / "fill")
        self.expect_failed(self.node.enable(), ["no space"])
        self.assertEqual({"fill", "manifests"}, set(os.listdir(kubernetes)))

    @needs_root()
    def test_a_full_disk_under_the_state(self):
        self.node.state.mkdir(parents=True)
        self.mount("-t", "tmpfs", "-o", "mode=0755,size=32k", "tmpfs", self.node.state)
        self.fill(self.node.state / "fill")
        self.expect_failed(self.node.enable(), ["no space"])

    @needs_root()
    def test_a_full_disk_under_the_log_directory(self):
        self.mount("-t", "tmpfs", "-o", "mode=0755,size=32k,nr_inodes=2", "tmpfs", self.node.root / "var/log")
        (self.node.root / "var/log/syslog").write_text("x")
        self.expect_failed(self.node.enable(), ["no space"])

    def fill(self, path):
        with path.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 1024)
            except OSError:
                pass

    @needs_root()
    def test_a_manifest_that_belongs_to_somebody_else(self):
        os.chown(self.node.manifest, 1000, 1000)
        outcome = self.node.enable()
        self.expect_failed(outcome, ["own"], statuses=(3, 4))

    @needs_root()
    def test_a_manifest_or_directory_that_others_may_write(self):
        for path, mode, back in ((self.node.manifest, 0o666, 0o600), (self.node.manifests, 0o777, 0o755)):
            with self.subTest(path=path.name):
                path.chmod(mode)
                outcome = self.node.enable("--dry-run")
                if outcome.status == 0:
                    self.assertRegex(outcome.stderr, "writ", str(outcome))
                else:
                    self.expect_failed(outcome, ["writ"], statuses=(3, 4))
                path.chmod(back)

    @needs_root()
    def test_somebody_without_privilege_on_a_tree_of_roots(self):
        for path in self.node.root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.node.root.chmod(0o755)
        self.expect_failed(self.node.enable(unprivileged=True), ["permission"])
        self.assertFalse(self.node.state.exists())

    @needs_root()
    def test_somebody_without_privilege_on_a_tree_of_their_own(self):
        for path in [self.node.root, *self.node.root.rglob("*")]:
            os.chown(path, 65534, 65534)
        self.expect(self.node.enable(unprivileged=True), 0)
        self.assertEqual(65534, self.node.manifest.stat().st_uid)

    def test_a_run_that_holds_the_lock(self):
        self.expect(self.node.enable(), 0)
        locks = [path for path in self.node.state.rglob("lock*") if path.is_file()]
        self.assertEqual(1, len(locks), "the state directory has one lock file")
        held = self.node.manifest.read_bytes()
        with locks[0].open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.lockf(file, fcntl.LOCK_EX)
            outcome = self.node.enable("--max-age", "5", timeout=30)
            self.expect(outcome, 4, stderr=["lock"])
            self.assertEqual(held, self.node.manifest.read_bytes())
            dry = self.node.enable("--max-age", "5", "--dry-run")
            self.assertIn(dry.status, (0, 4), str(dry))
        self.expect(self.node.enable("--max-age", "5"), 0)

    def test_a_state_directory_that_is_a_file(self):
        self.node.write("/var/lib/kaudit", "x")
        self.expect_failed(self.node.enable(), ["kaudit"], statuses=(3, 4))

    def test_missing_parents_of_the_policy_destination_are_made(self):
        self.expect(self.node.enable("--policy-dest", "/etc/kubernetes/a/b/p.yaml"), 0)
        made = self.node.root / "etc/kubernetes/a/b"
        self.assertEqual(0o700, made.stat().st_mode & 0o777)
        self.assertEqual(0o700, made.parent.stat().st_mode & 0o777)


if __name__ == "__main__":
    testing.main()
