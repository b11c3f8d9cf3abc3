#!/usr/bin/env python3
"""What becomes of 2,000 deletions when the log reaches max-size: a single file that nobody rotates, one that logrotate truncates, a directory.

Events are counted by the audit IDs that the clients gave their requests: each has two, one a stage.
"""

import re
import statistics
import subprocess
import tempfile
import threading
import time

import load
import namespaces
import scenario
from scenario import DROP_IN, ENABLE, LOG

DELETIONS = 2000
OWN_LOG = "/var/log/kube-audit/audit.log"
DISK = "/var/log/disk"  # on the machine's disk: the rest of /var/log is in memory, where fsync(2) takes no time


class Rotation(scenario.Scenario):
    def enable(self, *words):
        self.kaudit(*ENABLE, "--max-size=1", *words)

    def fill(self, clients, prefix):
        """As many secrets as are to be deleted; a long name makes a long event."""
        names = [f"{prefix}-{number:04}-{'x' * 150}" for number in range(DELETIONS)]
        sent = clients.create(names)
        self.assertEqual(set(sent.statuses.values()), {201})
        return names

    def logrotate(self, *words):
        ended = self.cluster.run(["logrotate", *words, "/etc/logrotate.conf"], capture_output=True, text=True)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def await_all(self, log, sent):
        """An event is written a moment after its answer: until nothing more comes."""
        path = self.cluster.path(log)
        for _ in range(40):
            size = path.stat().st_size
            time.sleep(0.5)
            if path.stat().st_size == size:
                break
        return load.recorded(path, sent)

    def rotated(self, log):
        path = self.cluster.path(log)
        return [other for other in path.parent.iterdir() if other.name != path.name and other.name.startswith(path.name.split(".")[0])]

    def container_log(self):
        folder = self.cluster.path("/var/log/pods")
        return "".join(path.read_text(errors="replace") for path in folder.glob("kube-system_kube-apiserver*/kube-apiserver/*.log"))

    def say(self, how, sent, found, more=""):
        self.saw(f"{how}: {found.expected} events of {len(sent.statuses)} deletions in {sent.seconds:.0f} s "
                 f"({found.expected / sent.seconds:.0f} a second), {found.lost} lost, {found.twice} twice, {found.broken_lines} broken lines{more}")

    def test_nobody_rotates_a_single_file(self):
        self.enable("--rotate=server")
        self.assertFalse(self.cluster.path(DROP_IN).exists())
        clients = load.Clients(self.cluster)
        sent = clients.delete(self.fill(clients, "nobody"))
        self.assertEqual(set(sent.statuses.values()), {200})
        found = self.await_all(LOG, sent)
        size = self.cluster.path(LOG).stat().st_size
        self.assertGreater(found.lost, 100)
        self.assertLessEqual(size, 1 << 20)
        self.assertIn("can't rename log file", self.container_log())
        self.say("--rotate server", sent, found, f"; the log stands at {size} bytes")

    def test_logrotate_in_between(self):
        self.enable()
        self.assertIn("--audit-log-maxsize=2147483647", self.flags())
        clients = load.Clients(self.cluster)
        names = self.fill(clients, "between")
        all_sent, part = load.Sent(), DELETIONS // 4
        for begin in range(0, DELETIONS, part):
            sent = clients.delete(names[begin:begin + part])
            all_sent.statuses.update(sent.statuses)
            all_sent.seconds += sent.seconds
            self.await_all(LOG, sent)
            self.logrotate()
        found = load.recorded(self.cluster.path(LOG), all_sent)
        rotated = self.rotated(LOG)
        self.assertGreaterEqual(len(rotated), 3)
        self.assertEqual((found.lost, found.twice, found.broken_lines), (0, 0, 0))
        for path in rotated:
            self.assertEqual(path.stat().st_mode & 0o7777, 0o600)
        self.say("logrotate between the bursts", all_sent, found, f"; {len(rotated)} rotations")
        self.kaudit("disable")
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertFalse(self.cluster.path(DROP_IN).exists())

    def test_logrotate_under_load(self):
        self.enable()
        clients = load.Clients(self.cluster)
        names, ended, rounds = self.fill(clients, "under"), threading.Event(), []

        def rotate():
            while not ended.is_set():
                self.logrotate()
                rounds.append(len(self.rotated(LOG)))
                time.sleep(0.2)

        thread = threading.Thread(target=rotate)
        thread.start()
        sent = clients.delete(names)
        ended.set()
        thread.join()
        found = self.await_all(LOG, sent)
        self.assertGreaterEqual(len(self.rotated(LOG)), 2)
        self.assertEqual((found.twice, found.broken_lines), (0, 0))
        self.assertLess(found.lost, found.expected // 20)
        self.say("logrotate every moment under load", sent, found, f"; {len(self.rotated(LOG))} rotations, logrotate ran {len(rounds)} times")

    def test_the_window_of_copytruncate(self):
        self.cluster.path(DISK).mkdir()
        with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="kaudit-e2e-") as folder:
            self.cluster.run(["mount", "--bind", folder, DISK], check=True)
            try:
                for megabytes, rotations in ((1, 20), (100, 5)):
                    self.measure(f"{DISK}/window-{megabytes}.log", megabytes, rotations)
            finally:
                self.kaudit("disable")  # nothing has the mount open any more
                self.cluster.run(["umount", "--lazy", DISK], check=True)

    def measure(self, log, megabytes, rotations):
        self.kaudit("enable", f"--policy={scenario.POLICY}", f"--log={log}", "--log-volume=file", "--max-backup=40")
        clients, ended, windows, outcome = load.Clients(self.cluster), threading.Event(), [], []
        thread = threading.Thread(target=lambda: outcome.append(clients.delete_until(ended)))
        thread.start()
        path = self.cluster.path(log)
        namespaces.until(lambda: path.stat().st_size > 0, 60, "the first event")
        for _ in range(rotations):
            with open(path, "ab") as file:
                file.write((b'{"auditID":"filler","stage":"' + b"x" * (1 << 10) + b'"}\n') * 990 * megabytes)
            windows.append(self.rotate_and_time())
            time.sleep(0.3)
        ended.set()
        thread.join()
        sent = outcome[0]
        found = self.await_all(log, sent)
        self.assertEqual(len(self.rotated(log)), rotations)
        self.assertEqual((found.twice, found.broken_lines), (0, 0))
        rate = found.expected / sent.seconds
        self.say(f"a log of {megabytes} MB on a disk, {rotations} rotations under load", sent, found,
                 f"; {found.lost / rotations:.1f} lost a rotation; from the copy's end to the truncation "
                 f"{statistics.median(windows):.1f} ms ({min(windows):.1f} to {max(windows):.1f}), in which {rate * statistics.median(windows) / 1000:.1f} events come")

    def rotate_and_time(self):
        """Milliseconds from the end of the copy, which logrotate then syncs, to the truncation of the log."""
        with tempfile.NamedTemporaryFile("r") as trace:
            self.cluster.run(["strace", "-f", "--seccomp-bpf", "-ttt", "-T", "-e", "trace=fsync,ftruncate", "-o", trace.name,
                              "logrotate", "--force", DROP_IN], check=True, stderr=subprocess.DEVNULL)
            lines = trace.read().splitlines()
        at = next(index for index, line in enumerate(lines) if "ftruncate(" in line)
        begun, truncated = (float(re.search(r"(\d+\.\d+)", lines[index].split(" ", 1)[1]).group(1)) for index in (at - 1, at))
        took = float(re.search(r"<([\d.]+)>$", lines[at]).group(1))
        self.assertIn("fsync(", lines[at - 1])
        return (truncated + took - begun) * 1000

    def test_a_directory_loses_nothing(self):
        self.kaudit("enable", f"--policy={scenario.POLICY}", f"--log={OWN_LOG}", "--max-size=1")
        clients = load.Clients(self.cluster)
        sent = clients.delete(self.fill(clients, "directory"))
        found = self.await_all(OWN_LOG, sent)
        rotated = self.rotated(OWN_LOG)
        self.assertGreaterEqual(len(rotated), 3)
        self.assertEqual((found.lost, found.twice, found.broken_lines), (0, 0, 0))
        self.say("a directory mount", sent, found, f"; {len(rotated)} rotations")


if __name__ == "__main__":
    scenario.main("logrotate", "strace")
