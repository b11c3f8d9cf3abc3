"""A log that is mounted as a single file and the node's logrotate: the drop-in that comes, stays in step, is refused, and goes."""

import json
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import LOG, Node, golden_manifest  # noqa: E402

DROP_IN = "/etc/logrotate.d/kaudit"
NEVER = "--audit-log-maxsize=2147483647"
DIRECTORY_LOG = "/var/log/kubernetes/audit/audit.log"
LOSES = "! /var/log/prod-secrets.log is mounted as a single file"


class Rotation(testing.TestCase):
    def setUp(self):
        self.node = self.with_logrotate(Node(self, golden_manifest()))

    def with_logrotate(self, node):
        node.write("/usr/sbin/logrotate", "#!/bin/sh\n", 0o755)
        node.write("/etc/logrotate.conf", "weekly\ninclude /etc/logrotate.d\n", 0o644)
        node.write("/etc/logrotate.d/rsyslog", "/var/log/syslog\n{\n\tdaily\n}\n", 0o644)
        node.write("/etc/cron.daily/logrotate", "#!/bin/sh\n/usr/sbin/logrotate /etc/logrotate.conf\n", 0o755)
        return node

    @property
    def drop_in(self):
        return self.node.root / DROP_IN.lstrip("/")

    def text(self):
        return self.drop_in.read_text()

    def manifest(self):
        return self.node.manifest.read_text()

    def run_verb(self, verb, *words):
        return testing.run(verb, "--root", self.node.root, *words)

    def enabled(self, *words, **how):
        self.expect(self.node.enable(*words, **how), 0)

    def expect_nothing_to_do(self, *words, **how):
        before = testing.snapshot(self.node.base)
        self.expect(self.node.enable(*words, **how), 0, stdout=["nothing to do"])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def edit(self, old, new):
        self.assertIn(old, self.text())
        self.drop_in.write_text(self.text().replace(old, new))

    # It comes

    def test_where_the_node_has_logrotate_it_is_part_of_the_plan(self):
        outcome = self.node.enable()
        self.expect(outcome, 0, stdout=[f"+ {DROP_IN}: logrotate drop-in (root:root 0644)", f"--- /dev/null\n+++ b{DROP_IN}\n", NEVER],
                    stderr=["logrotate runs daily", "ln -s /etc/cron.daily/logrotate /etc/cron.hourly/", "[log-may-outgrow]"])
        self.assertNotIn("log-cannot-rotate", outcome.stderr)
        self.assertNotIn(LOSES, outcome.stdout)
        self.assertIn(f'"{LOG}" {{\n    size 100M\n    rotate 10\n    maxage 30\n', self.text())
        self.assertEqual(0o644, self.drop_in.stat().st_mode & 0o7777)
        self.assertIn(NEVER, self.manifest())
        for flag in ("--audit-log-maxage=30", "--audit-log-maxbackup=10"):
            self.assertIn(flag, self.manifest())
        self.expect_nothing_to_do()
        self.expect_nothing_to_do("--rotate", "logrotate")

    def test_in_json(self):
        document = self.node.enable("--output", "json", "--max-size", "64").json()
        change = next(change for change in document["changes"] if change["path"] == DROP_IN)
        self.assertEqual(("add", None), (change["action"], change["before"]))
        diff = next(diff for diff in document["diff"] if diff["after_header"] == "b" + DROP_IN)
        self.assertEqual(("/dev/null", "", self.text()), (diff["before_header"], diff["before"], diff["after"]))
        self.assertIn("    size 64M\n", self.text())

    def test_a_dry_run_writes_nothing(self):
        before = testing.snapshot(self.node.base)
        self.expect(self.node.enable("--dry-run"), 0, stdout=[DROP_IN])
        self.expect(self.node.enable("--check"), 1, stdout=[DROP_IN])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_zero_means_all_and_never(self):
        self.enabled("--max-backup", "0", "--max-age", "0", "--flag", "audit-log-compress=true")
        self.assertIn("    rotate -1\n    maxage 0\n", self.text())
        self.assertIn("    compress\n", self.text())
        self.assertIn("--audit-log-maxbackup=0", self.manifest())
        self.expect_nothing_to_do()

    def test_nothing_runs_it(self):
        (self.node.root / "etc/cron.daily/logrotate").unlink()
        self.expect(self.node.enable(), 0, stderr=["no timer and no cron job was found that runs logrotate", "[logrotate-not-run]"])

    def test_hourly_is_often_enough(self):
        self.node.write("/etc/cron.hourly/logrotate", "#!/bin/sh\nlogrotate /etc/logrotate.conf\n", 0o755)
        outcome = self.node.enable()
        self.expect(outcome, 0)
        self.assertNotIn("outgrow", outcome.stderr)

    # It does not

    def test_rotate_server(self):
        outcome = self.node.enable("--rotate", "server")
        self.expect(outcome, 0, stderr=["[log-cannot-rotate]", "or give --rotate logrotate"])
        self.assertTrue(outcome.stdout.startswith(LOSES), outcome.stdout)
        self.assertFalse(self.drop_in.exists())
        self.assertIn("--audit-log-maxsize=100", self.manifest())
        self.expect_nothing_to_do("--rotate", "server")
        # A run about something else leaves it so; one about the log brings the default.
        self.expect_nothing_to_do(log=None)
        self.enabled()
        self.assertIn(NEVER, self.manifest())

    def test_without_logrotate_the_warning_is_the_first_line(self):
        for missing in ("usr/sbin/logrotate", "etc/logrotate.conf"):
            with self.subTest(missing):
                self.node = self.with_logrotate(Node(self, golden_manifest()))
                (self.node.root / missing).unlink()
                outcome = self.node.enable("--dry-run")
                self.expect(outcome, 0, stdout=["--audit-log-maxsize=100"], stderr=["[log-cannot-rotate]"])
                self.assertTrue(outcome.stdout.startswith(LOSES), outcome.stdout)
                self.expect_untouched(self.node, lambda: self.node.enable("--rotate", "logrotate"), 3, stderr=["[no-logrotate]", "hint: "])

    def test_where_it_can_do_nothing_it_cannot_be_demanded(self):
        for words, log, code in ((("--log-volume", "directory"), DIRECTORY_LOG, "[rotate-needs-file]"), ((), DIRECTORY_LOG, "[rotate-needs-file]"),
                                 ((), "-", "[rotate-needs-file]"), (("--max-size", "0", "--kubernetes-version", "1.36"), LOG, "[rotate-needs-size]"),
                                 ((), "/var/log/audit[1].log", "[unrotatable-path]")):
            with self.subTest(words=words, log=log):
                self.expect_untouched(self.node, lambda w=words, l=log: self.node.enable("--rotate", "logrotate", *w, log=l), 3,
                                      stderr=[code, "hint: "])

    def test_a_path_that_logrotate_would_expand_is_left_to_the_server(self):
        self.expect(self.node.enable(log="/var/log/audit[1].log"), 0, stderr=["[log-cannot-rotate]"])
        self.assertFalse(self.drop_in.exists())

    def test_what_is_not_ours_is_never_overwritten(self):
        self.node.write(DROP_IN, f"# mine\n{LOG} {{\n}}\n", 0o644)
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["not a file of kaudit's", "[drop-in-taken]", "--rotate server"])
        self.drop_in.unlink()
        os.mkfifo(self.drop_in)
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["[fifo]"])
        self.drop_in.unlink()
        self.drop_in.symlink_to("/etc/passwd")
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["[symlink]"])
        self.enabled("--rotate", "server")
        self.assertTrue(self.drop_in.is_symlink())
        self.expect(self.run_verb("disable"), 0)
        self.assertTrue(self.drop_in.is_symlink())

    # Other rules

    def test_another_rule_that_takes_the_log(self):
        self.node.write("/etc/logrotate.d/all", "# everything\n/var/log/*.log {\n  weekly\n}\n", 0o644)
        self.expect_untouched(self.node, self.node.enable, 3, stderr=["/etc/logrotate.d/all:2:1: logrotate's rule /var/log/*.log also takes " + LOG,
                                                                    "[logrotate-rule]", "--rotate server", "--ignore logrotate-rule"])
        self.expect(self.node.enable("--rotate", "server", "--dry-run"), 0, stderr=["without copytruncate", "[logrotate-rule]"])
        self.expect(self.node.enable("--ignore", "logrotate-rule"), 0, stderr=["ignored: ", "[logrotate-rule]"])
        self.assertTrue(self.drop_in.exists())
        self.expect(self.node.enable("--max-age", "40", policy=False, log=None), 0, stderr=["[logrotate-rule]"])

    def test_a_rule_that_takes_a_log_in_a_directory(self):
        self.node.write("/etc/logrotate.d/all", f"{DIRECTORY_LOG} {{\n}}\n", 0o644)
        self.expect(self.node.enable(log=DIRECTORY_LOG), 0, stderr=["goes on writing to the renamed file", "[logrotate-rule]"])

    def test_a_rule_that_truncates_does_no_harm_to_the_server(self):
        self.node.write("/etc/logrotate.d/all", f"{LOG} {{\n  copytruncate\n}}\n", 0o644)
        outcome = self.node.enable("--rotate", "server")
        self.expect(outcome, 0)
        self.assertNotIn("[logrotate-rule]", outcome.stderr)
        self.assertNotIn(NEVER, self.manifest())

    # In step

    def test_it_follows_the_options_that_are_given(self):
        self.enabled("--max-size", "64")
        manifest = self.manifest()
        outcome = self.node.enable("--max-size", "50", policy=False, log=None)
        self.expect(outcome, 0, stdout=[f"~ {DROP_IN}: logrotate drop-in", "-    size 64M", "+    size 50M"])
        self.assertEqual(manifest, self.manifest(), "the server's max-size is no concern of logrotate's")
        self.enabled("--max-age", "7", "--max-backup", "3", policy=False, log=None)
        self.assertIn("    size 50M\n    rotate 3\n    maxage 7\n", self.text())
        self.assertIn("--audit-log-maxage=7", self.manifest())
        self.expect_nothing_to_do()

    def test_a_moved_log_takes_it_along(self):
        self.enabled("--max-size", "64")
        self.enabled(policy=False, log="/var/log/moved.log")
        self.assertIn('"/var/log/moved.log" {\n    size 64M\n', self.text())

    def test_what_a_person_edited_stays(self):
        self.enabled()
        self.edit("    postrotate\n", "    postrotate\n    ship $1\n")
        self.edit("    rotate 10\n", "    rotate 99\n")
        self.expect_nothing_to_do()
        self.enabled("--max-size", "5", policy=False, log=None)
        for line in ("    ship $1\n", "    rotate 99\n", "    size 5M\n"):
            self.assertIn(line, self.text())
        self.expect(self.run_verb("disable"), 0, stdout=["logrotate drop-in, edited by hand", "-    ship $1"])
        self.assertFalse(self.drop_in.exists())
        runs = sorted((self.node.state / "runs").iterdir())
        self.assertIn("ship $1", (runs[-1] / "before/kaudit").read_text(), "nothing is lost in silence")

    def test_edits_that_are_not_understood(self):
        self.enabled()
        self.edit("    copytruncate\n", "")
        before = self.text()
        self.expect(self.node.enable(), 0, stdout=["nothing to do"], stderr=["[drop-in-edited]"])
        self.expect_untouched(self.node, lambda: self.node.enable("--max-size", "5"), 3, stderr=["[drop-in-edited]", "hint: "])
        self.assertEqual(before, self.text())

    def test_one_that_logrotate_would_pass_over_is_put_right(self):
        self.enabled()
        self.drop_in.chmod(0o664)
        self.enabled()
        self.assertEqual(0o644, self.drop_in.stat().st_mode & 0o7777)

    def test_one_that_nothing_reads_any_more(self):
        self.enabled()
        (self.node.root / "usr/sbin/logrotate").unlink()
        self.expect(self.node.enable(), 0, stdout=["nothing to do"], stderr=["[logrotate-not-run]"])

    def test_one_that_somebody_removed(self):
        self.enabled()
        self.drop_in.unlink()
        self.expect(self.node.enable("--max-age", "30", policy=False, log=None), 0, stderr=["[log-unbounded]"])
        self.enabled()
        self.assertIn("    size 100M\n", self.text())

    # There is one on a node

    def another(self, text):
        self.node.write("/root/copy.yaml", text, 0o600)
        return "--manifest", "/root/copy.yaml"

    def test_another_manifest_does_not_take_it(self):
        self.enabled()
        text = self.text()
        copy = self.another(self.manifest())
        self.expect(self.run_verb("disable", *copy), 0, stderr=["rotates the log of /etc/kubernetes/manifests/kube-apiserver.yaml: it stays"])
        clean = self.another(golden_manifest().decode())
        self.expect(self.run_verb("disable", *clean), 0, stdout=["nothing to do"])
        self.expect(testing.run("enable", "--root", self.node.root, *clean, "--log", DIRECTORY_LOG, "--policy", self.node.policy), 0)
        self.assertEqual(text, self.text())
        self.expect(testing.run("enable", "--root", self.node.root, *self.another(golden_manifest().decode()), "--log", "/var/log/other.log"),
                    3, stderr=["[drop-in-taken]", "--rotate server"])
        self.assertEqual(text, self.text())
        self.expect(self.run_verb("rollback", "--manifest", "/root/copy.yaml"), 0)
        self.assertEqual(text, self.text())
        self.expect_nothing_to_do()

    def test_without_runs_it_is_whose_log_it_takes(self):
        self.enabled()
        text = self.text()
        clean = self.another(golden_manifest().decode())
        shutil.rmtree(self.node.state)
        self.expect(self.run_verb("disable", *clean), 0, stdout=["nothing to do"])
        self.assertEqual(text, self.text())
        self.expect(self.run_verb("disable"), 0, stdout=[f"- {DROP_IN}"])
        self.assertFalse(self.drop_in.exists())

    def test_one_that_is_not_ours_any_more_stays_and_that_is_said(self):
        self.enabled()
        self.drop_in.write_text("# mine\n" + self.text())
        self.expect(self.run_verb("disable"), 0, stderr=["not a file of kaudit's", "it stays", "[drop-in-taken]"])
        self.assertTrue(self.drop_in.exists())

    # It goes

    def test_a_size_of_never_takes_it_away(self):
        self.enabled()
        self.enabled("--max-size", "0", "--kubernetes-version", "1.36")
        self.assertFalse(self.drop_in.exists())
        self.assertIn("--audit-log-maxsize=0", self.manifest())
        self.expect_nothing_to_do("--max-size", "0", "--kubernetes-version", "1.36")

    def test_by_way_of_stdout_into_a_directory(self):
        self.enabled("--max-size", "64")
        self.enabled(log="-", policy=False)
        self.assertFalse(self.drop_in.exists())
        self.assertIn("--audit-log-maxsize=64", self.manifest())
        self.enabled(log=DIRECTORY_LOG, policy=False)
        self.assertIn("--audit-log-maxsize=64", self.manifest())

    def test_where_systemd_lets_logrotate_write_nothing_it_is_the_servers(self):
        (self.node.root / "etc/cron.daily/logrotate").unlink()
        self.node.write("/usr/lib/systemd/system/logrotate.timer", "[Timer]\nOnCalendar=daily\n", 0o644)
        self.node.write("/usr/lib/systemd/system/logrotate.service", "[Service]\nProtectSystem=full\n", 0o644)
        os.makedirs(self.node.root / "etc/systemd/system/timers.target.wants")
        os.symlink("/usr/lib/systemd/system/logrotate.timer", self.node.root / "etc/systemd/system/timers.target.wants/logrotate.timer")
        log = "/etc/kubernetes/audit.log"
        self.expect_untouched(self.node, lambda: self.node.enable("--rotate", "logrotate", log=log), 3, stderr=["[logrotate-out-of-reach]", "ReadWritePaths"])
        self.expect(self.node.enable("--log-volume", "file", log=log), 0, stderr=["[log-cannot-rotate]"])
        self.assertFalse(self.drop_in.exists())

    def test_to_a_directory_and_back(self):
        self.enabled("--max-size", "64")
        self.expect(self.node.enable(policy=False, log=DIRECTORY_LOG), 0, stdout=[f"- {DROP_IN}: logrotate drop-in", f"--- a{DROP_IN}\n+++ /dev/null\n"])
        self.assertFalse(self.drop_in.exists())
        self.assertIn("--audit-log-maxsize=64", self.manifest())
        self.enabled(policy=False)
        self.assertIn("    size 64M\n", self.text())
        self.assertIn(NEVER, self.manifest())

    def test_to_the_server(self):
        self.enabled("--max-size", "64")
        self.enabled("--rotate", "server", policy=False, log=None)
        self.assertFalse(self.drop_in.exists())
        self.assertIn("--audit-log-maxsize=64", self.manifest())

    def test_disable_gives_the_node_of_before(self):
        self.enabled()
        self.expect(self.run_verb("disable"), 0, stdout=[f"- {DROP_IN}"], stderr=["removed: "])
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())
        self.assertFalse(self.drop_in.exists())
        before = testing.snapshot(self.node.base)
        self.expect(self.run_verb("disable"), 0, stdout=["nothing to do"])
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.base)))

    def test_disable_takes_one_that_a_crash_left(self):
        self.enabled()
        text = self.text()
        self.expect(self.run_verb("disable"), 0)
        self.node.write(DROP_IN, text, 0o644)
        self.expect(self.run_verb("disable"), 0, stdout=[f"- {DROP_IN}"])
        self.assertFalse(self.drop_in.exists())

    def test_purge_takes_what_logrotate_made(self):
        self.enabled()
        for name in ("prod-secrets.log.1", "prod-secrets.log.2.gz", "prod-secrets.log.old"):
            self.node.write("/var/log/" + name, "events\n", 0o600)
        self.expect(self.run_verb("disable", "--purge"), 0)
        self.assertEqual({"syslog", "prod-secrets.log.old"}, set(os.listdir(self.node.root / "var/log")))

    def test_a_directory_with_files_of_logrotates_is_the_logs_own(self):
        for name in ("audit.log", "audit.log.1", "audit.log.2.gz"):
            self.node.write("/var/log/kubernetes/audit/" + name, "", 0o600)
        self.expect(self.node.enable("--dry-run", log=DIRECTORY_LOG), 0, stdout=["(hostPath /var/log/kubernetes/audit, DirectoryOrCreate)"])

    # Back

    def test_rollback_takes_it_away_and_brings_it_back(self):
        self.enabled("--max-size", "64")
        first = self.text()
        self.enabled("--max-size", "50", policy=False, log=None)
        self.expect(self.run_verb("rollback"), 0, stdout=[f"~ {DROP_IN}: logrotate drop-in as it was before run"])
        self.assertEqual(first, self.text())
        self.expect(self.run_verb("disable"), 0)
        self.expect(self.run_verb("rollback"), 0, stdout=[f"+ {DROP_IN}"])
        self.assertEqual(first, self.text())
        self.assertIn(NEVER, self.manifest())
        runs = sorted(run.name for run in (self.node.state / "runs").iterdir())
        outcome = self.run_verb("rollback", runs[0])
        self.expect(outcome, 0, stdout=[f"- {DROP_IN}: logrotate drop-in"])
        self.assertNotIn("log-unbounded", outcome.stderr)
        self.assertFalse(self.drop_in.exists())
        self.assertEqual(golden_manifest(), self.node.manifest.read_bytes())

    def test_rollback_never_overwrites_what_is_not_ours(self):
        self.enabled()
        self.expect(self.run_verb("disable"), 0)
        self.node.write(DROP_IN, "# mine\n", 0o644)
        self.expect_untouched(self.node, lambda: self.run_verb("rollback"), 3, stderr=["[drop-in-taken]"])

    def test_the_record_knows_it(self):
        self.enabled()
        run = next((self.node.state / "runs").iterdir())
        record = json.loads((run / "record.json").read_text())
        file = next(file for file in record["files"] if file["path"] == DROP_IN)
        self.assertEqual(("drop_in", None, "after/kaudit"), (file["role"], file["before"], file["after"]["copy"]))
        self.assertEqual(self.text(), (run / "after/kaudit").read_text())


if __name__ == "__main__":
    testing.main()
