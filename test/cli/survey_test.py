"""`kaudit status` on a scratch root: text, JSON against its schema, every exit status, logs of every kind; it changes nothing."""

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import LOG, Node, golden_manifest, needs_proc, needs_root  # noqa: E402

try:
    import jsonschema
except ImportError:
    testing.skip_all("python3-jsonschema is not installed")

SCHEMA = json.loads((testing.SOURCE / "docs/status.schema.json").read_text())
DIRECTORY_LOG = "/var/log/kube-audit/audit.log"
MB = 1 << 20
DROP_IN = f"""# Written by kaudit: x
{LOG} {{
    size 52428800
    rotate 4
    maxage 7
    copytruncate
}}
"""
DAY = 86400
WEBHOOK = """apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {token: s3cret-token}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
"""


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now():
    return datetime.datetime.now().timestamp()


def event(at, padding=0):
    return json.dumps({"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": "x" * padding, "stage": "ResponseComplete",
                       "requestReceivedTimestamp": stamp(at), "stageTimestamp": stamp(at)}, separators=(",", ":")) + "\n"


class Case(testing.TestCase):
    log = DIRECTORY_LOG

    def setUp(self):
        self.node = Node(self, golden_manifest())

    def enable(self, *extra, log=None, **how):
        self.expect(self.node.enable(*extra, log=log or self.log, **how), 0)
        self.log_file = self.node.root / (log or self.log).lstrip("/")

    def status(self, *extra, status=0, node=None, **how):
        """What it prints; nothing below the node changes."""
        node = node or self.node
        before = testing.snapshot(node.base)
        outcome = testing.run("status", "--root", node.root, *extra, **how)
        self.expect(outcome, status)
        self.assertEqual([], testing.differences(before, testing.snapshot(node.base)), str(outcome))
        if status in (0, 1):
            self.assertEqual("", outcome.stderr)
        return outcome

    def document(self, *extra, status=0, **how):
        document = self.status("--output", "json", *extra, status=status, **how).json()
        jsonschema.validators.validator_for(SCHEMA).check_schema(SCHEMA)
        jsonschema.validate(document, SCHEMA)
        self.assertEqual(status, document["exit_status"])
        return document

    def codes(self, *extra, status=0):
        return [f"{hazard['code']}:{hazard['severity']}" for hazard in self.document(*extra, status=status)["hazards"]]


