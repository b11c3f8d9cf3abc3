"""Runs that are killed at a word of their journal, for the files that say what is killed."""

import namespaces
import scenario
from scenario import ENABLE, INSTALLED

GOOD_WORDS = ("writing", "written", "starting", "answering", "settling")
WORDS = (*GOOD_WORDS, "restoring")


class Kills(scenario.Scenario):
    def begin_until(self, word):
        """A run whose journal has just got this word; one that is bound to fail where the word is of the way back."""
        started = self.begin(*ENABLE)
        if word not in GOOD_WORDS:
            self.await_write()
            self.write(INSTALLED, scenario.DELETED_SECRETS.replace("Metadata", "MetaData"))
        self.await_word(word)
        return started

    def await_end(self):
        """The state that the run's record ends with."""
        namespaces.until(lambda: self.state() not in ("prepared", "watching", "restoring"), 200, "the run's end", every=0.1)
        return self.state()

    def assert_complete(self, word, state):
        """The complete old or the complete new state, as the record says; the spoilt policy is nobody's of ours, and stays."""
        if word == "restoring":
            self.cluster.path(INSTALLED).unlink(missing_ok=True)
        self.assertEqual(self.assert_old_or_new(), {"healthy": "new", "restored": "old", "abandoned": "old"}[state])
        self.assertFalse(self.processes("guard"))

    @classmethod
    def each(cls, words, scenario_of):
        """Makes a test of each word."""
        for word in words:
            def test(self, word=word):
                scenario_of(self, word)
            setattr(cls, f"test_{WORDS.index(word) + 1}_{word}", test)
