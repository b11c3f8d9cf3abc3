"""`kaudit lint`: the verdict, the findings and what they make the exit status; `enable` with what lint finds."""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root, run  # noqa: E402

try:
    import jsonschema
except ImportError:
    testing.skip_all("python3-jsonschema is not installed")

SCHEMA = json.loads((testing.SOURCE / "docs/lint.schema.json").read_text())
HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\n"
CLEAN = HEAD + "rules:\n- level: Metadata\n"
INFO = CLEAN.replace("omitStages: [RequestReceived]\n", "")  # request-received
WARNING = CLEAN + "- level: None\n  verbs: [watch]\n"  # catch-all-first, unreachable-rule
DROPPED = HEAD + "rules:\n- level: Metadata\n  user: [jane]\n"  # unknown-field
REPEATED = HEAD + "rules:\n- level: Metadata\n  verbs: [get]\n  verbs: [create]\n"  # repeated-key
REFUSED = HEAD + "rules:\n- level: MetaData\n"


class LintTest(testing.TestCase):
    def setUp(self):
        self.base = Path(tempfile.mkdtemp(prefix="kaudit-test-", dir=os.environ.get("KAUDIT_TEST_TMP")))
        self.addCleanup(testing.remove_tree, self.base)
        self.base.chmod(0o755)

    def file(self, content, name="policy.yaml"):
        path = self.base / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def lint(self, content, *words, status, **how):
        outcome = run("lint", self.file(content), *words, **how)
        self.expect(outcome, status)
        return outcome

    def json(self, *words, status):
        outcome = run("lint", "--output", "json", *words)
        self.expect(outcome, status)
        document = outcome.json()
        jsonschema.validators.validator_for(SCHEMA).check_schema(SCHEMA)
        jsonschema.validate(document, SCHEMA)
        self.assertEqual(status, document["exit_status"])
        return document

    def codes(self, content, *words, status):
        return [finding["code"] for finding in self.json(self.file(content), *words, status=status)["results"][0]["findings"]]


class Verdicts(LintTest):
    def test_a_policy_with_nothing_to_say_about_is_one_line(self):
        outcome = self.lint(CLEAN, status=0)
        self.assertRegex(outcome.stdout, r"\A\S+policy\.yaml: accepted by kube-apiserver 1\.\d+\n\Z")
        self.assertEqual("", outcome.stderr)

    def test_a_refused_policy_is_status_1_with_the_servers_words_position_caret_and_hint(self):
        outcome = self.lint(REFUSED, "--kubernetes-version", "1.30", status=1)
        for part in ("refused by kube-apiserver 1.30", 'rules[0].level: Unsupported value: "MetaData"',
                     "policy.yaml:5:10: ", "\n  - level: MetaData\n           ^\n", "did you mean Metadata?"):
            self.assertIn(part, outcome.stdout)

    def test_the_version_decides_the_verdict(self):
        beta = CLEAN.replace("audit.k8s.io/v1", "audit.k8s.io/v1beta1")
        self.assertIn("accepted by kube-apiserver 1.23", self.lint(beta, "--kubernetes-version", "1.23", status=0).stdout)
        self.assertIn("refused by kube-apiserver 1.24", self.lint(beta, "--kubernetes-version", "1.24", status=1).stdout)

    def test_the_dialect_of_the_server_is_that_of_the_version(self):
        content = HEAD + "rules:\n- level: Metadata\n  resources: [{group: apps}]\n  nonResourceURLs: [/x]\n"
        errors = [self.json(self.file(content), "--kubernetes-version", version, status=1)["results"][0]["server_error"]
                  for version in ("1.33", "1.34")]
        words = "rules[0].nonResourceURLs: Invalid value: {}: rules cannot apply to both regular resources and non-resource URLs"
        self.assertEqual([words.format('[]string{"/x"}'), words.format('["/x"]')], errors)

    def test_a_version_that_is_not_known_yet_is_judged_as_the_newest_known_and_says_so(self):
        outcome = self.lint(CLEAN, "--kubernetes-version", "1.99", status=0)
        self.assertIn("1.99 is newer than this program knows", outcome.stdout)

    def test_what_the_server_logs_is_said_in_its_words(self):
        outcome = self.lint(DROPPED, "--kubernetes-version", "1.30", status=1)
        self.assertIn('it logs: Audit policy contains errors, falling back to lenient decoding: strict decoding error: '
                      'unknown field "rules[0].user"', outcome.stdout)
        old = self.json(self.file(DROPPED), "--kubernetes-version", "1.25", status=1)["results"][0]
        self.assertEqual(("accepted", []), (old["verdict"], old["server_warnings"]))


