"""The program on a machine of its own, where a real run refuses to begin: no kubelet runs, and no API server answers.

Where that is not the question the tests go on all the same, and nobody watches.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root  # noqa: E402
from own_machine import OwnMachine  # noqa: E402

USER, GROUP = 900, 901
ALONE = ["--ignore", "kubelet-down,api-server-down", "--no-watch"]
AS_USER = b"  securityContext:\n    runAsUser: %d\n    runAsGroup: %d\n" % (USER, GROUP)


@needs_root()
class Machine(testing.TestCase):
    def setUp(self):
        self.node = OwnMachine(self)

    def enable(self, *extra, log=testing.LOG, policy="/root/prod-audit.yaml", alone=True):
        return self.node.call("enable", "--policy", policy, "--log", log, *(ALONE if alone else []), *extra)

    def run_as_user(self):
        self.node.manifest.write_bytes(self.node.original.replace(b"  securityContext:\n", AS_USER))

    def test_the_whole_job_and_again(self):
        first = self.enable()
        self.expect(first, 0, stdout=["plan for /etc/kubernetes/manifests/kube-apiserver.yaml"],
                    stderr=["ignored: no kubelet runs on this node", "[kubelet-down]", "[api-server-down]",
                            "nobody watches whether the API server comes back", "kubectl get --raw /readyz"])
        self.assertEqual(testing.POLICY_TEXT, self.node.installed_policy.read_text())
        before = testing.snapshot(self.node.root)
        self.expect(self.enable(alone=False), 0, stdout=["nothing to do"])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.root)))

    def test_a_node_on_which_no_kubelet_runs(self):
        refused = self.expect_untouched(self.node, lambda: self.enable(alone=False), 3, stderr=["[kubelet-down]"])
        self.assertIn("--ignore kubelet-down", refused.stderr)
        for word, status in (("--dry-run", 0), ("--check", 1)):
            before = testing.snapshot(self.node.base)
            self.expect(self.enable(word, alone=False), status, stderr=["warning: ", "[kubelet-down]"])
            self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_an_api_server_that_is_down_already(self):
        words = ["--ignore", "kubelet-down"]
        self.expect_untouched(self.node, lambda: self.enable(*words, alone=False), 3, stderr=["[api-server-down]"])

    def test_a_log_that_is_larger_than_the_disk(self):
        sizes = ["--max-size", "2000000", "--max-backup", "1000", "--log-volume", "directory"]
        log = "/var/log/kubernetes/audit.log"
        self.expect_untouched(self.node, lambda: self.enable(*sizes, log=log), 4, stderr=["[disk-space]", "(1001 files of 2000000 MB)"])
        self.expect(self.enable(*sizes, "--ignore", "disk-space", log=log), 0, stderr=["[disk-space]"])

    def test_the_way_back_from_a_server_that_is_down(self):
        """Neither `rollback` nor `disable` waits for what they are to bring back; a kubelet they do need."""
        self.expect(self.enable(), 0)
        enabled = self.node.manifest.read_bytes()
        self.expect(self.node.call("rollback", "--list"), 0, stdout=["the manifest is what this run wrote"])
        for verb in ("rollback", "disable"):
            with self.subTest(verb=verb):
                self.node.manifest.write_bytes(enabled)
                self.expect_untouched(self.node, lambda verb=verb: self.node.call(verb), 3, stderr=["[kubelet-down]"])
                self.expect(self.node.call(verb, "--ignore", "kubelet-down", "--no-watch"), 0,
                            stderr=["warning: no API server answers on port", "[api-server-down]"])
                self.assertEqual(self.node.original, self.node.manifest.read_bytes())

    def test_a_log_directory_that_the_servers_user_may_not_write(self):
        self.run_as_user()
        words = ["--log-volume", "directory"]
        refused = self.expect_untouched(self.node, lambda: self.enable(*words), 3,
                                        stderr=["[unwritable-by-server]", f"chown {USER}:{GROUP}", "/var/log"])
        self.assertIn("--ignore unwritable-by-server", refused.stderr)
        self.expect(self.enable(*words, "--ignore", "unwritable-by-server"), 0, stderr=["[unwritable-by-server]"])

    def test_an_existing_log_of_somebody_else(self):
        self.run_as_user()
        log = self.node.write(testing.LOG, "", 0o644)
        self.expect_untouched(self.node, self.enable, 3, stderr=["[unwritable-by-server]"])
        os.chown(log, USER, GROUP)
        self.expect(self.enable(), 0)

    def test_a_policy_in_place_that_the_servers_user_may_not_read(self):
        self.run_as_user()
        policy = self.node.write("/etc/kubernetes/prod-audit.yaml", testing.POLICY_TEXT, 0o600)
        in_place = "/etc/kubernetes/prod-audit.yaml"
        self.expect_untouched(self.node, lambda: self.enable(policy=in_place), 3, stderr=["[unreadable-by-server]"])
        os.chown(policy, 0, GROUP)
        policy.chmod(0o640)
        self.expect(self.enable(policy=in_place), 0)

    def test_a_policy_that_the_manifest_names_and_that_is_not_there(self):
        self.expect(self.enable(), 0)
        (self.node.root / testing.POLICY).unlink()
        words = ["enable", *ALONE, "--max-age", "7"]
        self.expect_untouched(self.node, lambda: self.node.call(*words), 4, stderr=["[policy-unreadable]", testing.POLICY])
        self.expect(self.node.call(*words, "--ignore", "policy-unreadable"), 0, stderr=["[policy-unreadable]"])

    def test_a_manifest_directory_that_belongs_to_another_user(self):
        os.chown(self.node.manifests, USER, GROUP)
        self.expect_untouched(self.node, self.enable, 3, stderr=["[foreign-owner]"])


class ScratchRoot(testing.TestCase):
    """Under --root the owners are those that the caller could set: what the server may do there is only warned about."""

    def test_a_log_directory_that_the_servers_user_may_not_write(self):
        node = Node(self, golden_manifest().replace(b"  securityContext:\n", AS_USER))
        self.expect(node.enable("--log-volume", "directory"), 0, stderr=["[unwritable-by-server]"])


if __name__ == "__main__":
    testing.main()
