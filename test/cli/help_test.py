"""Help, version, the two names of the program, and every way to get the command line wrong (status 2)."""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, run  # noqa: E402

OPTIONS = """--policy --policy-dest --log --webhook-config --max-age --max-backup --max-size --flag --log-volume --rotate --manifest
--root --kubernetes-version --state-dir --keep-backups --wait --no-wait --timeout --no-watch --dry-run --check --strict
--ignore --output --color -q -v""".split()
VERBS = ["enable", "rollback", "status", "disable", "lint", "explain"]


class Help(testing.TestCase):
    def test_the_help_of_every_verb_fits_one_screen(self):
        for words in (["--help"], *([verb, "--help"] for verb in VERBS)):
            outcome = run(*words)
            self.expect(outcome, 0)
            lines = outcome.stdout.splitlines()
            self.assertLessEqual(len(lines), 50, words)
            self.assertLessEqual(max(map(len, lines)), 80, max(lines, key=len))
            self.assertEqual("", outcome.stderr)

    def test_the_help_of_enable_names_every_option_it_has(self):
        text = run("enable", "--help").stdout
        for option in OPTIONS:
            self.assertRegex(text, rf"(?<![\w-]){option}(?![\w-])", option)

    def test_the_help_names_every_verb_but_the_programs_own(self):
        text = run("--help").stdout
        for verb in VERBS:
            self.assertRegex(text, rf"(?m)^  {verb} ")
        self.assertNotRegex(text, r"(?m)^  guard\b")

    def test_the_version_is_one_line(self):
        outcome = run("--version")
        self.expect(outcome, 0)
        self.assertRegex(outcome.stdout, r"\Akaudit \d+\.\d+\.\d+\S*\n\Z")


class Names(testing.TestCase):
    def test_kaudit_enable_is_kaudit_enable(self):
        node = Node(self, golden_manifest())
        link = node.base / "kaudit-enable"
        os.symlink(testing.program(), link)
        words = ["--root", node.root, "--policy", node.policy, "--log", testing.LOG, "--dry-run"]
        for arguments in (words, ["--help"], ["--version"], words[:2]):
            one, other = run("enable", *arguments), run(*arguments, called=str(link))
            if arguments == ["--version"]:
                one = run("--version")
            self.assertEqual((one.status, one.stdout), (other.status, other.stdout), str(other))

    def test_a_verb_with_a_typo_gets_the_nearest_one(self):
        self.expect(run("enabel"), 2, stderr=["enable"])

    def test_no_verb_at_all_is_a_usage_error(self):
        outcome = run()
        self.assertEqual(outcome.status, 2, str(outcome))
        self.assertNotEqual("", outcome.stderr + outcome.stdout)


