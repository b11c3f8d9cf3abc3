"""Links, FIFOs and foreign directories planted on the program's paths never redirect, block or truncate anything."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root  # noqa: E402

VICTIM = "do not touch\n"


class Planted(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.victim = self.node.write("/etc/shadow", VICTIM, 0o640)
        self.outside = self.node.base / "outside"
        self.outside.mkdir()

    def expect_victim_whole(self, outcome):
        self.assertEqual(VICTIM, self.victim.read_text(), str(outcome))
        self.assertEqual(0o640, self.victim.stat().st_mode & 0o7777, str(outcome))
        self.assertEqual([], list(self.outside.iterdir()), str(outcome))

    def expect_refused(self, *words, statuses=(3,), name=None, **how):
        before = testing.snapshot(self.node.base)
        outcome = self.node.enable(*words, timeout=5, **how)
        self.assertIn(outcome.status, statuses, str(outcome))
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)), str(outcome))
        if name:
            self.assertIn(name, outcome.stderr)
        self.expect_victim_whole(outcome)

    def plant_each(self, where, function, kinds=("link", "dangling", "hard", "fifo")):
        """Calls `function` with each kind of thing at the path `where` of a fresh node in turn."""
        for kind in kinds:
            with self.subTest(path=where, kind=kind):
                self.setUp()
                path = self.node.root / where
                path.parent.mkdir(parents=True, exist_ok=True)
                if kind == "link":
                    path.symlink_to(self.victim)
                elif kind == "dangling":
                    path.symlink_to("/made/by/us")
                elif kind == "hard":
                    os.link(self.victim, path)
                elif kind == "fifo":
                    os.mkfifo(path)
                function()

    def test_a_manifest_that_is_a_link_is_refused(self):
        real = self.node.write("/opt/real.yaml", golden_manifest(), 0o600)
        self.node.manifest.unlink()
        self.node.manifest.symlink_to("/opt/real.yaml")
        self.expect_refused(name="kube-apiserver.yaml")
        self.assertEqual(golden_manifest(), real.read_bytes())

    def test_another_name_of_the_manifest_keeps_the_old_bytes(self):
        other = self.node.root / "opt/other.yaml"
        other.parent.mkdir()
        os.link(self.node.manifest, other)
        outcome = self.node.enable()
        self.assertIn(outcome.status, (0, 3), str(outcome))
        self.assertEqual(golden_manifest(), other.read_bytes())

    def test_at_the_policy_destination(self):
        self.plant_each(testing.POLICY, lambda: self.expect_refused(name="prod-audit.yaml"))

    def test_at_the_log(self):
        self.plant_each("var/log/prod-secrets.log", lambda: self.expect_refused(name="prod-secrets.log"))

    def test_a_directory_at_the_log(self):
        (self.node.root / "var/log/prod-secrets.log").mkdir()
        self.expect_refused(name="prod-secrets.log")

    def test_at_the_log_in_its_own_directory(self):
        self.plant_each("var/log/kube-audit/audit.log",
                        lambda: self.expect_refused(log="/var/log/kube-audit/audit.log"))

    def test_in_place_of_the_log_directory(self):
        self.plant_each("var/log/kube-audit", kinds=("dangling", "hard", "fifo"), function=lambda:
                        self.expect_refused(log="/var/log/kube-audit/audit.log", statuses=(3, 4)))

    def test_an_existing_log_is_neither_emptied_nor_replaced(self):
        log = self.node.write(testing.LOG, "events\n", 0o600)
        inode = log.stat().st_ino
        self.expect(self.node.enable(), 0)
        self.assertEqual(("events\n", inode), (log.read_text(), log.stat().st_ino))

    def check_any_end(self):
        """Whatever it decides: nothing redirected, and the manifest is changed only where it says so."""
        outcome = self.node.enable(timeout=5)
        self.assertIn(outcome.status, (0, 3, 4), str(outcome))
        self.expect_victim_whole(outcome)
        if outcome.status != 0:
            self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())
            self.assertFalse(self.node.installed_policy.exists(), str(outcome))

    def test_in_the_state_directory(self):
        for name in ("lock", "runs", "run", "backups"):
            self.plant_each(f"var/lib/kaudit/{name}", self.check_any_end)

    def test_a_state_directory_that_is_not_roots_alone(self):
        self.node.state.mkdir(parents=True)
        self.node.state.chmod(0o777)
        outcome = self.node.enable()
        self.assertIn(outcome.status, (0, 3, 4), str(outcome))
        if outcome.status == 0:  # then it took it for its own
            self.assertEqual(0o700, self.node.state.stat().st_mode & 0o777, str(outcome))

    def test_the_state_directory_is_a_link(self):
        self.node.state.parent.mkdir(parents=True)
        self.node.state.symlink_to("../../outside-root")
        outcome = self.node.enable()
        self.assertIn(outcome.status, (0, 3, 4), str(outcome))
        self.assertFalse((self.node.base / "outside-root").exists())
        self.expect_victim_whole(outcome)

    def test_names_that_a_temporary_could_have(self):
        for stem in ("kube-apiserver.yaml", ".kube-apiserver.yaml"):
            for ending in (".tmp", ".new", ".kaudit", "~", ".XXXXXX"):
                name = self.node.manifests / f".{stem.lstrip('.')}{ending}"
                if not name.is_symlink():
                    name.symlink_to(self.victim)
        outcome = self.node.enable()
        self.expect(outcome, 0)
        self.expect_victim_whole(outcome)

    @needs_root()
    def test_a_link_of_somebody_else_on_the_way_is_not_followed(self):
        logs = self.node.root / "var/log/shared"
        logs.mkdir()
        logs.chmod(0o1777)
        (logs / "audit").symlink_to("/srv")
        os.lchown(logs / "audit", 1000, 1000)
        (self.node.root / "srv").mkdir()
        self.expect_refused(log="/var/log/shared/audit/audit.log", name="audit")

    @needs_root()
    def test_a_link_in_a_directory_where_others_write_is_not_followed(self):
        spool = self.node.root / "etc/spool"
        spool.mkdir()
        spool.chmod(0o777)
        (spool / "kubernetes").symlink_to("/srv")
        (self.node.root / "srv").mkdir()
        self.expect_refused("--policy-dest", "/etc/spool/kubernetes/p.yaml", name="spool")

    def test_a_link_of_roots_own_on_the_way_is_followed_inside_the_root(self):
        os.rename(self.node.root / "etc/kubernetes", self.node.root / "srv")
        (self.node.root / "etc/kubernetes").symlink_to("/srv")
        self.expect(self.node.enable(), 0)
        self.assertIn(b"--audit-log-path", (self.node.root / "srv/manifests/kube-apiserver.yaml").read_bytes())
        self.assertTrue((self.node.root / "srv/prod-audit.yaml").exists())

    def test_a_link_out_of_the_root_ends_inside_it(self):
        (self.node.root / "var/lib").mkdir(parents=True)
        self.node.state.symlink_to(self.outside)
        outcome = self.node.enable()
        self.assertIn(outcome.status, (0, 3, 4), str(outcome))
        self.expect_victim_whole(outcome)


if __name__ == "__main__":
    testing.main()
