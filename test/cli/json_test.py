"""`--output json`: one document for every kind of outcome, valid against the published schema."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import GOLDEN, Node, golden_manifest  # noqa: E402

try:
    import jsonschema
except ImportError:
    testing.skip_all("python3-jsonschema is not installed")

SCHEMA = testing.SOURCE / "docs/enable.schema.json"
RUNS_SCHEMA = testing.SOURCE / "docs/runs.schema.json"


class Json(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.schema = json.loads(SCHEMA.read_text())

    def valid(self, outcome, status):
        self.expect(outcome, status)
        document = outcome.json()
        jsonschema.validators.validator_for(self.schema).check_schema(self.schema)
        jsonschema.validate(document, self.schema)
        self.assertEqual(status, document["exit_status"])
        self.assertTrue(outcome.stdout.endswith("\n"))
        return document

    def enable(self, *words, status=0, node=None, **how):
        return self.valid((node or self.node).enable("--output", "json", *words, **how), status)

    def test_the_schema_wants_every_key_and_its_type(self):
        document = self.enable("--dry-run")
        broken = [{key: value for key, value in document.items() if key != gone} for gone in document]
        broken += [{**document, key: 1.5} for key in document]
        for example in broken:
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(example, self.schema)

    def test_a_run_that_changes_something(self):
        document = self.enable()
        self.assertIs(True, document["changed"])
        self.assertTrue(Path(document["run"]["folder"]).is_dir(), document["run"])
        self.assertIn(document["run"]["id"], document["run"]["folder"])
        by_path = {change["path"]: change for change in document["changes"]}
        self.assertTrue(any("volumes" in path for path in by_path), by_path)
        self.assertTrue(all(change["action"] in ("add", "replace", "remove") for change in document["changes"]))

    def test_the_diff_holds_whole_files_in_ansibles_shape(self):
        document = self.enable()
        diff = {entry["after_header"]: entry for entry in document["diff"]}
        manifest = next(entry for header, entry in diff.items() if testing.MANIFEST in header)
        self.assertEqual(golden_manifest().decode(), manifest["before"])
        self.assertEqual(self.node.manifest.read_text(), manifest["after"])
        self.assertIn(testing.MANIFEST, manifest["before_header"])
        policy = next(entry for header, entry in diff.items() if testing.POLICY in header)
        self.assertEqual(("", testing.POLICY_TEXT), (policy["before"], policy["after"]))

    def test_nothing_to_do(self):
        self.enable()
        document = self.enable()
        self.assertIs(False, document["changed"])
        self.assertEqual(([], []), (document["changes"], document["diff"]))

    def test_a_dry_run_and_a_check_say_what_would_change(self):
        for word, status in (("--dry-run", 0), ("--check", 1)):
            document = self.enable(word, status=status)
            self.assertIs(True, document["changed"])
            self.assertTrue(document["diff"])

    def test_warnings_have_a_code(self):
        document = self.enable("--dry-run")
        self.assertTrue(document["warnings"], "a log mounted as a file is warned about")
        for warning in document["warnings"]:
            self.assertRegex(warning["code"], r"\A[a-z][a-z0-9-]*\Z")

    def test_a_refusal(self):
        self.node.manifest.write_bytes(golden_manifest().replace(b"hostNetwork: true", b"hostNetwork: 'true"))
        document = self.enable(status=3)
        self.assertIs(False, document["changed"])
        self.assertIn("kube-apiserver.yaml", json.dumps(document))

    def test_every_golden_case(self):
        for folder in sorted(path.parent for path in GOLDEN.glob("*/args")):
            with self.subTest(case=folder.name):
                node = Node(self, skeleton=folder / "in")
                words = [word.replace("{root}", str(node.root)).replace("{golden}", str(GOLDEN))
                         for word in (folder / "args").read_text().splitlines()]
                outcome = testing.run("enable", "--root", node.root, "--output", "json", *words)
                self.valid(outcome, outcome.status)

    def test_a_usage_error(self):
        for words in (["--polic", "x"], ["--max-age", "-1"], ["--log", "x"], ["extra"], ["--log"]):
            for output in (["--output", "json"], ["--output=json"]):
                outcome = testing.run("enable", *output, *words)
                self.valid(outcome, 2)
                self.assertEqual("usage", outcome.json()["error"]["code"])

    def test_the_host_refuses(self):
        self.node.manifest.unlink()
        document = self.enable(status=4)
        self.assertIs(False, document["changed"])

    def test_json_leaves_stdout_to_the_document(self):
        for words in ([], ["-v"], ["--color", "always"]):
            json.loads(self.node.enable("--output", "json", "--dry-run", *words).stdout)

    def test_bytes_that_are_no_text_make_no_broken_document(self):
        for content in (b"\xff\xfe\x00", b"a: \xff\n", golden_manifest().replace(b"kube-system", b"kube-\xc3\x28")):
            self.node.manifest.write_bytes(content)
            self.enable(status=3)

    def test_a_path_that_is_no_text_either(self):
        policy = os.fsencode(self.node.base) + b"/pol\xffcy.yaml"
        outcome = self.node.enable("--output", "json", policy=os.fsdecode(policy), log=testing.LOG)
        self.assertIn(outcome.status, (2, 3, 4), str(outcome))
        if outcome.stdout:
            json.loads(outcome.stdout_bytes.decode("utf-8"))

    def test_rollback(self):
        self.valid(self.rollback(), 3)
        self.enable()
        for words, status in ((["--dry-run"], 0), (["--check"], 1), ([], 0)):
            document = self.valid(self.rollback(*words), status)
            self.assertIs(True, document["changed"])
            self.assertEqual("unwatched" if not words else None, (document["rollout"] or {}).get("state"))
        self.assertEqual(golden_manifest().decode(), document["diff"][-1]["after"])

    def rollback(self, *words):
        return testing.run("rollback", "--root", self.node.root, "--output", "json", *words)


class Runs(testing.TestCase):
    """`kaudit rollback --list --output json`"""

    def setUp(self):
        self.node = Node(self, golden_manifest())
        self.schema = json.loads(RUNS_SCHEMA.read_text())
        jsonschema.validators.validator_for(self.schema).check_schema(self.schema)

    def listed(self):
        outcome = testing.run("rollback", "--root", self.node.root, "--list", "--output", "json")
        self.expect(outcome, 0)
        jsonschema.validate(outcome.json(), self.schema)
        return outcome.json()["runs"]

    def test_every_verb_is_listed_with_what_the_manifest_is_now(self):
        self.assertEqual([], self.listed())
        self.expect(self.node.enable(), 0)
        self.expect(testing.run("disable", "--root", self.node.root), 0)
        self.expect(testing.run("rollback", "--root", self.node.root), 0)
        runs = self.listed()
        self.assertEqual([("rollback", "written"), ("disable", "before"), ("enable", "written")],
                         [(run["verb"], run["manifest"]) for run in runs])
        self.assertEqual({("written", None)}, {(run["state"], run["reason"]) for run in runs})
        for run in runs:
            self.assertTrue(Path(run["folder"]).is_dir())
            self.assertTrue(run["summary"])

    def test_the_schema_wants_every_key_and_its_type(self):
        self.expect(self.node.enable(), 0)
        run = self.listed()[0]
        broken = [{key: value for key, value in run.items() if key != gone} for gone in run]
        broken += [{**run, key: 1.5} for key in run]
        for example in broken:
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate({"format_version": 1, "runs": [example]}, self.schema)


if __name__ == "__main__":
    testing.main()