class Severities(LintTest):
    def test_severity_sets_what_makes_status_1(self):
        table = {CLEAN: (0, 0, 0), INFO: (0, 0, 1), WARNING: (0, 1, 1), DROPPED: (1, 1, 1), REFUSED: (1, 1, 1)}
        for content, statuses in table.items():
            for severity, status in zip(("error", "warning", "info"), statuses):
                with self.subTest(content=content, severity=severity):
                    self.lint(content, "--severity", severity, status=status)
            self.lint(content, status=statuses[1])  # warning is the default

    def test_findings_have_code_severity_position_and_hint(self):
        outcome = self.lint(DROPPED, status=1)
        self.assertRegex(outcome.stdout, r"(?m)^error: \S+policy\.yaml:6:3: rules\[0\]\.user: .* \[unknown-field\]$")
        self.assertIn("\n    user: [jane]\n    ^\n  hint: did you mean users?\n", outcome.stdout)

    def test_quiet_leaves_out_what_does_not_fail(self):
        for content in (CLEAN, INFO):
            outcome = self.lint(content, "-q", status=0)
            self.assertEqual(("", ""), (outcome.stdout, outcome.stderr))
        both = INFO + "  user: [jane]\n"
        outcome = self.lint(both, "-q", status=1)
        self.assertIn("[unknown-field]", outcome.stdout)
        self.assertNotIn("[request-received]", outcome.stdout)
        self.assertIn("[request-received]", self.lint(both, status=1).stdout)

    def test_verbose_has_a_witness_for_every_rule_that_decides_something(self):
        content = HEAD + ("rules:\n- level: None\n  users: [jane]\n  verbs: [watch]\n  resources: [{group: apps}]\n"
                          "- level: Metadata\n  nonResourceURLs: [/metrics]\n- level: Metadata\n")
        outcome = self.lint(content, "-v", status=0)
        self.assertRegex(outcome.stdout, r"(?m)^  rule 1 decides: watch \S+\.apps.* by user jane")
        self.assertRegex(outcome.stdout, r"(?m)^  rule 2 decides: get /metrics by ")
        self.assertRegex(outcome.stdout, r"(?m)^  rule 3 decides: ")
        self.assertNotIn("decides:", self.lint(content, status=0).stdout)
        unreachable = self.lint(WARNING, "-v", status=1).stdout
        self.assertIn("rule 1 decides:", unreachable)
        self.assertNotIn("rule 2 decides:", unreachable)


