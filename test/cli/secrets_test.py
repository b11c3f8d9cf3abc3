"""Promise 10: what a webhook's configuration holds appears nowhere but in itself and in the stored copies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402

SECRET = "s3cr3t-T0KEN-zz9"
CERTIFICATE = Path(__file__).with_name("api_server.pem").read_text()
CONFIG = f"""apiVersion: v1
kind: Config
clusters:
- name: falco
  cluster:
    server: https://127.0.0.1:9765/{SECRET}-path
    certificate-authority: ca.crt
users:
- name: me
  user:
    token: {SECRET}
contexts:
- name: default
  context: {{cluster: falco, user: me}}
current-context: default
"""
BROKEN = {
    "a quote is open": CONFIG.replace(f"token: {SECRET}", f'token: "{SECRET}'),
    "a tab": CONFIG.replace(f"    token: {SECRET}", f"\ttoken: {SECRET}"),
    "an exec plugin": CONFIG.replace(f"    token: {SECRET}", f"    exec: {{apiVersion: v1, command: /bin/{SECRET}}}"),
    "a duplicate key": CONFIG.replace(f"    token: {SECRET}", f"    token: {SECRET}\n    token: {SECRET}"),
    "a map for a token": CONFIG.replace(f"token: {SECRET}", f"token: {{{SECRET}: 1}}"),
    "a file that is not there": CONFIG.replace("ca.crt", f"{SECRET}.crt"),
    "another kind": CONFIG.replace("kind: Config", f"kind: {SECRET}"),
    "not UTF-8": CONFIG.replace("me\n", "m\udcff\n"),
    "an unknown context": CONFIG.replace("current-context: default", f"current-context: {SECRET}"),
}


class Secrets(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.config = self.node.write("/etc/kubernetes/falco.yaml", CONFIG, 0o600)
        self.node.write("/etc/kubernetes/ca.crt", f"certificate {SECRET}\n{CERTIFICATE}", 0o600)

    def enable(self, *words, **how):
        return self.node.enable("--webhook-config", self.config, *words, **how)

    def expect_silent(self, outcome):
        self.assertNotIn(SECRET, outcome.stdout, str(outcome.command))
        self.assertNotIn(SECRET, outcome.stderr, str(outcome.command))

    def test_in_no_output(self):
        for words in (["--dry-run"], ["--check"], ["--dry-run", "-v"], ["--dry-run", "--output", "json"],
                      ["--dry-run", "--output", "json", "-v"], [], ["-v"], ["--output", "json"]):
            with self.subTest(words=words):
                outcome = self.enable(*words)
                self.assertIn(outcome.status, (0, 1), str(outcome))
                self.expect_silent(outcome)

    def test_path_and_digest_stand_for_it(self):
        outcome = self.enable("--dry-run")
        self.assertIn("/etc/kubernetes/falco.yaml", outcome.stdout)
        self.assertIn(testing.sha256(CONFIG), outcome.stdout)

    def test_a_changed_configuration_changes_the_annotation_and_shows_nothing(self):
        self.expect(self.enable(), 0)
        self.config.write_text(CONFIG.replace(SECRET, SECRET + "-new"))
        outcome = self.enable()
        self.expect(outcome, 0)
        self.expect_silent(outcome)
        digest = testing.sha256(self.config.read_bytes())
        self.assertRegex(self.node.manifest.read_text(), f'kaudit/webhook-config-sha256: "?{digest}"?\n')

    def test_a_changed_file_that_it_names_makes_the_pod_anew_too(self):
        self.expect(self.enable(), 0)
        before = self.node.manifest.read_text()
        named = next(path for path in self.config.parent.iterdir() if path.name == "ca.crt")
        named.write_text(f"another certificate {SECRET}\n{CERTIFICATE}")
        outcome = self.enable()
        self.expect(outcome, 0, stdout=["kaudit/webhook-files-sha256"])
        self.expect_silent(outcome)
        listed = f"{testing.sha256(named.read_bytes())}  /etc/kubernetes/ca.crt\n"
        self.assertRegex(self.node.manifest.read_text(), f'kaudit/webhook-files-sha256: "?{testing.sha256(listed)}"?\n')
        self.assertNotEqual(before, self.node.manifest.read_text())
        self.expect(self.enable(), 0)
        self.assertIn("nothing to do", self.enable().stdout.lower())

    def test_status_watches_the_files_that_it_names(self):
        self.expect(self.enable(), 0)
        named = next(path for path in self.config.parent.iterdir() if path.name == "ca.crt")

        def hazards():
            outcome = testing.run("status", "--root", self.node.root, "--output", "json")
            self.expect_silent(outcome)
            return {hazard["code"] for hazard in outcome.json()["hazards"]}

        self.assertFalse({"webhook-files-edited", "webhook-file-unreadable"} & hazards())
        good = named.read_bytes()
        named.write_bytes(good + b"\n")
        self.assertIn("webhook-files-edited", hazards())
        named.unlink()
        self.assertIn("webhook-file-unreadable", hazards())
        named.write_bytes(good)
        self.assertFalse({"webhook-files-edited", "webhook-file-unreadable"} & hazards())

    def test_a_certificate_and_its_key_in_one_file_are_mounted_once(self):
        both = self.node.base / "both.yaml"
        both.write_text(CONFIG.replace("    token:", "    client-certificate: ca.crt\n    client-key: ca.crt\n    token:"))
        (self.node.base / "ca.crt").write_text(CERTIFICATE)
        (self.node.root / "etc/kubernetes/ca.crt").unlink()
        self.expect(self.node.enable("--webhook-config", both), 0)
        self.assertEqual(1, self.node.manifest.read_text().count("mountPath: /etc/kubernetes/ca.crt"))

    def test_an_installed_configuration_is_no_part_of_the_diff(self):
        given = self.node.base / "falco.yaml"
        given.write_text(CONFIG.replace("    certificate-authority: ca.crt\n", ""))
        self.config.unlink()
        outcome = self.node.enable("--webhook-config", given)
        self.expect(outcome, 0)
        self.expect_silent(outcome)
        self.assertEqual(given.read_bytes(), (self.node.root / "etc/kubernetes/falco.yaml").read_bytes())
        self.assertNotIn("+++ b/etc/kubernetes/falco.yaml", outcome.stdout)

    def test_in_no_record_but_the_stored_bytes_themselves(self):
        self.expect(self.enable(), 0)
        whole = {CONFIG, f"certificate {SECRET}\n{CERTIFICATE}"}
        for path in self.node.state.rglob("*"):
            if path.is_file() and SECRET in path.read_text(errors="replace"):
                self.assertIn(path.read_text(), whole, path)
                self.assertEqual(0o600, path.stat().st_mode & 0o777)

    def test_in_no_refusal(self):
        for name, text in BROKEN.items():
            for words in ([], ["--output", "json"], ["-v"]):
                with self.subTest(name=name, words=words):
                    self.config.write_bytes(text.encode("utf-8", "surrogateescape"))
                    outcome = self.enable("--dry-run", *words)
                    if name in ("a file that is not there", "another kind", "an unknown context"):
                        continue  # a path or a name may be told; the token is still looked for below
                    self.expect_silent(outcome)

    def test_where_a_token_file_is_named_its_content_is_not_shown_either(self):
        self.config.write_text(CONFIG.replace(f"token: {SECRET}", "tokenFile: token"))
        self.node.write("/etc/kubernetes/token", SECRET, 0o600)
        outcome = self.enable()
        self.expect(outcome, 0)
        self.expect_silent(outcome)


if __name__ == "__main__":
    testing.main()
