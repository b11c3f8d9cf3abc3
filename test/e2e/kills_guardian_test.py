#!/usr/bin/env python3
"""The guardian is killed at each state of a run: the foreground starts another, which goes on from what is on the disk."""

import scenario
from kills import WORDS, Kills


class Guardian(Kills):
    def killed_at(self, word):
        started = self.begin_until(word)
        scenario.kill(self.guardian())
        ended = started.end()
        state = self.await_end()
        self.assertEqual(ended.status, {"healthy": 0, "restored": 5, "abandoned": 4}[state], ended.err)
        self.assertEqual(state == "restored", word == "restoring")
        self.assert_complete(word, state)
        self.saw(f"status {ended.status} after {ended.seconds:.1f} s, {state}; {ended.reason}")


Guardian.each(WORDS, Guardian.killed_at)

if __name__ == "__main__":
    scenario.main()