class Overview(Case):
    def test_auditing_that_is_off(self):
        said = self.status(status=1).stdout
        self.assertRegex(said, r"^auditing    off\n")
        self.assertIn("warning: auditing is off", said)
        self.assertIn("[auditing-off]\n  hint: kaudit enable", said)
        document = self.document(status=1)
        self.assertEqual(("off", None, None, None), (document["auditing"], document["policy"], document["log"], document["process"]))

    def test_all_is_well(self):
        self.enable()
        self.log_file.write_text(event(now() - 100) + event(now()))
        said = self.status().stdout
        self.assertRegex(said, r"^auditing    on\nmanifest    \S+kube-apiserver.yaml \(\S+\)\npolicy      /etc/kubernetes/prod-audit.yaml, "
                               r"sha256 [0-9a-f]{12}, as annotated\nlog         /var/log/kube-audit/audit.log, its directory mounted, \d+ bytes\n"
                               r"  events    the last 0 s ago, [\d.]+ a second, [\d.]+ KB a day, the oldest 1 min ago\n"
                               r"  kept      rotated by kube-apiserver at 100 MB, 10 backups, 30 days: 30 days of history\n"
                               r"process     not looked for: .*\nmetrics     not read: .*\nlast run    \S+, enable, written\n$")
        self.assertEqual([], self.codes())
        self.assertEqual("", self.status("-q").stdout)

    def test_everything_is_in_the_document(self):
        self.enable("--max-size", "1", "--max-backup", "2")
        self.log_file.write_text("".join(event(1769860800 + i, 500) for i in range(1001)))
        (self.log_file.parent / "audit-2026-01-30T12-00-00.123.log").write_text(event(1769860800 - 2 * DAY) + event(1769860800 - DAY))
        os.utime(self.log_file.parent / "audit-2026-01-30T12-00-00.123.log", (1769860800 - DAY,) * 2)
        document = self.document()
        flags = {flag["name"]: flag["value"] for flag in document["manifest"]["flags"]}
        self.assertEqual(("1", "2"), (flags["audit-log-maxsize"], flags["audit-log-maxbackup"]))
        digest = testing.sha256(testing.POLICY_TEXT)
        self.assertEqual({"kaudit/policy-sha256": digest}, document["manifest"]["annotations"])
        self.assertEqual((digest, digest), (document["policy"]["sha256"], document["policy"]["annotated_sha256"]))
        log = document["log"]
        size = self.log_file.stat().st_size
        self.assertEqual(("directory", "file", size, 1), (log["mount"], log["state"], log["size"], log["rotated_files"]))
        self.assertEqual(("2026-01-31T12:16:40Z", "2026-01-29T12:00:00Z", True),
                         (log["last_event"], log["oldest_event"], log["oldest_event_exact"]))
        self.assertEqual(1.0, log["events_per_second"])
        self.assertAlmostEqual(size / 1001 * DAY, log["bytes_per_day"], delta=1)
        self.assertAlmostEqual(3 * MB / log["bytes_per_day"], log["rotation"]["history_days"])
        self.assertEqual(("server", MB, 2, 30, "size"), tuple(log["rotation"][key] for key in
                         ("by", "max_size", "max_backups", "max_age_days", "history_ends_by")))
        self.assertEqual(("written", "as-left"), (document["runs"]["last"]["state"], document["runs"]["last"]["manifest"]))

    def test_verbose_names_the_flags(self):
        self.enable()
        said = self.status("-v").stdout
        self.assertIn("flags       --audit-log-maxage=30\n            --audit-log-maxbackup=10\n", said)
        self.assertIn("annotations kaudit/policy-sha256: ", said)

    def test_colours(self):
        self.assertIn("\x1b[33moff\x1b[0m", self.status("--color", "always", status=1).stdout)
        painted = self.status("--color=always", status=1, env={"NO_COLOR": "1"}).stdout
        self.assertEqual(self.status(status=1).stdout, re.sub(r"\x1b\[\d*m", "", painted))
        self.assertNotIn("\x1b", self.status(status=1).stdout)

    def test_the_other_name(self):
        link = self.node.base / "kaudit-status"
        link.symlink_to(testing.program())
        outcome = testing.run("--root", self.node.root, called=str(link))
        self.expect(outcome, 1, stdout=["auditing    off\n"])

    def test_the_schema_wants_every_key_and_its_type(self):
        self.enable()
        document = self.document()
        broken = [{key: value for key, value in document.items() if key != gone} for gone in document]
        broken += [{**document, key: 1.5} for key in document]
        broken += [{**document, "log": {key: value for key, value in document["log"].items() if key != gone}}
                   for gone in document["log"]]
        for example in broken:
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(example, SCHEMA)

    def test_a_webhook_config_is_named_and_never_shown(self):
        config = self.node.base / "receiver.yaml"
        config.write_text(WEBHOOK)
        config.chmod(0o600)
        self.enable("--webhook-config", config)
        for said in (self.status("-v").stdout, json.dumps(self.document())):
            self.assertIn("/etc/kubernetes/receiver.yaml", said)
            self.assertNotIn("s3cret", said)

    def test_control_characters_of_a_manifest_do_not_reach_a_terminal(self):
        self.enable()
        text = self.node.manifest.read_text()
        image = re.search(r"image: (\S+)", text).group(1)
        self.node.manifest.write_text(text.replace(f"image: {image}", f'image: "{image}\\e]0;x"'))
        self.assertNotIn("\x1b", testing.run("status", "--root", self.node.root).stdout)


