#!/usr/bin/env python3
"""--hasten on a node as users have it (open watches, kubeadm's 30 s of grace): the old API server ends early, by one signal, only
when it lingers; a guardian that is killed in between sends no second one; refused where events would be lost.

The signals are seen by strace(1), which follows the foreground, the guardian and every guardian after it.
"""

import re
import subprocess
import time

import binaries
import control_plane
import namespaces
import scenario
from scenario import ENABLE

TRACE = f"{scenario.DESK}/trace"
SIGNAL = re.compile(r"^\d+ +(\d+\.\d+) pidfd_send_signal\(\d+, SIGTERM, NULL, 0(.*)$", re.M)
# strace speaks of a call that it let wait, or that another process's interrupted, in two lines.
DONE = re.compile(r"\) += 0|<unfinished")


def traced(*options):
    return ("strace", "-qq", "-f", "-ttt", "-o", TRACE, "-e", "trace=pidfd_send_signal,kill,tkill,tgkill", *options, scenario.PROGRAM)


class Hasten(scenario.Scenario):
    cluster_options = {}

    def setUp(self):
        super().setUp()
        self.cluster.path(TRACE).unlink(missing_ok=True)

    def signals(self):
        """[(when, what came of it)] of every signal through a pidfd; nobody else's are sent but SIGKILLs of programs that took too long."""
        text = self.read(TRACE)
        self.assertNotRegex(text, r"[^_]kill\(\d+, SIGTERM")
        return [(float(at), rest) for at, rest in SIGNAL.findall(text)]

    def word(self, word):
        """The newest run's lines with it."""
        return [line for line in self.journal() if line.split(" ")[1] == word]

    def one_signal(self, sent=1):
        signals = self.signals()
        self.assertEqual(len(signals), sent, self.read(TRACE))
        lines = self.word("hastened")
        self.assertEqual(len(lines), sent, self.journal())
        if not sent:
            return None
        self.assertRegex(signals[0][1], DONE)
        seconds = float(re.search(r"had closed its listener (\d+\.\d) s ago", lines[0]).group(1))
        self.assertGreaterEqual(seconds, 2.0)
        return signals[0][0]

    def open_watch(self):
        """One that lasts: after a restart the kubelet takes its time to open its own again."""
        kubectl = binaries.kubernetes(binaries.DEFAULT_VERSION) / "kubectl"
        words = [kubectl, f"--kubeconfig={control_plane.SUPER_ADMIN}", "get", "namespaces", "-w", "--output=name"]
        watch = self.cluster.popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(watch.communicate)
        self.addCleanup(namespaces.kill, watch)
        watch.stdout.readline()  # it has listed; the watch follows at once
        time.sleep(1)

    def hastened(self, *words, while_it_runs=lambda: None, program=None):
        """(how it ended, when the old process was gone, seconds without an API)"""
        old = self.cluster.api_server_pid()
        self.open_watch()
        with self.cluster.record() as record:
            started = self.begin(*words, "--hasten", program=program or traced())
            while_it_runs()
            namespaces.until(lambda: namespaces.program(old) != "kube-apiserver", 90, "the old process's end", every=0.005)
            gone = time.time()
            ended = started.end()
        self.assert_status(ended, 0)
        return ended, gone, record.away()

    def test_enable_and_back(self):
        ended, gone, away = self.hastened(*ENABLE)
        sent = self.one_signal()
        self.assert_new()
        self.prove_trail()
        self.assertLess(gone - sent, 2)
        self.assertLess(away, 25)
        self.saw(f"status 0 after {ended.seconds:.1f} s, {away:.1f} s without an API, the old process gone {gone - sent:.2f} s after the signal")
        for verb, check in (("rollback", self.assert_old_manifest), ("enable", self.assert_new), ("disable", self.assert_old_manifest)):
            self.cluster.path(TRACE).unlink()
            ended, gone, away = self.hastened(*(ENABLE if verb == "enable" else [verb]))
            sent = self.one_signal()
            check()
            self.assertLess(gone - sent, 2)
            self.saw(f"{verb} --hasten: status 0 after {ended.seconds:.1f} s, {away:.1f} s without an API")

    def assert_old_manifest(self):
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.assertEqual(self.flags(), [])

    def test_refused_where_the_old_server_holds_events_back(self):
        self.kaudit(*ENABLE, "--flag", "audit-log-mode=batch")
        written, pid = self.cluster.manifest.read_bytes(), self.cluster.api_server_pid()
        for words in (["disable"], ["rollback"], [*ENABLE, "--flag", "audit-log-mode-", "--dry-run"], [*ENABLE, "--flag", "audit-log-mode=blocking"]):
            ended = self.kaudit(*words, "--hasten", status=3)
            self.assertIn("[hasten-batching]", ended.err)
            self.assertIn("--audit-log-mode=batch", ended.err)
        self.assertEqual(self.cluster.manifest.read_bytes(), written)
        self.assertEqual(self.cluster.api_server_pid(), pid)
        self.assertEqual(len(self.runs()), 1)
        self.saw(f"status 3 after {ended.seconds:.1f} s; {ended.reason}")

    def test_the_guardian_is_killed_before_it(self):
        def kill():
            self.await_word("written")
            scenario.kill(self.guardian())
        ended, gone, away = self.hastened(*ENABLE, while_it_runs=kill)
        sent = self.one_signal()
        words = [line.split(" ")[1] for line in self.journal()]
        self.assertLess(words.index("resumed"), words.index("hastened"))
        self.assertLess(gone - sent, 2)
        self.assert_new()
        self.saw(f"another guardian did it: status 0 after {ended.seconds:.1f} s, {away:.1f} s without an API")

    def test_the_guardian_is_killed_between_the_note_and_the_signal(self):
        """At most one signal, whatever happens: here none was sent, and the next guardian, which cannot know, sends none."""
        def kill():
            self.await_word("written")
            record = self.runs()[-1] / "record.json"
            namespaces.until(lambda: '"hastened": true' in record.read_text(), 60, "the note")
            scenario.kill(self.guardian())
        program = traced("-e", "inject=pidfd_send_signal:delay_enter=20000000")
        ended, _, away = self.hastened(*ENABLE, while_it_runs=kill, program=program)
        self.assertLessEqual(len(self.signals()), 1)
        self.assertNotRegex(self.read(TRACE), r"pidfd_send_signal.*= 0|resumed>.*= 0")
        self.assertEqual(self.word("hastened"), [])
        self.assertGreater(away, 30)
        self.assert_new()
        self.saw(f"no signal: status 0 after {ended.seconds:.1f} s, {away:.1f} s without an API")

    def test_not_while_it_still_listens(self):
        """With --shutdown-delay-duration it goes on serving for that long after the kubelet's signal."""
        self.cluster.replace_manifest(self.cluster.pristine.replace("    - --secure-port", "    - --shutdown-delay-duration=12s\n    - --secure-port"))
        self.cluster.wait_ready(not_pid=self.old_pid)
        namespaces.until(lambda: self.cluster.status() == 200, 60, "the API server")
        ended, gone, away = self.hastened(*ENABLE)
        sent = self.one_signal()
        asked = self.kubelet_asked()
        self.assertGreater(sent - asked, 14)
        self.assertLess(gone - sent, 2)
        self.saw(f"status 0 after {ended.seconds:.1f} s, the signal {sent - asked:.1f} s after the kubelet's, {away:.1f} s without an API")

    def kubelet_asked(self):
        """When the kubelet last began to end the API server's container, as seconds since the epoch."""
        found = re.findall(r"I\d{4} (\d\d):(\d\d):(\d\d\.\d+) .*Killing container with a grace period\".*kube-apiserver", self.cluster.kubelet_log.read_text())
        hours, minutes, seconds = found[-1]
        midnight = time.time() // 86400 * 86400
        return midnight + int(hours) * 3600 + int(minutes) * 60 + float(seconds)

    def test_not_where_the_kubelet_never_asked_it_to_end(self):
        started = self.begin(*ENABLE, "--hasten", "--timeout=25", program=traced("-e", "inject=renameat:delay_enter=2000000", "-e", "trace=renameat,pidfd_send_signal,kill"))
        self.await_word("writing")
        self.cluster.kubelet_stop()
        try:
            ended = started.end()
        finally:
            self.cluster.kubelet_start()
        self.assert_status(ended, 5)
        self.one_signal(sent=0)
        self.assertEqual(self.cluster.api_server_pid(), self.old_pid)
        self.assert_healthy()
        self.saw(f"no signal: status 5 after {ended.seconds:.1f} s; the same process serves on")

    def test_a_failed_new_server_is_not_hastened(self):
        def spoil():
            self.await_write()
            self.write(scenario.INSTALLED, scenario.DELETED_SECRETS.replace("Metadata", "MetaData"))
        started = self.begin(*ENABLE, "--hasten", program=traced())
        spoil()
        ended = started.end()
        self.assert_status(ended, 5)
        self.one_signal()  # that of the old one
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.saw(f"one signal, on the way to the new files alone: status 5 after {ended.seconds:.1f} s")


if __name__ == "__main__":
    scenario.main("strace")