class Usage(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def expect_usage(self, *extra, stderr=(), statuses=(2,), **how):
        before = testing.snapshot(self.node.base)
        outcome = self.node.enable(*extra, **how)
        self.assertIn(outcome.status, statuses, str(outcome))
        self.assertEqual("", outcome.stdout, str(outcome))
        for part in stderr:
            self.assertIn(part, outcome.stderr, str(outcome))
        self.assertTrue(re.search(r"\w", outcome.stderr), "a usage error says what is wrong")
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_an_option_with_a_typo_gets_the_nearest_one(self):
        self.expect_usage("--max-agee", "3", stderr=["--max-age"])
        self.expect_usage("--dryrun", stderr=["--dry-run"])
        self.expect_usage("--polcy", "x", stderr=["--policy"])

    def test_numbers_that_are_none(self):
        for option in ("--max-age", "--max-backup", "--max-size", "--keep-backups"):
            for value in ("x", "", "-1", "1.5", "99999999999999999999", "1 2", "0x"):
                with self.subTest(option=option, value=value):
                    self.expect_usage(f"{option}={value}")

    def test_words_that_an_option_does_not_know(self):
        for option, value in (("--log-volume", "sideways"), ("--output", "xml"), ("--color", "mauve"),
                              ("--kubernetes-version", "banana")):
            with self.subTest(option=option):
                self.expect_usage(option, value, stderr=[value])

    def test_options_without_their_value(self):
        for option in ("--policy-dest", "--flag", "--manifest", "--max-age", "--output"):
            with self.subTest(option=option):
                self.expect_usage(option)

    def test_words_left_over(self):
        self.expect_usage("surplus", stderr=["surplus"])

    def test_nothing_asked_for(self):
        self.expect_usage(policy=False, log=None)

    def test_the_same_flag_set_twice(self):
        for words in (["--flag", "audit-log-mode=batch", "--flag", "audit-log-mode=blocking"],
                      ["--flag", "audit-log-mode=batch", "--flag", "audit-log-mode-"],
                      ["--flag", "audit_log_mode=batch", "--flag", "audit-log-mode=batch"],
                      ["--flag", "audit-log-maxage=3", "--max-age", "3"],
                      ["--flag", "audit-log-path=/var/log/other.log"],
                      ["--flag", "audit_policy_file=/etc/kubernetes/other.yaml"]):
            with self.subTest(words=words):
                self.expect_usage(*words)

    def expect_usage_of(self, *words, stderr=()):
        self.expect_untouched(self.node, lambda: run(words[0], "--root", self.node.root, *words[1:]), 2, stderr=stderr)

    def test_ways_to_wait_that_exclude_one_another(self):
        for verb in ("enable", "disable", "rollback"):
            for words in (["--wait", "--no-wait"], ["--wait", "--no-watch"], ["--no-wait", "--no-watch"]):
                with self.subTest(verb=verb, words=words):
                    self.expect_usage_of(verb, *words, stderr=["exclude one another"])

    def test_times_that_are_none(self):
        for verb in ("enable", "disable", "rollback"):
            for value in ("5", "9", "3601", "x", "-1", ""):
                with self.subTest(verb=verb, value=value):
                    self.expect_usage_of(verb, f"--timeout={value}", stderr=["--timeout"])
            self.expect_usage_of(verb, "--timeout", "60", "--no-watch", stderr=["--timeout", "--no-watch"])

    def test_runs_that_cannot_be(self):
        run_id = "20260131T081530.123Z-5f3c9a"
        self.expect_usage_of("rollback", run_id, run_id, stderr=["one run at a time"])
        for word in ("last", "../../x", run_id + "0", ""):
            with self.subTest(word=word):
                self.expect_usage_of("rollback", word, stderr=["is no run's id", "kaudit rollback --list"])
        self.expect_usage_of("rollback", "--list", run_id, stderr=["--list"])
        self.expect_usage_of("guard", "x", stderr=["is no run's id"])
        self.expect_usage_of("status", run_id, stderr=[run_id])

    def test_a_flag_that_is_neither_set_nor_taken_out(self):
        for value in ("audit-log-mode", "", "=", "=x", "-"):
            with self.subTest(value=value):
                self.expect_usage("--flag", value)

    def test_a_flag_that_is_not_an_audit_flag(self):
        self.expect_usage("--flag", "secure-port=7443", stderr=["secure-port"], statuses=(2, 3))

    def test_a_flag_name_with_a_typo_gets_the_nearest_one(self):
        self.expect_usage("--flag", "audit-log-maxsise=3", stderr=["audit-log-maxsize"], statuses=(2, 3))

    def test_an_option_given_twice(self):
        self.expect_usage("--log", "/var/log/other.log")
        self.expect_usage("--max-age", "1", "--max-age", "2")

    def test_paths_that_are_none(self):
        for words in (["--log", "relative.log"], ["--log", ""], ["--log", "/var/log/../x.log"], ["--log", "/"]):
            with self.subTest(words=words):
                self.expect_usage(*words, log=None, statuses=(2, 3))
        for words in (["--policy-dest", "relative.yaml"], ["--policy-dest", "/etc/../x.yaml"], ["--state-dir", "x"],
                      ["--manifest", "relative.yaml"], ["--policy-dest", ""], ["--state-dir", ""]):
            with self.subTest(words=words):
                self.expect_usage(*words, statuses=(2, 3))

    def test_a_log_path_with_control_characters(self):
        for path in ("/var/log/a\nb.log", "/var/log/a\tb.log", "/var/log/\x1b[31m.log", "/var/log/a:b.log"):
            with self.subTest(path=path):
                before = testing.snapshot(self.node.base)
                outcome = self.node.enable("--dry-run", log=path)
                self.assertNotIn("\x1b", outcome.stdout + outcome.stderr)
                if "\n" in path:
                    self.assertIn(outcome.status, (2, 3), str(outcome))
                self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))


if __name__ == "__main__":
    testing.main()