class Nothing(Case):
    """There is nothing to look at, or it may not be looked at."""

    def refused(self, status, *parts, node=None, **how):
        outcome = self.status(status=status, node=node, **how)
        self.assertEqual("", outcome.stdout)
        for part in parts:
            self.assertIn(part, outcome.stderr)
        document = self.status("--output", "json", status=status, node=node, **how).json()
        jsonschema.validate(document, SCHEMA)
        self.assertEqual(status, document["exit_status"])

    def test_a_machine_without_kubernetes(self):
        self.refused(4, "there is no such file", "is this a control-plane node? name the file with --manifest",
                     node=Node(self))

    def test_a_manifest_that_is_none(self):
        self.node.manifest.write_text("kind: [")
        self.refused(3, "kube-apiserver.yaml:1:")

    @needs_root()
    def test_somebody_without_privilege(self):
        self.refused(4, "permission denied", "hint: run it as root", unprivileged=True)

    def test_a_root_that_is_not_there(self):
        outcome = testing.run("status", "--root", self.node.base / "nowhere", "--output=json")
        self.expect(outcome, 4, stderr=["nowhere"])
        jsonschema.validate(outcome.json(), SCHEMA)

    def test_usage(self):
        for words, part in ((["--follow", "--output", "json"], "--follow"), (["--kubeconfig", ""], "--kubeconfig"),
                            (["--output", "yaml"], "--output"), (["-q", "-v"], "exclude each other"), (["--quit"], "--quiet"),
                            (["--manifest", "relative"], "--manifest"), (["--kubernetes-version", "one"], "no version")):
            with self.subTest(words=words):
                self.expect(testing.run("status", "--root", self.node.root, *words), 2, stderr=[part])
        outcome = testing.run("status", "--quit", "--output", "json")
        self.expect(outcome, 2)
        jsonschema.validate(outcome.json(), SCHEMA)


