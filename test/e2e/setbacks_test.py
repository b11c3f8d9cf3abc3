#!/usr/bin/env python3
"""What goes wrong: a policy that the server refuses, and a SIGKILL for each of the two processes of a run."""

import namespaces
import scenario
from scenario import ENABLE, INSTALLED


class Setbacks(scenario.Scenario):
    def test_a_policy_that_the_server_refuses(self):
        """It is broken between the check and the server's start, as an editor that saves twice would."""
        enabling = self.begin(*ENABLE)
        self.await_write()
        self.write(INSTALLED, scenario.DELETED_SECRETS.replace("Metadata", "MetaData"))
        ended = enabling.end()
        self.assert_status(ended, 5)
        self.assertIn("policy", ended.reason)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.assertEqual(self.flags(), [])
        self.assertEqual(self.state(), "restored")
        self.saw(f"status 5 after {ended.seconds:.1f} s; {ended.reason}")

    def test_the_foreground_is_killed(self):
        enabling = self.begin(*ENABLE)
        self.await_write()
        namespaces.kill(enabling.process)
        enabling.end()
        line = self.await_word("healthy", "restored", "failed")
        self.assertIn(" healthy ", line)
        self.assert_new()
        self.saw("the guardian went on: " + f"healthy {self.seconds():.1f} s after the rename")

    def test_the_guardian_is_killed(self):
        enabling = self.begin(*ENABLE)
        self.await_word("starting", "answering")
        guardian = self.guardian()
        scenario.kill(guardian)
        ended = enabling.end()
        self.assert_status(ended, 0)
        self.assertTrue(any(" resumed " in line for line in self.journal()))
        self.assert_new()
        self.saw(f"another guardian went on: status 0 after {ended.seconds:.1f} s")


if __name__ == "__main__":
    scenario.main()
