#!/usr/bin/env python3
"""Others write, too: a copy beside the manifest, an editor, and a second kaudit."""

import subprocess
import time

import namespaces
import scenario
from scenario import ENABLE


class Writers(scenario.Scenario):
    def stray(self):
        return self.cluster.manifest.with_name("kube-apiserver.yaml.bak")

    def test_a_copy_beside_the_manifest(self):
        self.stray().write_bytes(self.before)
        self.addCleanup(self.stray().unlink)
        ended = self.kaudit(*ENABLE, status=3)
        self.assertIn("kube-apiserver.yaml.bak", ended.reason)
        self.assertEqual(self.runs(), [])
        self.saw(f"status 3 after {ended.seconds:.1f} s; {ended.reason}")

    def test_a_copy_that_appears_during_the_watch(self):
        """The kubelet runs either of the two, so the run cannot say what comes: it goes back, and names it."""
        started = self.begin(*ENABLE, "--timeout=60")
        self.await_write()
        self.stray().write_bytes(self.before)
        self.addCleanup(lambda: self.stray().unlink(missing_ok=True))
        ended = started.end()
        self.assertIn(ended.status, (5, 6), ended.err)
        self.assertIn("kube-apiserver.yaml.bak", ended.reason)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertEqual(self.listed(), sorted([*self.manifests, "kube-apiserver.yaml.bak"]))
        self.saw(f"status {ended.status} after {ended.seconds:.1f} s; {ended.reason}")

    def test_an_editor_writes_during_the_watch(self):
        started = self.begin(*ENABLE)
        self.await_write()
        time.sleep(1)
        edited = self.cluster.manifest.read_text().replace("--audit-log-maxage=30", "--audit-log-maxage=31")
        self.cluster.replace_manifest(edited)
        ended = started.end()
        self.assert_status(ended, 6)
        self.assertIn("another program wrote the manifest", ended.reason)
        self.assertEqual(self.cluster.manifest.read_text(), edited)
        hint = next(line for line in ended.err.splitlines() if "by hand: " in line).split("by hand: ")[1]
        self.assertIn("/before/kube-apiserver.yaml", hint)
        self.saw(f"status 6 after {ended.seconds:.1f} s; {ended.reason}")

        self.cluster.run(["sh", "-c", hint], check=True, stdout=subprocess.DEVNULL)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertEqual(self.listed(), self.manifests)
        self.saw("the command of the message puts the backup back")

    def test_two_at_once(self):
        first = self.begin(*ENABLE)
        self.await_word("writing")
        holder = self.guardian()
        second = self.kaudit(*ENABLE, "--flag", "audit-log-format=json", status=4)
        self.assertIn(f"process {namespaces.inside_ids(holder)[1]}", second.err)
        self.saw(f"the second: status 4 after {second.seconds:.1f} s; {second.reason}")
        self.await_word("starting")
        third = self.kaudit(*ENABLE, "--flag", "audit-log-format=json", status=4)
        self.assertIn("process", third.reason)
        self.saw(f"while there is no API server: status 4 after {third.seconds:.1f} s; {third.reason}")
        ended = first.end()
        self.assert_status(ended, 0)
        self.assert_new()
        self.assertEqual(len(self.runs()), 1)
        self.saw(f"the first: status 0 after {ended.seconds:.1f} s")


if __name__ == "__main__":
    scenario.main()
