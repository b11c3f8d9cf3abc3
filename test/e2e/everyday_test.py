#!/usr/bin/env python3
"""One control-plane node, one day: enable, the same again, another policy, back, and out."""

import time

import scenario
from scenario import ENABLE, INSTALLED, LOG, POLICY


class Everyday(scenario.Scenario):
    def test_a_day(self):
        ended = self.kaudit(*ENABLE)
        self.assert_new()
        self.assertNotEqual(self.cluster.api_server_pid(), self.old_pid)
        lines = self.prove_trail()
        self.assertTrue(all('"verb":"delete"' in line for line in lines), lines)
        self.saw(f"status 0 after {ended.seconds:.1f} s; the log has the secret's deletion ({len(lines)} stages) and not its creation")

        pid, written = self.cluster.api_server_pid(), self.cluster.manifest.stat()
        start = time.monotonic()
        again = self.kaudit(*ENABLE)
        seconds = time.monotonic() - start
        self.assertEqual(len(self.runs()), 1)
        after = self.cluster.manifest.stat()
        self.assertEqual((written.st_ino, written.st_mtime_ns), (after.st_ino, after.st_mtime_ns))
        time.sleep(3)
        self.assertEqual(self.cluster.api_server_pid(), pid)
        self.assertLess(seconds, 5)
        self.saw(f"second run: status {again.status} after {seconds * 1000:.0f} ms, the same process {pid}, nothing written")

        self.write(POLICY, scenario.DELETED_SECRETS.replace("[delete]", "[create, delete]"))
        changed = self.kaudit(*ENABLE)
        self.assert_new()
        self.assertNotEqual(self.cluster.api_server_pid(), pid)
        lines = self.prove_trail(name="another")
        self.assertTrue(any('"verb":"create"' in line for line in lines), lines)
        self.saw(f"policy changed: status 0 after {changed.seconds:.1f} s, another process, the creation is in the log")

        back = self.kaudit("rollback")
        self.assertEqual(self.read(INSTALLED), scenario.DELETED_SECRETS)
        self.assert_new()
        self.saw(f"rollback: status 0 after {back.seconds:.1f} s, the first policy is in force")

        out = self.kaudit("disable")
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.assertEqual(self.flags(), [])
        self.assertTrue(self.cluster.path(LOG).exists())
        self.saw(f"disable: status 0 after {out.seconds:.1f} s, the manifest is as kubeadm made it, the log stays")


if __name__ == "__main__":
    scenario.main()