class SingleFile(Case):
    log = LOG

    def sized(self, size):
        self.log_file.write_text(event(now() - 10))
        with open(self.log_file, "r+b") as file:
            file.truncate(size - len(event(0)) - 1)
            file.seek(0, os.SEEK_END)
            file.write(b"\n" + event(now()).encode())

    def test_how_full_it_is(self):
        self.enable("--max-size", "10")
        for size, codes in ((MB, ["log-cannot-rotate:info"]), (8 * MB - 1, ["log-cannot-rotate:info"]),
                            (8 * MB, ["log-nearly-full:warning"]), (10 * MB, ["log-full:error"])):
            with self.subTest(size=size):
                self.sized(size)
                self.assertEqual(codes, self.codes(status=0 if codes[0].endswith("info") else 1))

    def test_never_more_than_both_ends_are_read(self):
        self.enable("--max-size", "100000")
        self.sized(20 << 30)
        outcome = testing.run("status", "--root", self.node.root, "--output", "json", timeout=5)
        self.assertEqual(20 << 30, outcome.json()["log"]["size"])

    def test_logrotate(self):
        self.enable("--max-size", str(2**31 - 1))
        self.node.write("/etc/logrotate.conf", "weekly\ninclude /etc/logrotate.d\n", 0o644)
        self.node.write("/etc/logrotate.d/kaudit", DROP_IN, 0o644)
        self.assertEqual(["logrotate-not-run:warning"], self.codes(status=1))
        self.node.write("/usr/sbin/logrotate", "#!/bin/sh\n", 0o755)
        self.node.write("/etc/cron.daily/logrotate", "#!/bin/sh\n/usr/sbin/logrotate /etc/logrotate.conf\n", 0o755)
        self.log_file.write_text(event(now() - 1) + event(now()))
        document = self.document()
        rotation = document["log"]["rotation"]
        self.assertEqual(("logrotate", 50 * MB, 4, 7), tuple(rotation[key] for key in ("by", "max_size", "max_backups", "max_age_days")))
        self.assertEqual([True], [rule["own"] for rule in rotation["logrotate"]])
        self.log_file.write_text(event(now()))
        os.truncate(self.log_file, 101 * MB)
        self.assertIn("log-outgrown:warning", self.codes(status=1))
        self.log_file.write_text(event(now() - 1) + event(now()))
        self.node.write("/etc/logrotate.d/all", "/var/log/*.log {\n  rotate 2\n}\n", 0o644)
        self.assertEqual(["other-logrotate:warning"], self.codes(status=1))
        self.assertIn("/etc/logrotate.d/all:1 (/var/log/*.log)", self.status("-q", status=1).stdout)

    def logrotate(self):
        self.node.write("/etc/logrotate.conf", "include /etc/logrotate.d\n", 0o644)
        self.node.write("/etc/logrotate.d/rsyslog", "/var/log/syslog {\n}\n", 0o644)
        self.node.write("/usr/sbin/logrotate", "#!/bin/sh\n", 0o755)
        self.node.write("/etc/cron.hourly/logrotate", "#!/bin/sh\n/usr/sbin/logrotate /etc/logrotate.conf\n", 0o755)

    def test_a_server_that_was_given_its_size_back(self):
        self.logrotate()
        self.enable()
        self.assertEqual([], self.codes())
        text = self.node.manifest.read_text()
        self.node.manifest.write_text(text.replace("--audit-log-maxsize=2147483647", "--audit-log-maxsize=100"))
        self.assertEqual(["log-cannot-rotate:warning", "manifest-rewritten:warning"], sorted(self.codes(status=1)))
        self.sized(100 * MB)
        self.assertIn("log-full:error", self.codes(status=1))
        self.enable()
        self.log_file.write_text(event(now()))
        self.assertEqual([], self.codes())

    def test_a_rule_of_ones_own_that_truncates(self):
        self.logrotate()
        self.enable("--max-size", str(2**31 - 1), "--rotate", "server")
        self.node.write("/etc/logrotate.d/mine", f"{LOG} {{\n  size 50M\n  copytruncate\n}}\n", 0o644)
        self.log_file.write_text(event(now() - 1) + event(now()))
        document = self.document()
        self.assertEqual([], document["hazards"])
        self.assertEqual("logrotate", document["log"]["rotation"]["by"])
        self.assertEqual([(True, False)], [(rule["truncates"], rule["own"]) for rule in document["log"]["rotation"]["logrotate"]])
        self.assertIn("rotated by logrotate, as /etc/logrotate.d/mine says", self.status().stdout)
        self.node.write("/etc/logrotate.d/mine", f"{LOG} {{\n  size 50M\n}}\n", 0o644)
        self.assertEqual(["other-logrotate:warning"], self.codes(status=1))

    def test_a_drop_in_that_is_not_ours_any_more(self):
        self.logrotate()
        self.enable()
        drop_in = self.node.root / "etc/logrotate.d/kaudit"
        drop_in.write_text("# mine\n" + drop_in.read_text())
        rules = self.document()["log"]["rotation"]["logrotate"]
        self.assertEqual([(True, False)], [(rule["truncates"], rule["own"]) for rule in rules])

    def test_a_drop_in_that_was_edited_until_it_works_no_more(self):
        self.logrotate()
        self.enable()
        drop_in = self.node.root / "etc/logrotate.d/kaudit"
        good = drop_in.read_text()
        self.assertEqual([], self.codes())
        for old, new in (("size 100M", "size 100m"), ("    copytruncate\n", ""), ("copytruncate", "nocopytruncate"),
                         ("rotate 10", "rotate 0"), ("    missingok", "    yearly\n    missingok"), ("\n", "\r\n")):
            with self.subTest(new=new):
                drop_in.write_text(good.replace(old, new), newline="")
                self.assertEqual(["drop-in-broken:error"], self.codes(status=1))
        drop_in.write_text(good.replace("    missingok", "    # mine\n    missingok"))
        self.assertEqual([], self.codes())

    def test_where_logrotate_may_not_write(self):
        self.logrotate()
        self.enable()
        (self.node.root / "etc/cron.hourly/logrotate").unlink()
        self.node.write("/usr/lib/systemd/system/logrotate.timer", "[Timer]\nOnCalendar=hourly\n", 0o644)
        self.node.write("/usr/lib/systemd/system/logrotate.service", "[Service]\nReadOnlyPaths=/var/log\n", 0o644)
        os.makedirs(self.node.root / "etc/systemd/system/timers.target.wants")
        os.symlink("/usr/lib/systemd/system/logrotate.timer", self.node.root / "etc/systemd/system/timers.target.wants/logrotate.timer")
        self.assertEqual(["logrotate-out-of-reach:error"], self.codes(status=1))

    def test_a_size_out_of_reach_without_the_drop_in(self):
        self.enable("--max-size", str(1 << 20))
        self.assertEqual(["drop-in-missing:error"], self.codes(status=1))