class Files(LintTest):
    def test_several_files_are_judged_in_order_and_the_worst_decides(self):
        paths = [self.file(content, name) for name, content in (("a", CLEAN), ("b", REFUSED), ("c", CLEAN))]
        outcome = run("lint", *paths)
        self.expect(outcome, 1)
        self.assertEqual(["accepted", "refused", "accepted"],
                         [line.split()[1] for line in outcome.stdout.splitlines() if " by kube-apiserver " in line])
        document = self.json(*paths, status=1)
        self.assertEqual([str(path) for path in paths], [result["file"] for result in document["results"]])
        missing = self.base / "missing"
        self.assertEqual(3, len(self.json(paths[0], missing, paths[2], status=4)["results"]))
        self.expect(run("lint", paths[0], missing, paths[2]), 4, stdout=["missing: no such file", "c: accepted"])
        self.assertNotIn("it says", run("lint", missing).stdout)

    def test_a_file_that_the_server_cannot_read_either_has_its_words(self):
        missing = self.base / 'mis"sing'
        self.assertEqual(f'failed to read file path "{self.base}/mis\\"sing": open {missing}: no such file or directory',
                         self.json(missing, status=4)["results"][0]["server_error"])
        self.assertEqual(f'failed to read file path "{self.base}": read {self.base}: is a directory',
                         self.json(self.base, status=3)["results"][0]["server_error"])

    def test_a_position_counts_the_lines_that_yaml_has(self):
        head = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n"
        for content, place in (("- level: Metadata\n- level: No\n", (5, 10)), ("# é\u20ac\n- level: 'é\n", None)):
            for line_break in ("\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"):
                text = (head + content).replace("\n", line_break)
                for bytes_of in (text.encode(), b"\xff\xfe" + text.encode("utf-16-le"), b"\xfe\xff" + text.encode("utf-16-be")):
                    finding = self.json(self.file(bytes_of), status=1)["results"][0]["findings"][0]
                    if place:
                        self.assertEqual(place, (finding["line"], finding["column"]), bytes_of)
                    else:
                        self.assertEqual(6, finding["line"], bytes_of)
        path = self.file(b"\xff\xfe" + (head + "- level: 'é'\n").replace("\n", "\r").encode("utf-16-le"))
        self.assertIn("- level: 'é'\n", run("lint", path).stdout)

    def test_the_server_error_has_no_file_and_the_findings_have_positions(self):
        result = self.json(self.file(REFUSED), status=1)["results"][0]
        self.assertEqual("refused", result["verdict"])
        self.assertTrue(result["server_error"])
        self.assertNotIn("from file", result["server_error"])
        finding = result["findings"][0]
        self.assertEqual(("error", "rules[0].level", 5, 10),
                         tuple(finding[key] for key in ("severity", "path", "line", "column")))
        accepted = self.json(self.file(CLEAN), status=0)["results"][0]
        self.assertEqual(("accepted", None, [], []), tuple(accepted[key] for key in (
            "verdict", "server_error", "server_warnings", "findings")))

    def test_every_golden_policy_makes_a_valid_document(self):
        folder = testing.SOURCE / "testdata/policies/lint"
        triggers = sorted(folder.glob("*/triggers.yaml"))
        self.assertGreater(len(triggers), 20)
        for version in ("1.20", "1.30", "1.37"):
            outcome = run("lint", "--output", "json", "--kubernetes-version", version, *triggers)
            self.assertIn(outcome.status, (0, 1), str(outcome))
            jsonschema.validate(outcome.json(), SCHEMA)

    def test_lint_writes_nothing(self):
        paths = [self.file(content, name) for name, content in (("a", CLEAN), ("b", REFUSED), ("c", DROPPED))]
        before = testing.snapshot(self.base)
        for words in ([], ["-v"], ["--output", "json"]):
            run("lint", *paths, *words, cwd=self.base)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.base)))


class BadInput(LintTest):
    def refused(self, name, status, words):
        """Text and JSON say the same, and the text does not call it the server's refusal when nothing was read."""
        self.expect(run("lint", self.base / name, timeout=10), status, stdout=[name, words])
        document = self.json(self.base / name, status=status)
        result = document["results"][0]
        self.assertEqual("refused", result["verdict"])
        self.assertIn(words, result["findings"][0]["message"])

    def test_what_cannot_be_read_is_status_4(self):
        self.refused("missing", 4, "no such file")

    @needs_root()
    def test_an_unreadable_file_is_status_4(self):
        path = self.file(CLEAN)
        path.chmod(0)
        self.expect(run("lint", path, unprivileged=True), 4, stdout=["policy.yaml"])

    def test_what_is_no_file_is_status_3_and_is_not_opened(self):
        (self.base / "directory").mkdir()
        os.mkfifo(self.base / "fifo")
        (self.base / "device").symlink_to("/dev/zero")
        self.refused("directory", 3, "is a directory")
        self.refused("fifo", 3, "is a named pipe")  # an open would wait for ever
        self.refused("device", 3, "is a device")
        self.assertNotIn("kube-apiserver", run("lint", self.base / "fifo").stdout)

    def test_eleven_mebibytes_are_too_many(self):
        self.file(b"#" * (11 << 20), "large")
        self.refused("large", 3, "at most 10 MiB")

    def test_bytes_that_are_no_policy_are_refused_as_the_server_does(self):
        chain = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        for i in range(1, 10):
            name, before = chr(97 + i), chr(96 + i)
            chain += f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
        contents = {"binary": random.Random(1).randbytes(4096), "utf16": CLEAN.encode("utf-16-le"), "bomb": chain,
                    "nul": CLEAN + '  users: ["a\0b"]\n', "empty": "", "pod": "apiVersion: v1\nkind: Pod\n",
                    "list": "- level: Metadata\n", "half": CLEAN + '  users: ["a', "json": "{", "text": "hello\n"}
        for name, content in contents.items():
            with self.subTest(name=name):
                path = self.file(content, name)
                outcome = run("lint", path, timeout=10)
                self.expect(outcome, 1, stdout=[f"{name}: refused by kube-apiserver", f"error: {path}:"])
                self.assertNotRegex(outcome.stdout, r"[\x00-\x09\x0b-\x1f]")
                self.assertTrue(self.json(path, status=1)["results"][0]["server_error"])

    def test_utf_16_with_a_byte_order_mark_is_read_as_the_server_reads_it(self):
        outcome = self.lint(CLEAN.encode("utf-16"), status=0)
        self.assertIn("accepted", outcome.stdout)

    def test_ten_thousand_rules(self):
        rule = "- level: Metadata\n  users: [u{}]\n  resources: [{{group: apps, resources: [deployments]}}]\n"
        self.lint(HEAD + "rules:\n" + "".join(map(rule.format, range(10000))), status=0)

    def test_control_characters_of_a_name_do_not_reach_the_terminal(self):
        path = self.file(CLEAN, "a\x1b[31mb\n")
        self.assertNotIn("\x1b", run("lint", path).stdout)


