#!/usr/bin/env python3
"""Whether conformance.py finds what it is there to find: a program that replays the record passes, and programs that lie
in one answer, crash on one file or lose one result are found. Needs neither our program nor Go."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import reference

HERE = Path(__file__).resolve().parent


# ---- the program that replays, as `kaudit lint` and `kaudit explain` would answer ------------------------------------


def fake(lie, arguments):
    verb, *rest = arguments
    version = "0" + rest[rest.index("--kubernetes-version") + 1].removeprefix("1")
    return fake_lint(lie, rest[: rest.index("--kubernetes-version")], version) if verb == "lint" else fake_explain(lie, rest[0], version)


def fake_lint(lie, files, version):
    known = dict(reference.recorded(reference.ANSWERS))
    results = []
    for file in files:
        name = Path(file).name
        answer = known[name][version]
        lied = name == LIED_ABOUT and version == LIED_IN
        if lied and lie == "crash":
            os.abort()
        result = {
            "file": file,
            "kubernetes_version": version,
            "verdict": answer["verdict"],
            "server_error": answer.get("error"),
            "server_warnings": answer.get("warnings", []),
            "findings": [],
        }
        if lied and lie == "verdict":
            result.update(verdict="accepted", server_error=None)
        if lied and lie == "text":
            result["server_error"] += " "
        if lied and lie == "warning":
            result["server_warnings"] = []
        if not lied or lie != "lose":
            results.append(result)
    print(json.dumps({"format_version": 1, "results": results}))
    return 1


def fake_explain(lie, policy, version):
    content = Path(policy).read_bytes()
    requests = [json.loads(line) for line in sys.stdin]
    for number, (_, recorded, asked, answers) in enumerate(reference.recorded_decisions()):
        if (recorded, asked) == (content, requests):
            decisions = [list(one) for one in answers[version]]
            if number == 3 and lie == "decision":
                decisions[5][0] += 1
            if number == 3 and lie == "one decision too few":
                decisions.pop()
            for rule, level, stages, omitted in decisions:
                print(json.dumps({"rule": None if rule < 0 else rule, "level": level, "omitStages": stages, "omitManagedFields": omitted}))
            return 0
    print("a policy and requests that are not recorded", file=sys.stderr)
    return 2


# Refused with a text that must be equal, after a warning that must be, too.
LIED_ABOUT = "unknown-before-refusal.yaml"
LIED_IN = "0.34.13"


# ---- the test --------------------------------------------------------------------------------------------------------


def small_record(folder):
    """A part of testdata/policies: the fake program reads all of it in each call."""
    answers = reference.ANSWERS.read_text(encoding="utf-8").splitlines(keepends=True)
    chosen = answers[::25] + [line for line in answers if f'"file": "{LIED_ABOUT}"' in line]
    (folder / "answers.jsonl").write_text("".join(dict.fromkeys(chosen)), encoding="utf-8")
    decisions = reference.DECISIONS.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "decisions.jsonl").write_text("".join(decisions[:9]), encoding="utf-8")
    (folder / "adversarial").symlink_to(reference.ADVERSARIAL)
    return len(set(chosen)) - 1


class Selftest(unittest.TestCase):
    def compare(self, lie):
        with tempfile.TemporaryDirectory() as folder:
            self.files = small_record(Path(folder))
            program = Path(folder) / "kaudit"
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "selftest.py"}" --fake "{lie}" "$@"\n')
            program.chmod(0o755)
            environment = {**os.environ, "KAUDIT_SHARED": folder, "KAUDIT_POLICIES": folder, "PYTHONDONTWRITEBYTECODE": "1"}
            done = subprocess.run(
                [sys.executable, HERE / "conformance.py", program, "recorded"],
                capture_output=True, text=True, env=environment, check=False,
            )
        return done.returncode, done.stdout + done.stderr

    def test_a_program_that_answers_as_the_record_does_passes(self):
        status, output = self.compare("")
        self.assertEqual(status, 0, output)
        self.assertRegex(output, r"(?m)^0 differences$")
        verdicts = self.files * len(reference.pinned_versions())
        self.assertIn(f"{verdicts:9d}  own: verdicts", output)

    def find(self, lie, expected):
        status, output = self.compare(lie)
        self.assertEqual(status, 1, output)
        self.assertIn(expected, output)
        return output

    def test_one_wrong_verdict_is_found(self):
        output = self.find("verdict", "verdict accepted, the real code says refused")
        self.assertRegex(output, r"(?m)^1 differences$")

    def test_one_wrong_blank_in_an_exact_text_is_found(self):
        self.assertRegex(self.find("text", "another error text"), r"(?m)^1 differences$")

    def test_one_missing_warning_is_found(self):
        self.assertRegex(self.find("warning", "other warnings"), r"(?m)^1 differences$")

    def test_a_crash_is_found_and_the_file_named(self):
        self.assertIn(LIED_ABOUT, self.find("crash", "no answer"))

    def test_a_lost_result_is_found(self):
        self.assertIn(LIED_ABOUT, self.find("lose", "no answer"))

    def test_one_wrong_decision_is_found(self):
        self.find("decision", "decision")

    def test_a_missing_decision_is_found(self):
        self.find("one decision too few", "decisions")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fake"]:
        sys.exit(fake(sys.argv[2], sys.argv[3:]))
    unittest.main()
