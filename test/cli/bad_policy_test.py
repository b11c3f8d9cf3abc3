"""The same for the files of the person at the keyboard: the policy and the webhook's configuration."""

import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root  # noqa: E402

WEBHOOK = """apiVersion: v1
kind: Config
clusters:
- name: falco
  cluster:
    server: https://127.0.0.1:9765/k8s-audit
users:
- name: me
  user: {}
contexts:
- name: default
  context: {cluster: falco, user: me}
current-context: default
"""

NO_POLICY = {
    "empty": b"",
    "only comments": b"# to do\n",
    "binary": random.Random(2).randbytes(2048),
    "UTF-16 without a mark": testing.POLICY_TEXT.encode("utf-16-le"),
    "a pod": b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n",
    "a list": b"- level: Metadata\n",
    "not YAML": b"rules: [\n",
    "half a line": b"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: \"Meta",
}
NO_WEBHOOK = {
    "empty": b"",
    "binary": random.Random(3).randbytes(2048),
    "not YAML": b"clusters: [\n",
    "a pod": b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n",
    "a list": b"- a\n",
    "an exec plugin": WEBHOOK.replace("user: {}", "user: {exec: {apiVersion: v1, command: /bin/true}}").encode(),
}


class TheirFiles(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.path = self.node.base / "given.yaml"

    def enable(self, option, **how):
        if option == "--policy":
            return self.node.enable(policy=self.path, **how)
        return self.node.enable("--webhook-config", self.path, **how)

    def expect_refused(self, status, **more):
        for option in ("--policy", "--webhook-config"):
            with self.subTest(option=option):
                self.expect_untouched(self.node, lambda option=option: self.enable(option, timeout=10), status,
                                      stderr=["given.yaml"], **more)

    def test_a_missing_file(self):
        self.expect_refused(4)

    def test_a_directory(self):
        self.path.mkdir()
        self.expect_refused(3)

    def test_a_fifo_is_refused_without_opening_it(self):
        os.mkfifo(self.path)
        self.expect_refused(3)

    def test_a_link_to_a_device(self):
        self.path.symlink_to("/dev/zero")
        self.expect_refused(3)

    def test_a_dangling_link(self):
        self.path.symlink_to("/nowhere/at/all")
        self.expect_refused(4)

    def test_a_link_to_itself(self):
        self.path.symlink_to(self.path)
        self.expect_refused(4)

    def test_a_file_of_hundred_mebibytes(self):
        with self.path.open("wb") as file:
            file.truncate(100 << 20)
        self.expect_refused(3)

    @needs_root()
    def test_an_unreadable_file(self):
        self.path.write_text(testing.POLICY_TEXT)
        self.path.chmod(0)
        self.node.root.chmod(0o755)
        for option in ("--policy", "--webhook-config"):
            outcome = self.enable(option, unprivileged=True)
            self.expect(outcome, 4)

    def test_what_is_no_policy(self):
        for name, content in NO_POLICY.items():
            with self.subTest(name=name):
                self.path.write_bytes(content)
                self.expect_untouched(self.node, lambda: self.enable("--policy"), 3, stderr=["given.yaml"])

    def test_a_kubeconfig_given_by_mistake_is_not_shown(self):
        user = "users: [{name: a, user: {token: S3CRET}}]"
        for text in (f"{{apiVersion: v1, kind: Config, {user}}}\n", f"{{'kind': 'Config', {user}\n",
                     f"apiVersion: v1\nkind: Config\n{user[:-1]}\n", f"{user}\n", "- S3CRET\n"):
            self.node.policy.write_text(text)
            for words in ([], ["--output", "json"]):
                outcome = self.node.enable(*words)
                self.expect(outcome, 3)
                self.assertNotIn("S3CRET", outcome.stdout + outcome.stderr)

    def test_what_is_no_webhook_configuration(self):
        for name, content in NO_WEBHOOK.items():
            with self.subTest(name=name):
                self.path.write_bytes(content)
                self.expect_untouched(self.node, lambda: self.enable("--webhook-config"), 3, stderr=["given.yaml"])

    def test_a_webhook_configuration_that_names_a_missing_file(self):
        self.path.write_text(WEBHOOK.replace("    server", "    certificate-authority: ca.crt\n    server"))
        self.expect_untouched(self.node, lambda: self.enable("--webhook-config"), 3, stderr=["given.yaml", "ca.crt"])

    def test_a_policy_of_the_keyboard_may_be_a_link(self):
        self.path.symlink_to(self.node.policy)
        self.expect(self.enable("--policy"), 0)
        self.assertEqual(testing.POLICY_TEXT, (self.node.root / "etc/kubernetes/given.yaml").read_text())


class NamedByTheManifest(testing.TestCase):
    """Without --policy: the one that the server reads when it is started again."""

    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.expect(self.node.enable(log="/var/log/apiserver-audit/audit.log"), 0)  # a directory of its own: no warning
        self.policy = self.node.installed_policy

    def enable(self, *words):
        return self.node.enable(*words, policy=False, log=None)

    def test_one_that_the_server_would_refuse(self):
        self.policy.write_text(testing.POLICY_TEXT.replace("Metadata", "BROKEN"))
        self.expect_untouched(self.node, lambda: self.enable("--max-age", "7"), 3,
                              stderr=["prod-audit.yaml:4:10: rules[0].level", "BROKEN"])

    def test_findings_are_warnings_and_strict_refuses_them(self):
        self.policy.write_text(testing.POLICY_TEXT.replace("verbs", "verb"))
        self.expect_untouched(self.node, lambda: self.enable("--max-age", "7", "--strict"), 3, stderr=["[unknown-field]"])
        outcome = self.enable("--max-age", "7", "--output", "json")
        self.expect(outcome, 0)
        self.assertIn("unknown-field", [warning["code"] for warning in outcome.json()["warnings"]])

    def test_where_nothing_is_restarted_it_is_a_warning(self):
        self.policy.write_text(testing.POLICY_TEXT.replace("Metadata", "BROKEN"))
        before = testing.snapshot(self.node.base)
        self.expect(self.enable("--max-age", "30"), 0,
                    stderr=["warning: ", "prod-audit.yaml:4:10", "the API server will not start again with this policy"])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_one_that_is_missing_below_another_root_is_nothing(self):
        self.policy.unlink()
        outcome = self.enable("--max-age", "7")
        self.expect(outcome, 0)
        self.assertNotIn("policy-unreadable", outcome.stderr)

    def test_one_that_is_no_file(self):
        self.policy.unlink()
        self.policy.mkdir()
        self.expect(self.enable("--max-age", "7"), 0, stderr=["[policy-unreadable]", "directory"])

    def test_it_is_found_through_the_servers_mounts_and_links(self):
        elsewhere = self.node.write("/srv/p.yaml", testing.POLICY_TEXT.replace("Metadata", "BROKEN"), 0o600)
        self.policy.unlink()
        self.policy.symlink_to("/srv/p.yaml")
        self.expect(self.enable("--max-age", "7"), 3, stderr=["prod-audit.yaml:4:10"])
        self.policy.unlink()
        text = self.node.manifest.read_text()
        self.node.manifest.write_text(text.replace("path: /etc/kubernetes/prod-audit.yaml", "path: /srv/p.yaml"))
        self.expect_untouched(self.node, lambda: self.enable("--max-age", "7"), 3, stderr=[f"{elsewhere}:4:10"])


class Destination(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def test_another_file_at_the_destination_is_never_overwritten(self):
        self.node.installed_policy.write_text("somebody else's\n")
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["/etc/kubernetes/prod-audit.yaml"])

    def test_nor_a_directory_or_a_fifo_there(self):
        self.node.installed_policy.mkdir()
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["prod-audit.yaml"])
        self.node.installed_policy.rmdir()
        os.mkfifo(self.node.installed_policy)
        self.expect_untouched(self.node, lambda: self.node.enable(timeout=5), 3, stderr=["prod-audit.yaml"])

    def test_a_file_below_etc_kubernetes_is_used_in_place(self):
        place = self.node.write("/etc/kubernetes/audit/mine.yaml", testing.POLICY_TEXT, 0o600)
        inode = place.stat().st_ino
        self.expect(self.node.enable(policy=place), 0)
        self.assertEqual(inode, place.stat().st_ino)
        self.assertIn(b"--audit-policy-file=/etc/kubernetes/audit/mine.yaml", self.node.manifest.read_bytes())
        self.assertFalse((self.node.root / "etc/kubernetes/mine.yaml").exists())

    def test_unless_others_may_write_it(self):
        place = self.node.write("/etc/kubernetes/audit/mine.yaml", testing.POLICY_TEXT, 0o666)
        outcome = self.node.enable(policy=place)
        if outcome.status == 0:  # then it was installed elsewhere
            self.assertNotIn(b"--audit-policy-file=/etc/kubernetes/audit/mine.yaml", self.node.manifest.read_bytes())
        else:
            self.expect(outcome, 3, stderr=["mine.yaml"])

    def test_the_destination_can_be_chosen(self):
        self.expect(self.node.enable("--policy-dest", "/srv/audit/p.yaml"), 0)
        self.assertEqual(testing.POLICY_TEXT, (self.node.root / "srv/audit/p.yaml").read_text())
        self.assertIn(b"--audit-policy-file=/srv/audit/p.yaml", self.node.manifest.read_bytes())

    def test_nothing_of_ours_goes_below_the_manifests_directory(self):
        below = "/etc/kubernetes/manifests/"
        for words, how in ((["--policy-dest", below + "p.yaml"], {}), (["--state-dir", below + "state"], {}),
                           ([], {"log": below + "audit.log"}), ([], {"log": below + "deep/audit.log"}),
                           (["--policy-dest", below + ".p.yaml"], {}), (["--policy-dest", "/etc//kubernetes/./manifests/p.yaml"], {})):
            with self.subTest(words=words, how=how):
                before = testing.snapshot(self.node.base)
                outcome = self.node.enable(*words, **how)
                self.assertIn(outcome.status, (2, 3), str(outcome))
                self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_a_policy_already_below_the_manifests_directory_is_refused(self):
        place = self.node.write("/etc/kubernetes/manifests/policy.yaml", testing.POLICY_TEXT, 0o600)
        self.expect_untouched(self.node, lambda: self.node.enable(policy=place), 3, stderr=["manifests"])


if __name__ == "__main__":
    testing.main()
