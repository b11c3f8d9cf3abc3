"""`kaudit rollback`: what was there before a run comes back, whichever verb made it, and only where that is right."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import LOG, Node, golden_manifest  # noqa: E402

OTHER_POLICY = testing.POLICY_TEXT.replace("[delete]", "[delete, create]")
REFUSED_POLICY = testing.POLICY_TEXT.replace("level: Metadata", "level: Everything")
WEBHOOK = """apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {token: s3cret-token}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
"""


def rollback(node, *extra, **how):
    return testing.run("rollback", "--root", node.root, *extra, **how)


def runs(node):
    """The ids, the oldest first."""
    return sorted(path.name for path in (node.state / "runs").iterdir())


class Rollback(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def enable(self, *extra, policy=None):
        if policy is not None:
            self.node.policy.write_text(policy)
        self.expect(self.node.enable(*extra), 0)
        return self.node.manifest.read_bytes()

    def expect_untouched_by(self, words, status, **expected):
        return self.expect_untouched(self.node, lambda: rollback(self.node, *words), status, **expected)

    def test_the_last_run(self):
        self.enable()
        outcome = rollback(self.node)
        self.expect(outcome, 0, stdout=["-    - --audit-policy-file", f"as it was before run {runs(self.node)[0]}"],
                    stderr=["written: ", "backup:  ", "nobody watches"])
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())
        self.assertTrue(self.node.installed_policy.exists(), "what the run made stays, and nothing names it")
        newest = json.loads((self.node.state / "runs" / runs(self.node)[-1] / "record.json").read_text())
        self.assertEqual(("rollback", "written"), (newest["verb"], newest["state"]))

    def test_a_rollback_of_a_rollback(self):
        enabled = self.enable()
        self.expect(rollback(self.node), 0)
        self.expect(rollback(self.node), 0)
        self.assertEqual(enabled, self.node.manifest.read_bytes())

    def test_a_named_run(self):
        self.enable()
        self.enable("--max-age", "7")
        self.expect(rollback(self.node, runs(self.node)[0]), 0)
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())

    def test_the_policy_that_the_old_manifest_names_is_checked_as_it_lies_on_the_node(self):
        self.enable()
        self.expect(self.node.enable("--max-age", "7", policy=False, log=None), 0)
        self.node.installed_policy.write_text(REFUSED_POLICY)
        self.expect_untouched_by([], 3, stderr=["prod-audit.yaml:4:10: rules[0].level"])

    def test_the_last_of_two_runs(self):
        first = self.enable()
        self.enable("--max-age", "7")
        self.expect(rollback(self.node), 0)
        self.assertEqual(first, self.node.manifest.read_bytes())

    def test_after_disable_with_everything_removed(self):
        enabled = self.enable()
        self.expect(testing.run("disable", "--root", self.node.root, "--purge"), 0)
        self.expect(rollback(self.node), 0, stdout=["+++ b/" + testing.POLICY])
        self.assertEqual(enabled, self.node.manifest.read_bytes())
        self.assertEqual(testing.POLICY_TEXT, self.node.installed_policy.read_text())
        log = (self.node.root / LOG.lstrip("/")).stat()
        self.assertEqual((0o600, 0), (log.st_mode & 0o7777, log.st_size), "the kubelet would make it everybody's to read")

    def test_the_policys_content_comes_back(self):
        first = self.enable()
        self.enable(policy=OTHER_POLICY)
        self.assertEqual(OTHER_POLICY, self.node.installed_policy.read_text())
        self.expect(rollback(self.node), 0, stdout=["-  verbs: [delete, create]"])
        self.assertEqual(testing.POLICY_TEXT, self.node.installed_policy.read_text())
        self.assertEqual(first, self.node.manifest.read_bytes(), "the pair belongs together")

    def test_a_webhook_config_comes_back_unseen(self):
        hook = self.node.base / "hook.yaml"
        hook.write_text(WEBHOOK)
        self.enable("--webhook-config", hook)
        hook.write_text(WEBHOOK.replace("s3cret-token", "an0ther-token"))
        self.enable("--webhook-config", hook)
        outcome = rollback(self.node)
        self.expect(outcome, 0, stdout=["sha256"])
        self.assertNotRegex(outcome.stdout + outcome.stderr, "s3cret-token|an0ther-token")
        self.assertEqual(WEBHOOK, (self.node.root / "etc/kubernetes/hook.yaml").read_text())

    def test_nothing_to_do(self):
        self.enable()
        self.expect(rollback(self.node), 0)
        before = testing.snapshot(self.node.base)
        self.expect(rollback(self.node, runs(self.node)[0]), 0, stdout=["nothing to do"])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_a_dry_run_and_a_check_write_nothing(self):
        self.enable()
        for word, status in (("--dry-run", 0), ("--check", 1)):
            before = testing.snapshot(self.node.base)
            self.expect(rollback(self.node, word), status, stdout=["-    - --audit-policy-file"])
            self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))
        self.expect(rollback(self.node), 0)
        self.expect(rollback(self.node, "--check", runs(self.node)[0]), 0)

    def test_a_run_that_is_not_there(self):
        self.expect_untouched_by([], 3, stderr=["[no-run]", "kaudit rollback --list"])
        self.enable()
        self.expect_untouched_by(["20260131T081530.123Z-5f3c9a"], 3, stderr=["[no-run]", "20260131T081530.123Z-5f3c9a"])

    def test_only_runs_on_the_manifest_that_is_named(self):
        self.enable()
        self.expect_untouched_by(["--manifest", "/etc/kubernetes/manifests/other.yaml"], 3, stderr=["[no-run]", "other.yaml"])
        self.expect(rollback(self.node, "--list", "--manifest", "/other.yaml"), 0, stdout=["no run is stored"])
        self.expect(rollback(self.node, "--manifest", "/" + testing.MANIFEST), 0)

    def test_what_differs_outside_auditing(self):
        self.enable()
        edited = self.node.manifest.read_bytes().replace(b"--secure-port=6443", b"--secure-port=6444")
        self.node.manifest.write_bytes(edited)
        refused = self.expect_untouched_by([], 3, stderr=["[differs-outside-auditing]", runs(self.node)[0]])
        self.assertIn("--ignore differs-outside-auditing", refused.stderr)
        self.expect(rollback(self.node, "--ignore", "differs-outside-auditing"), 0, stderr=["[differs-outside-auditing]"])
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())

    def test_a_manifest_that_cannot_be_read_any_more(self):
        self.enable()
        self.node.manifest.write_text("broken: [\n")
        self.expect_untouched_by([], 3, stderr=["[differs-outside-auditing]", "cannot be read"])
        self.expect(rollback(self.node, "--ignore", "differs-outside-auditing"), 0)
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())

    def test_edits_that_mean_nothing_are_no_difference(self):
        self.enable()
        self.node.manifest.write_bytes(self.node.manifest.read_bytes() + b"# a remark\n")
        self.expect(rollback(self.node), 0)
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())

    def test_a_manifest_that_is_gone(self):
        self.enable()
        self.node.manifest.unlink()
        self.expect_untouched_by([], 4, stderr=["[missing]"])

    def test_a_policy_that_the_server_would_refuse(self):
        self.enable()
        self.node.installed_policy.write_text(REFUSED_POLICY)
        self.enable()
        self.expect_untouched_by([], 3, stderr=["prod-audit.yaml:4", "Everything"])

    def test_a_damaged_backup(self):
        self.enable()
        copy = next(self.node.state.glob("runs/*/before/kube-apiserver.yaml"))
        copy.write_bytes(copy.read_bytes() + b"# more\n")
        self.expect_untouched_by([], 4, stderr=[str(copy)])

    def test_a_copy_of_the_pod_beside_the_manifest(self):
        self.enable()
        (self.node.manifests / "kube-apiserver.yaml.bak").write_bytes(golden_manifest())
        self.expect_untouched_by([], 3, stderr=["kube-apiserver.yaml.bak"])

    def test_called_by_its_name(self):
        self.enable()
        link = self.node.base / "kaudit-rollback"
        link.symlink_to(testing.program())
        self.expect(testing.run("--root", self.node.root, called=str(link)), 0)
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())


class List(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def listed(self):
        before = testing.snapshot(self.node.base)
        outcome = rollback(self.node, "--list")
        self.expect(outcome, 0)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))
        return outcome.stdout

    def test_nothing_is_stored(self):
        self.assertEqual("no run is stored\n", self.listed())

    def test_the_newest_first_with_what_the_manifest_is_now(self):
        self.expect(self.node.enable(), 0)
        self.expect(self.node.enable("--max-age", "7"), 0)
        text = self.listed()
        old, new = runs(self.node)
        self.assertLess(text.index(new), text.index(old))
        first, second = text[:text.index(old)], text[text.index(old):]
        self.assertIn(f"{new}  enable  written\n    {self.node.state}/runs/{new}; the manifest is what this run wrote\n", first)
        self.assertIn("--audit-log-maxage", first)
        self.assertIn("the manifest is neither what this run wrote nor what was there before it", second)
        self.expect(rollback(self.node, old), 0)
        self.assertIn("the manifest is what was there before this run", self.listed().split(old)[-1])
        self.assertIn(f"    back to what was there before run {old}\n", self.listed())


if __name__ == "__main__":
    testing.main()