class Usage(LintTest):
    def test_a_usage_error_is_status_2_and_names_the_nearest_word(self):
        path = self.file(CLEAN)
        for words, part in ((["lint"], "no policy"), (["lnit", path], "did you mean lint?"), (["lint", ""], "empty"),
                            (["lint", path, "--sevrity", "info"], "did you mean --severity?"),
                            (["lint", path, "--severity", "fatal"], "fatal"), (["lint", path, "--severity"], "--severity"),
                            (["lint", path, "--output", "xml"], "xml"), (["lint", path, "-q", "-v"], "exclude"),
                            (["lint", path, "--kubernetes-version", "1.19"], "1.20"),
                            (["lint", path, "--kubernetes-version", "x"], "no version"), (["lint", path, "--fix"], "--fix")):
            with self.subTest(words=words):
                outcome = run(*words)
                self.expect(outcome, 2, stderr=[part])
                self.assertEqual("", outcome.stdout)

    def test_a_usage_error_in_json_is_a_document_without_results(self):
        for words in ([], ["--sevrity", "info", "x"]):
            document = self.json(*words, status=2)
            self.assertEqual(([], "usage"), (document["results"], document["error"]["code"]))

    def test_standard_output_that_takes_nothing_is_status_4(self):
        path = self.file(REFUSED)
        for words in (["lint", path], ["lint", path, "--output", "json"], ["explain", self.file(CLEAN, "b"), "get", "pods"]):
            with open("/dev/full", "wb") as full:
                ended = subprocess.run([testing.program(), *map(str, words)], stdout=full, stderr=subprocess.PIPE, timeout=20,
                                       check=False)
            self.assertEqual(4, ended.returncode)
            self.assertIn(b"standard output: ", ended.stderr)

    def test_the_help_names_every_severity_and_fits_a_screen(self):
        outcome = run("lint", "--help")
        self.expect(outcome, 0, stdout=["--severity", "--kubernetes-version", "-q, --quiet", "-v, --verbose"])
        self.assertLessEqual(max(map(len, outcome.stdout.splitlines())), 80)

    def test_colour_only_when_asked_for(self):
        path = self.file(REFUSED)
        self.assertNotIn("\x1b", run("lint", path).stdout)
        self.assertIn("\x1b[", run("lint", path, "--color", "always").stdout)

    def test_kaudit_lint_is_kaudit_lint(self):
        link = self.base / "kaudit-lint"
        link.symlink_to(testing.program())
        path = self.file(REFUSED)
        self.assertEqual(run("lint", path).stdout, run(path, called=str(link)).stdout)


