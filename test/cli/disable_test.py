"""`kaudit disable`: the old bytes come back, or a plan takes auditing out of what others have edited since; `--purge`."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import LOG, Node, golden_manifest  # noqa: E402

CERTIFICATE = Path(__file__).with_name("api_server.pem")
WEBHOOK = """apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9", certificate-authority: ca.crt}}]
users: [{name: u, user: {token: s3cret-token}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
"""


def disable(node, *extra, **how):
    return testing.run("disable", "--root", node.root, *extra, **how)


class Disable(testing.TestCase):
    def enabled(self, manifest=None, *extra):
        node = Node(self, manifest if manifest is not None else golden_manifest())
        self.expect(node.enable(*extra), 0)
        return node

    def record(self, node):
        newest = sorted((node.state / "runs").iterdir())[-1]
        return json.loads((newest / "record.json").read_text())

    def test_bytes_of_before(self):
        node = self.enabled()
        outcome = disable(node)
        self.expect(outcome, 0, stdout=["come back", "-    - --audit-policy-file"], stderr=["written: ", "backup:  "])
        self.assertEqual(golden_manifest(), node.manifest.read_bytes())
        self.assertTrue(node.installed_policy.exists(), "the policy stays")
        self.assertTrue((node.root / LOG.lstrip("/")).exists(), "the log stays")
        record = self.record(node)
        self.assertEqual(("disable", []), (record["verb"], record["removals"]))
        self.assertEqual(["manifest", "policy"], [file["role"] for file in record["files"]], "the pair can be put back")
        before = testing.snapshot(node.base)
        self.expect(disable(node), 0, stdout=["nothing to do"])
        self.assertEqual([], testing.differences(before, testing.snapshot(node.base)))

    def test_bytes_of_before_two_runs(self):
        """An empty list is something that only the stored bytes remember."""
        manifest = golden_manifest("annotations-null")
        node = self.enabled(manifest)
        self.expect(node.enable("--max-age", "7"), 0)
        self.expect(disable(node), 0, stdout=["come back"])
        self.assertEqual(manifest, node.manifest.read_bytes())

    def test_edited_since(self):
        node = self.enabled()
        edited = node.manifest.read_text().replace("--secure-port=6443", "--secure-port=6444")
        node.manifest.write_text(edited)
        outcome = disable(node)
        self.expect(outcome, 0)
        self.assertNotIn("come back", outcome.stdout)
        self.assertEqual(golden_manifest().decode().replace("--secure-port=6443", "--secure-port=6444"), node.manifest.read_text())

    def test_damaged_backup(self):
        """A backup that is not what the record says is not used."""
        node = self.enabled()
        copy = next(node.state.glob("runs/*/before/kube-apiserver.yaml"))
        copy.write_bytes(copy.read_bytes() + b"# more\n")
        self.expect(disable(node), 0)
        self.assertEqual(golden_manifest(), node.manifest.read_bytes())

    def test_before_had_auditing(self):
        manifest = golden_manifest().replace(b"    - --allow-privileged", b"    - --audit-log-path=/old.log\n    - --allow-privileged")
        node = self.enabled(manifest)
        self.expect(disable(node), 0)
        self.assertNotIn(b"audit", node.manifest.read_bytes())

    def test_dry_run_and_check(self):
        node = self.enabled()
        for option, status in (("--dry-run", 0), ("--check", 1)):
            for purge in ([], ["--purge"]):
                before = testing.snapshot(node.base)
                outcome = disable(node, option, *purge)
                self.expect(outcome, status, stdout=["-    - --audit-log-path"])
                self.assertEqual([], testing.differences(before, testing.snapshot(node.base)))
        self.expect(disable(node), 0)
        self.expect(disable(node, "--check"), 0)

    def test_json(self):
        node = self.enabled()
        document = disable(node, "--purge", "--output", "json").json()
        self.assertTrue(document["changed"])
        gone = {change["path"]: change for change in document["changes"] if change["path"].startswith(("/etc/kubernetes/prod", "/var"))}
        self.assertEqual({"/" + testing.POLICY, LOG}, set(gone))
        for change in gone.values():
            self.assertEqual(("remove", None), (change["action"], change["after"]))
        diff = next(diff for diff in document["diff"] if diff["after_header"] == "/dev/null")
        self.assertEqual((testing.POLICY_TEXT, ""), (diff["before"], diff["after"]))

    def test_unreadable_is_refused(self):
        node = Node(self, "kind: Pod\n")
        self.expect_untouched(node, lambda: disable(node), 3)

    def test_flags_of_no_version(self):
        """What keeps the server from starting can be taken out, too."""
        node = Node(self, golden_manifest().replace(b"    - --allow-privileged", b"    - --audit-log=x\n    - --allow-privileged"))
        self.expect(disable(node), 0)
        self.assertEqual(golden_manifest(), node.manifest.read_bytes())

    def test_called_by_its_name(self):
        node = self.enabled()
        link = node.base / "kaudit-disable"
        link.symlink_to(testing.program())
        self.expect(testing.run("--root", node.root, called=str(link)), 0)
        self.assertEqual(golden_manifest(), node.manifest.read_bytes())


class Purge(testing.TestCase):
    def prepared(self):
        node = Node(self, golden_manifest())
        hook = node.base / "hook.yaml"
        hook.write_text(WEBHOOK)
        (node.base / "ca.crt").write_bytes(CERTIFICATE.read_bytes())
        self.expect(node.enable("--webhook-config", hook), 0)
        for name in ("prod-secrets-2026-01-31T12-00-00.123.log", "prod-secrets-2026-01-31T12-00-00.123.log.gz",
                     "prod-secrets-2026.log", "prod-secrets.log.1", "prod-secrets.log.10.gz", "prod-secrets.log.old"):
            (node.root / "var/log" / name).write_text("events\n")
        return node

    def names(self, node):
        return {*os.listdir(node.root / "var/log"), *os.listdir(node.root / "etc/kubernetes")}

    def test_policy_webhook_and_log(self):
        node = self.prepared()
        outcome = disable(node, "--purge")
        self.expect(outcome, 0, stderr=["removed: "])
        self.assertNotIn("s3cret-token", outcome.stdout + outcome.stderr)
        self.assertEqual({"manifests", "syslog", "prod-secrets-2026.log", "prod-secrets.log.old"}, self.names(node))
        self.assertEqual(golden_manifest(), node.manifest.read_bytes())
        runs = sorted((node.state / "runs").iterdir())
        self.assertEqual(testing.POLICY_TEXT, (runs[-1] / "before/prod-audit.yaml").read_text(), "the way back")
        before = testing.snapshot(node.base)
        self.expect(disable(node, "--purge"), 0, stdout=["nothing to do"])
        self.assertEqual([], testing.differences(before, testing.snapshot(node.base)))

    def test_afterwards(self):
        """`disable`, and `--purge` only when the log has been looked through: the manifest is not touched again."""
        node = self.prepared()
        self.expect(disable(node), 0)
        manifest = node.manifest.stat()
        self.expect(disable(node, "--purge"), 0)
        self.assertEqual({"manifests", "syslog", "prod-secrets-2026.log", "prod-secrets.log.old"}, self.names(node))
        self.assertEqual((manifest.st_ino, manifest.st_mtime_ns), (node.manifest.stat().st_ino, node.manifest.stat().st_mtime_ns))

    def test_changed_policy_stays(self):
        node = self.prepared()
        node.installed_policy.write_text(testing.POLICY_TEXT + "# mine\n")
        self.expect(disable(node, "--purge"), 0, stderr=["[not-purged]"])
        self.assertIn("prod-audit.yaml", self.names(node))

    def test_policy_used_in_place_stays(self):
        node = Node(self, golden_manifest())
        mine = node.write("/etc/kubernetes/mine.yaml", testing.POLICY_TEXT, 0o600)
        self.expect(node.enable(policy=mine), 0)
        self.expect(disable(node, "--purge"), 0, stderr=["[not-purged]"])
        self.assertTrue(mine.exists())

    def test_what_another_container_mounts_stays(self):
        """A hostPath of type File without its file: the kubelet does not start the pod (`hostPath type check failed`)."""
        node = Node(self, golden_manifest())
        self.expect(node.enable(), 0)
        text = node.manifest.read_text()
        shipper = ("  - name: shipper\n    image: example.com/shipper\n    volumeMounts:\n"
                   "    - {name: audit, mountPath: /policy.yaml}\n    - {name: audit-log, mountPath: /in.log}\n")
        node.manifest.write_text(text.replace("  containers:\n", "  containers:\n" + shipper, 1))
        self.expect(disable(node, "--purge"), 0, stderr=["[not-purged]", "still uses this audit policy"])
        self.assertIn("/etc/kubernetes/prod-audit.yaml", node.manifest.read_text())
        self.assertIn("prod-audit.yaml", self.names(node))
        self.assertIn("prod-secrets.log", self.names(node))

    def test_what_another_pod_mounts_stays(self):
        node = Node(self, golden_manifest())
        self.expect(node.enable(), 0)
        node.write("/etc/kubernetes/manifests/other.yaml",
                   "apiVersion: v1\nkind: Pod\nmetadata: {name: other}\nspec:\n  volumes:\n  - name: p\n    hostPath: "
                   "{path: /etc/kubernetes/../kubernetes/prod-audit.yaml, type: File}\n"
                   "  containers: [{name: a, image: b, args: ['--audit-log-path=/var/log/prod-secrets.log']}]\n", 0o600)
        self.expect(disable(node, "--purge"), 0, stderr=["still uses this audit policy", "still uses this audit log"])
        self.assertIn("prod-audit.yaml", self.names(node))
        self.assertIn("prod-secrets.log", self.names(node))

    def test_odd_logs_stay(self):
        node = self.prepared()
        log = node.root / LOG.lstrip("/")
        os.link(log, node.base / "second-name")
        rotated = node.root / "var/log/prod-secrets-2026-01-31T12-00-00.123.log"
        rotated.unlink()
        rotated.symlink_to("/etc/passwd")
        self.expect(disable(node, "--purge"), 0, stderr=["[not-purged]"])
        self.assertTrue(log.exists() and rotated.is_symlink())

    def test_a_log_of_a_directory_mount(self):
        node = Node(self, golden_manifest())
        self.expect(node.enable(log="/var/log/kubernetes/audit/audit.log"), 0)
        log = node.write("/var/log/kubernetes/audit/audit.log", "events\n", 0o600)
        self.expect(disable(node, "--purge"), 0)
        self.assertFalse(log.exists())
        self.assertTrue(log.parent.exists())


if __name__ == "__main__":
    testing.main()
