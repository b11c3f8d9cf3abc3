#!/usr/bin/env python3
"""The log moves: to another file, to a directory of its own, and back."""

import scenario
from scenario import ENABLE, LOG

OTHER, OWN = "/var/log/other-secrets.log", "/var/log/kube-audit/audit.log"


class Logs(scenario.Scenario):
    def move(self, log):
        ended = self.kaudit("enable", f"--log={log}")
        self.assert_new(log)
        self.prove_trail(log, "s-" + log.replace("/", "-").replace(".", "-").strip("-"))
        return ended.seconds

    def test_another_file(self):
        self.kaudit(*ENABLE)
        self.prove_trail()
        size = self.cluster.path(LOG).stat().st_size
        seconds = self.move(OTHER)
        self.assertEqual(self.cluster.path(LOG).stat().st_size, size)
        self.assertNotIn(LOG, self.cluster.manifest.read_text())
        self.saw(f"status 0 after {seconds:.1f} s; the old log stays as it was, the new one has the events")

    def test_a_directory_of_its_own_and_back(self):
        self.kaudit(*ENABLE)
        there = self.move(OWN)
        self.assertIn("type: DirectoryOrCreate\n    name: audit-log", self.cluster.manifest.read_text())
        back = self.move(LOG)
        self.assertNotIn("kube-audit", self.cluster.manifest.read_text())
        self.saw(f"status 0 after {there:.1f} s, and back: status 0 after {back:.1f} s; events in the log of the moment")


if __name__ == "__main__":
    scenario.main()
