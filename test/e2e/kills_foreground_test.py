#!/usr/bin/env python3
"""The foreground is killed at each state of a run: the guardian finishes it alone."""

import namespaces
import scenario
from kills import WORDS, Kills


class Foreground(Kills):
    def killed_at(self, word):
        started = self.begin_until(word)
        namespaces.kill(started.process)
        self.assertIn(started.end().status, (-9, 137))
        state = self.await_end()
        self.assertEqual(state, "restored" if word == "restoring" else "healthy")
        self.assert_complete(word, state)
        self.saw(f"the guardian alone: {state} {self.seconds():.1f} s after its last rename")


Foreground.each(WORDS, Foreground.killed_at)

if __name__ == "__main__":
    scenario.main()