class BrokenLogs(Case):
    def setUp(self):
        super().setUp()
        self.enable()
        self.log_file.parent.mkdir(exist_ok=True)

    def test_what_is_in_it(self):
        line = event(now())
        for content, codes in ((b"", []), (line.encode(), []), ((line + line[:50]).encode(), []), (b"\0" * 100, ["log-broken:warning"]),
                               (os.urandom(5 * MB), ["log-broken:warning"]), (b"hello\n", ["log-broken:warning"]),
                               (line[:-1].encode(), ["log-broken:warning"]), (b"\n" * MB, ["log-broken:warning"]),
                               (b"x" * (9 * MB), ["log-broken:warning"]),
                               (b'2026-01-31T12:00:00Z AUDIT: id="1" stage="ResponseComplete"\n', [])):
            with self.subTest(content=content[:30]):
                self.log_file.write_bytes(content)
                self.assertEqual(codes, self.codes(status=1 if codes else 0))

    def test_what_is_in_its_place(self):
        self.assertEqual("missing", self.document()["log"]["state"], "the server has not made it yet")
        os.mkfifo(self.log_file)
        self.assertEqual(["log-unreadable:error"], self.codes(status=1))
        self.log_file.unlink()
        self.log_file.mkdir()
        self.assertEqual(["log-unreadable:error"], self.codes(status=1))
        self.log_file.rmdir()
        self.log_file.symlink_to("/dev/zero")
        self.assertEqual(["log-unreadable:error"], self.codes(status=1))


