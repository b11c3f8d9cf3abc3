"""Text for people: plan and diff on stdout, everything else on stderr; colours; a diff that tools take."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402

ESCAPE = "\x1b["
VARIANTS = ("kubeadm-1.30", "json-one-line", "crlf", "bom-crlf-no-final-newline", "no-final-newline", "flow-style",
            "volumes-missing", "comments-everywhere", "unicode")


class Diff(testing.TestCase):
    def apply_with(self, *command):
        for variant in VARIANTS:
            with self.subTest(variant=variant):
                node = Node(self, golden_manifest(variant))
                other = node.base / "other"
                shutil.copytree(node.root, other)
                outcome = node.enable()
                self.expect(outcome, 0)
                done = subprocess.run(command, cwd=other, input=outcome.stdout_bytes, capture_output=True, check=False)
                self.assertEqual(0, done.returncode, (done.stdout + done.stderr).decode() + outcome.stdout)
                for path in (testing.MANIFEST, testing.POLICY):
                    self.assertEqual((node.root / path).read_bytes(), (other / path).read_bytes(), path)

    def test_patch_takes_all_that_is_printed(self):
        self.apply_with("patch", "-s", "-p1")

    def test_git_apply_takes_it(self):
        self.apply_with("git", "apply", "--whitespace=nowarn", "-p1")

    def test_reversed_it_gives_the_old_bytes_back(self):
        for variant in VARIANTS:
            with self.subTest(variant=variant):
                node = Node(self, golden_manifest(variant))
                outcome = node.enable()
                done = subprocess.run(["patch", "-s", "-R", "-p1"], cwd=node.root, input=outcome.stdout_bytes, capture_output=True, check=False)
                self.assertEqual(0, done.returncode, (done.stdout + done.stderr).decode())
                self.assertEqual(golden_manifest(variant), node.manifest.read_bytes())
                self.assertFalse(node.installed_policy.exists())

    def test_new_files_are_shown_against_dev_null(self):
        node = Node(self, golden_manifest())
        self.assertIn("--- /dev/null\n+++ b/etc/kubernetes/prod-audit.yaml\n", node.enable("--dry-run").stdout)

    def test_a_changed_policy_is_shown_as_a_change(self):
        node = Node(self, golden_manifest())
        self.expect(node.enable(), 0)
        node.policy.write_text(testing.POLICY_TEXT.replace("Metadata", "Request"))
        outcome = node.enable("--dry-run")
        self.assertIn("--- a/etc/kubernetes/prod-audit.yaml\n+++ b/etc/kubernetes/prod-audit.yaml\n", outcome.stdout)
        self.assertIn("-- level: Metadata\n+- level: Request\n", outcome.stdout)


class Text(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def test_the_plan_speaks_in_the_fields_words(self):
        outcome = self.node.enable("--dry-run")
        plan = outcome.stdout[:outcome.stdout.index("--- ")]
        for part in ("spec.containers[0].command", "--audit-policy-file=/etc/kubernetes/prod-audit.yaml", "spec.volumes",
                     "spec.containers[0].volumeMounts", "kaudit/policy-sha256", "/etc/kubernetes/prod-audit.yaml"):
            self.assertIn(part, plan)

    def test_quiet_prints_neither_plan_nor_diff(self):
        for words in (["-q", "--dry-run"], ["-q", "--check"], ["-q"]):
            self.assertEqual("", self.node.enable(*words).stdout, words)

    def test_quiet_refusals_still_speak(self):
        self.node.manifest.write_text("x")
        outcome = self.node.enable("-q")
        self.expect(outcome, 3, stderr=["kube-apiserver.yaml"])

    def test_no_colour_when_piped(self):
        outcome = self.node.enable("--dry-run")
        self.assertNotIn(ESCAPE, outcome.stdout + outcome.stderr)

    def test_colour_where_it_is_asked_for(self):
        plain, coloured = self.node.enable("--dry-run"), self.node.enable("--dry-run", "--color", "always")
        self.assertIn(ESCAPE, coloured.stdout)
        self.assertEqual(plain.stdout, re.sub(r"\x1b\[[0-9;]*[mK]", "", coloured.stdout))

    def test_never_means_never(self):
        outcome = self.on_terminal("--color", "never")
        self.assertNotIn(ESCAPE.encode(), outcome)

    def on_terminal(self, *words, env=None):
        """What a dry run prints to a terminal."""
        import os
        import pty
        try:
            primary, secondary = pty.openpty()
        except OSError as error:
            self.skipTest(f"this machine has no pseudo-terminals: {error}")
        command = [testing.program(), "enable", "--root", str(self.node.root), "--policy", str(self.node.policy), "--log", testing.LOG, "--dry-run", *words]
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})}
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=secondary, stderr=secondary, env=environment)
        os.close(secondary)
        seen = b""
        while True:
            try:
                part = os.read(primary, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
        os.close(primary)
        self.assertEqual(0, child.wait(20))
        return seen

    def test_a_terminal_gets_colour_unless_no_color_is_set(self):
        self.assertIn(ESCAPE.encode(), self.on_terminal())
        self.assertNotIn(ESCAPE.encode(), self.on_terminal(env={"NO_COLOR": "1"}))
        self.assertIn(ESCAPE.encode(), self.on_terminal(env={"NO_COLOR": ""}), "an empty NO_COLOR does not count")

    def test_what_a_manifest_holds_cannot_reach_the_terminal_raw(self):
        self.node.manifest.write_bytes(golden_manifest().replace(b"name: kube-apiserver\n", b'name: "\\e[31mred"\n'))
        outcome = self.node.enable()
        self.assertNotEqual(0, outcome.status)
        self.assertNotIn(ESCAPE, outcome.stdout + outcome.stderr)

    def test_a_closed_stdout_is_no_crash(self):
        command = f"'{testing.program()}' enable --root '{self.node.root}' --policy '{self.node.policy}' --log {testing.LOG} --dry-run >&-"
        done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=20, check=False)
        self.assertIn(done.returncode, (0, 4), done.stderr.decode())

    def test_a_full_stdout_is_an_error_that_is_told(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([testing.program(), "enable", "--root", str(self.node.root), "--policy", str(self.node.policy),
                                   "--log", testing.LOG, "--dry-run"], stdout=full, stderr=subprocess.PIPE, timeout=20, check=False)
        self.assertEqual(4, done.returncode, done.stderr.decode())

    def test_a_reader_that_goes_away_does_not_stop_a_real_run_half_way(self):
        command = f"'{testing.program()}' enable --root '{self.node.root}' --policy '{self.node.policy}' --log {testing.LOG} | true"
        subprocess.run(["sh", "-c", command], capture_output=True, timeout=20, check=False)
        manifest = self.node.manifest.read_bytes()
        self.assertEqual(b"--audit-policy-file" in manifest, self.node.installed_policy.exists())
        self.expect(self.node.enable(), 0)


if __name__ == "__main__":
    testing.main()
