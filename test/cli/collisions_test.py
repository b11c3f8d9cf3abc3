"""Paths that cannot go together: two of ours on one place, ours on the program's own state, a log that is no file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402

DIGEST = b"kaudit/policy-sha256"


class Collisions(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def expect_refused(self, *words, **how):
        for extra in (["--dry-run"], []):
            before = testing.snapshot(self.node.base)
            outcome = self.node.enable(*words, *extra, **how)
            self.assertIn(outcome.status, (2, 3), str(outcome))
            self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)), str(outcome))
            self.assertRegex(outcome.stderr, r"\w")

    def test_the_log_is_not_the_policy(self):
        self.expect_refused(log="/" + testing.POLICY)
        self.expect_refused("--policy-dest", testing.LOG)

    def test_nor_below_it_nor_above_it(self):
        self.expect_refused(log=f"/{testing.POLICY}/audit.log")
        self.expect_refused("--policy-dest", f"{testing.LOG}/policy.yaml")

    def test_the_policy_already_there_is_no_log_either(self):
        self.expect(self.node.enable(), 0)
        self.expect_refused(policy=False, log="/" + testing.POLICY)

    def test_the_webhook_configuration_is_neither(self):
        place = self.node.write("/etc/kubernetes/hook.yaml", "apiVersion: v1\nkind: Config\nclusters:\n- name: a\n  cluster: {server: 'http://127.0.0.1:1'}\n"
                                "contexts:\n- name: a\n  context: {cluster: a}\ncurrent-context: a\n", 0o600)
        self.expect_refused("--webhook-config", place, log="/etc/kubernetes/hook.yaml")
        self.expect_refused("--webhook-config", place, "--policy-dest", "/etc/kubernetes/hook.yaml")

    def test_nothing_of_the_server_lies_in_the_state_directory(self):
        self.expect_refused(log="/var/lib/kaudit/audit.log")
        self.expect_refused(log="/var/lib/kaudit/runs/audit.log")
        self.expect_refused(log="/var/lib/kaudit/lock")
        self.expect_refused("--policy-dest", "/var/lib/kaudit/policy.yaml")
        self.expect_refused("--log-volume", "directory", "--state-dir", "/var/log/kaudit")

    def test_a_log_that_can_be_no_file(self):
        for path in ("/dev/stdout", "/dev/null", "/proc/1/fd/1", "/sys/x.log"):
            with self.subTest(path=path):
                self.expect_refused(log=path)


class WayBack(testing.TestCase):
    def test_an_annotation_whose_policy_nobody_has_stored_is_told_although_the_policy_comes_from_elsewhere(self):
        node = Node(self, golden_manifest())
        self.expect(node.enable(), 0)
        text = node.manifest.read_bytes()
        at = text.index(DIGEST) + len(DIGEST) + 2
        node.manifest.write_bytes(text[:at] + b"ab" * 32 + text[at + 64:])
        node.installed_policy.write_text(testing.POLICY_TEXT.replace("Metadata", "Request"))
        outcome = node.enable("--dry-run", "--max-age", "3")
        self.expect(outcome, 0)
        self.assertRegex(outcome.stderr, "no-way-back", str(outcome))


if __name__ == "__main__":
    testing.main()