class Configuration(Case):
    def setUp(self):
        super().setUp()
        self.enable()
        self.log_file.parent.mkdir(exist_ok=True)
        self.log_file.write_text(event(now()))

    def change(self, before, after):
        text = self.node.manifest.read_text()
        self.assertIn(before, text)
        self.node.manifest.write_text(text.replace(before, after))

    def rewritten(self, *codes):
        """With what follows of the manifest being another one."""
        self.assertEqual(sorted([*codes, "manifest-rewritten:warning"]), sorted(self.codes(status=1)))

    def test_half_of_it(self):
        self.change("    - --audit-policy-file=/etc/kubernetes/prod-audit.yaml\n", "")
        self.rewritten("no-policy:error")
        self.change(f"    - --audit-log-path={DIRECTORY_LOG}\n", "    - --audit-policy-file=/etc/kubernetes/prod-audit.yaml\n")
        self.rewritten("no-backend:error")

    def test_where_the_log_goes(self):
        for path, code in (("-", "log-stdout:warning"), ("/somewhere/else.log", "log-not-mounted:error")):
            with self.subTest(path=path):
                before = self.node.manifest.read_text()
                self.change(f"--audit-log-path={DIRECTORY_LOG}", f"--audit-log-path={path}")
                self.rewritten(code)
                self.node.manifest.write_text(before)

    def test_a_log_that_cannot_be_written(self):
        self.change("    - mountPath: /var/log/kube-audit\n      name: audit-log\n",
                    "    - mountPath: /var/log/kube-audit\n      name: audit-log\n      readOnly: true\n")
        self.assertEqual(["log-read-only:error", "manifest-rewritten:info"], self.codes(status=1))

    def test_a_log_that_nothing_rotates(self):
        self.change("--audit-log-maxsize=100", "--audit-log-maxsize=0")
        self.assertEqual(["log-unbounded:warning", "manifest-rewritten:warning"], self.codes("--kubernetes-version", "1.36", status=1))
        self.assertEqual(["manifest-rewritten:warning"], self.codes("--kubernetes-version", "1.35", status=1))

    def test_the_policy(self):
        self.node.installed_policy.write_text(testing.POLICY_TEXT + "# edited\n")
        self.assertEqual(["policy-edited:warning"], self.codes(status=1))
        self.node.installed_policy.unlink()
        self.assertEqual(["policy-unreadable:error"], self.codes(status=1))
        self.change("    - mountPath: /etc/kubernetes/prod-audit.yaml\n      name: audit\n      readOnly: true\n", "")
        self.assertEqual(["policy-not-mounted:error", "manifest-rewritten:info"], self.codes(status=1))

    def test_a_copy_beside_the_manifest(self):
        copy = self.node.manifests / "kube-apiserver.yaml.bak"
        copy.write_bytes(golden_manifest())
        document = self.document(status=1)
        self.assertEqual([str(copy)], document["stray_pods"])
        self.assertEqual(["stray-pod"], [hazard["code"] for hazard in document["hazards"]])
        copy.rename(self.node.manifests / ".kube-apiserver.yaml.bak")
        self.assertEqual([], self.codes())

    def test_a_manifest_that_somebody_else_wrote(self):
        self.change("spec:\n", "# theirs\nspec:\n")
        self.assertEqual(["manifest-rewritten:info"], self.codes())
        self.change("--audit-log-maxage=30", "--audit-log-maxage=3")
        self.assertEqual(["manifest-rewritten:warning"], self.codes(status=1))
        self.assertEqual("audit-rewritten", self.document(status=1)["runs"]["last"]["manifest"])

    def test_after_disable_it_is_off_and_ours(self):
        self.expect(testing.run("disable", "--root", self.node.root), 0)
        self.assertEqual(["auditing-off:warning"], self.codes(status=1))

    def unfinished(self):
        """The id of the run, whose record now says that it has not ended."""
        folder = next((self.node.state / "runs").iterdir())
        record = json.loads((folder / "record.json").read_text())
        (folder / "record.json").write_text(json.dumps({**record, "state": "prepared", "finished": None}, indent=2) + "\n")
        return folder.name

    def test_a_run_that_was_not_finished(self):
        run = self.unfinished()
        document = self.document(status=1)
        self.assertEqual(([run], None), (document["runs"]["unfinished"], document["runs"]["at_work"]))
        self.assertEqual(["unfinished-run"], [hazard["code"] for hazard in document["hazards"]])

    @needs_proc()
    def test_a_run_at_work(self):
        run = self.unfinished()
        for name, codes in (("kaudit-guard", ["run-at-work:info"]), ("sleep", ["unfinished-run:warning"])):
            program = shutil.copy(shutil.which("sleep"), self.node.base / name)
            with subprocess.Popen([program, "60"]) as at_work:
                (self.node.state / "lock").write_text(f"pid {at_work.pid} run {run}".ljust(63) + "\n")
                self.assertEqual(codes, self.codes(status=0 if "info" in codes[0] else 1), name)
                at_work.kill()
        self.assertEqual(["unfinished-run:warning"], self.codes(status=1), "it has ended")

    def test_the_containers_log(self):
        folder = "/var/log/pods/kube-system_kube-apiserver-n1_0123456789abcdef0123456789abcdef/kube-apiserver"
        failed = "E1128 12:00:00.000000 1 metrics.go:110] Error in audit plugin 'log' affecting 1 audit events: can't rename log file: rename"
        line = "2026-01-31T12:00:00.123456789Z stderr F {}\n"
        self.node.write(folder + "/0.log", line.format(failed) * 3 + line.format("Impacted events:"))
        self.assertEqual(3, self.document(status=1)["rename_failures"])
        self.assertEqual(["rename-failed:error"], self.codes(status=1))
        self.node.write(folder + "/1.log", line.format("I1128 all is well"))
        self.assertEqual([], self.codes())


if __name__ == "__main__":
    testing.main()
