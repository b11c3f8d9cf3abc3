#!/usr/bin/env python3
"""The foreground's part: Ctrl-C, following a run, not waiting for it; and a kubelet without a kubeconfig."""

import signal

import namespaces
import scenario
from scenario import ENABLE


class Foreground(scenario.Scenario):
    def test_control_c_and_status_follow(self):
        started = self.begin(*ENABLE)
        self.await_word("starting")
        namespaces.kill(started.process, signal.SIGINT)
        ended = started.end()
        self.assert_status(ended, 130)
        self.assertIn("kaudit status --follow", ended.err)
        follower = self.kaudit("status", "--follow")
        self.assertIn("healthy", follower.out + follower.err)
        self.assert_new()
        self.saw(f"status 130 after {ended.seconds:.1f} s; status --follow: 0 after {follower.seconds:.1f} s more")

    def test_no_wait(self):
        ended = self.kaudit(*ENABLE, "--no-wait")
        self.assertIn(self.state(), ("watching", "healthy"))
        line = self.await_word("healthy", "restored", "failed")
        self.assertIn(" healthy ", line)
        self.assert_new()
        self.saw(f"status 0 after {ended.seconds:.1f} s; the guardian: " + f"healthy {self.seconds():.1f} s after the rename")

    def test_nothing_to_do(self):
        self.kaudit(*ENABLE)
        pid = self.cluster.api_server_pid()
        seconds = sorted(self.kaudit(*ENABLE).seconds for _ in range(5))
        self.assertEqual(self.cluster.api_server_pid(), pid)
        self.assertEqual(len(self.runs()), 1)
        self.assertLess(seconds[2], 2)
        self.saw(f"five times: {seconds[0] * 1000:.0f} to {seconds[-1] * 1000:.0f} ms each, with Python's and nsenter's share")


class EnableAndBack:
    """What two kinds of kubelet do."""

    def test_enable_and_back(self):
        with self.cluster.record() as record:
            ended = self.kaudit(*ENABLE)
        self.assert_new()
        self.prove_trail()
        self.saw(f"status 0 after {ended.seconds:.1f} s, {record.away():.1f} s without an API")
        back = self.kaudit("rollback")
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.saw(f"rollback: status 0 after {back.seconds:.1f} s")


class Standalone(EnableAndBack, scenario.Scenario):
    """Without a kubeconfig it watches nothing, so the old API server ends at once."""

    cluster_options = {"kubelet_kubeconfig": False}


class Watching(EnableAndBack, scenario.Scenario):
    """With kubeadm's own grace period and open watches, as on every node."""

    cluster_options = {}


if __name__ == "__main__":
    scenario.main()