class Enable(testing.TestCase):
    def node(self, policy, manifest=None):
        return Node(self, manifest or golden_manifest(), policy=policy)

    def test_a_policy_that_the_version_refuses_stops_before_anything_is_written(self):
        for content, part in ((REFUSED, "did you mean Metadata?"), (HEAD, "rules"), (HEAD + "rules: [\n", "yaml")):
            node = self.node(content)
            for words in ([], ["--dry-run"], ["--check"]):
                self.expect_untouched(node, lambda: node.enable(*words), 3, stderr=["prod-audit.yaml", part])

    def test_the_version_is_the_images_or_the_one_given(self):
        beta = CLEAN.replace("audit.k8s.io/v1", "audit.k8s.io/v1beta1")
        node = self.node(beta)  # the image's tag is 1.30
        self.expect_untouched(node, node.enable, 3, stderr=["v1beta1"])
        self.expect(self.node(beta, golden_manifest().replace(b":v1.30.4", b":v1.23.4")).enable(), 0)
        self.expect(node.enable("--kubernetes-version", "1.23", "--dry-run"), 0)

    def test_an_unknown_version_is_the_strictest_of_all_and_says_so(self):
        untagged = golden_manifest().replace(b"kube-apiserver:v1.30.4", b"kube-apiserver:latest")
        self.assertNotEqual(golden_manifest(), untagged)
        self.expect(self.node(CLEAN, untagged).enable("--dry-run"), 0, stderr=["every version from 1.20", "[version-unknown]"])
        node = self.node(CLEAN.replace("audit.k8s.io/v1", "audit.k8s.io/v1beta1"), untagged)  # until 1.23 it is accepted
        self.expect_untouched(node, node.enable, 3, stderr=["v1beta1", "names no version", "--kubernetes-version"])
        self.expect(node.enable("--kubernetes-version", "1.23", "--dry-run"), 0)

    def test_an_unknown_version_is_held_to_what_any_version_drops(self):
        untagged = golden_manifest().replace(b"kube-apiserver:v1.30.4", b"kube-apiserver:latest")
        managed = HEAD + "omitManagedFields: true\nrules:\n- level: Metadata\n"  # a field since 1.23
        words = ["prod-audit.yaml:4:1: ", "with Kubernetes 1.20 to 1.22: ", "[unknown-field]"]
        node = self.node(managed, untagged)
        self.expect(node.enable("--dry-run"), 0, stderr=words)
        self.expect_untouched(node, lambda: node.enable("--strict", log="/var/log/audit/audit.log"), 3, stderr=words)
        self.assertNotIn("unknown-field", node.enable("--dry-run", "--kubernetes-version", "1.23").stderr)

    def test_findings_are_warnings(self):
        node = self.node(DROPPED)
        self.expect(node.enable("--dry-run"), 0, stderr=["warning: ", "prod-audit.yaml:6:3: rules[0].user: ", "[unknown-field]"])
        document = node.enable("--dry-run", "--output", "json").json()
        warning = next(one for one in document["warnings"] if one["code"] == "unknown-field")
        self.assertEqual(("rules[0].user", 6, 3), (warning["path"], warning["line"], warning["column"]))
        jsonschema.validate(document, json.loads((testing.SOURCE / "docs/enable.schema.json").read_text()))

    def test_what_is_only_worth_knowing_is_left_to_lint(self):
        node = self.node(INFO)
        self.assertNotIn("request-received", node.enable("--dry-run").stderr)

    def test_strict_refuses_what_the_server_drops(self):
        for content, code, path in ((DROPPED, "unknown-field", "rules[0].user"), (REPEATED, "repeated-key", "rules[0].verbs")):
            node = self.node(content)
            outcome = self.expect_untouched(
                node, lambda: node.enable("--strict", log="/var/log/audit/audit.log"), 3, stderr=[f"[{code}]", "--strict"])
            self.assertIn("prod-audit.yaml:", outcome.stderr)
            self.assertIn(f": {path}: ", outcome.stderr)
        for metadata in ("{nmae: x}", "{name: a, name: b}"):  # changes nothing that is recorded
            harmless = self.node(HEAD + f"metadata: {metadata}\nrules:\n- level: Metadata\n")
            self.expect(harmless.enable("--strict", "--dry-run", log="/var/log/audit/audit.log"), 0, stderr=["metadata.n"])
        clean = self.node(CLEAN)
        self.expect(clean.enable("--strict", log="/var/log/audit/audit.log"), 0)


if __name__ == "__main__":
    testing.main()
