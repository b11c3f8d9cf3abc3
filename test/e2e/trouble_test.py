#!/usr/bin/env python3
"""A kubelet that is stopped, an etcd that does not answer, an API server that hangs: before a run, and during its watch."""

import os
import signal

import namespaces
import scenario
from scenario import ENABLE


class Trouble(scenario.Scenario):
    def tearDown(self):
        self.start_etcd()
        if self.cluster.api_server_pid():
            os.kill(self.cluster.api_server_pid(), signal.SIGCONT)
        if not self.cluster.node.kubelet_pid():
            self.cluster.kubelet_start()

    def find(self, program):
        return next((pid for pid in self.cluster.inside.processes() if namespaces.program(pid) == program), None)

    def etcd(self):
        return self.cluster.manifest.with_name("etcd.yaml")

    def stop_etcd(self):
        """As the kubelet stops a static pod: its manifest goes away."""
        self.cluster.path(f"{scenario.DESK}/etcd.yaml.kept").write_bytes(self.etcd().read_bytes())
        self.etcd().unlink()
        namespaces.until(lambda: not self.find("etcd"), 60, "etcd's end", every=0.1)

    def start_etcd(self):
        kept = self.cluster.path(f"{scenario.DESK}/etcd.yaml.kept")
        if kept.exists():
            self.etcd().write_bytes(kept.read_bytes())
            kept.unlink()
            namespaces.until(lambda: self.find("etcd"), 60, "etcd", every=0.1)

    def refused(self, code):
        ended = self.kaudit(*ENABLE, status=3)
        self.assertIn(f"[{code}]", ended.err)
        self.assertEqual(self.runs(), [])
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.saw(f"status 3 after {ended.seconds:.1f} s; {ended.reason}")

    def ended(self, started, *words):
        """With the old API server, or with a person called; for the right reason."""
        ended = started.end()
        self.assertIn(ended.status, (5, 6), ended.err + "\n".join(self.journal()))
        self.assertTrue(any(word in ended.reason for word in words), ended.reason)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertEqual(self.listed(), self.manifests)
        self.saw(f"status {ended.status} after {ended.seconds:.1f} s; {ended.reason}")
        return ended

    def test_before_the_kubelet_is_stopped(self):
        self.cluster.kubelet_stop()
        self.refused("kubelet-down")

    def test_before_etcd_is_stopped(self):
        self.stop_etcd()
        self.refused("api-server-unhealthy")

    def test_before_the_api_server_hangs(self):
        os.kill(self.cluster.api_server_pid(), signal.SIGSTOP)
        self.refused("api-server-down")

    def test_meanwhile_the_kubelet_is_stopped(self):
        started = self.begin(*ENABLE, "--timeout=40", program=scenario.SLOW_RENAMES)
        self.await_word("writing")
        self.cluster.kubelet_stop()
        ended = self.ended(started, "kubelet")
        self.assertEqual(ended.status, 5)  # the old process never went
        self.assertEqual(self.cluster.api_server_pid(), self.old_pid)
        self.assert_healthy()

    def test_meanwhile_etcd_is_stopped(self):
        started = self.begin(*ENABLE, "--timeout=40")
        self.await_write()
        self.stop_etcd()
        self.await_word("restoring")
        self.start_etcd()
        ended = self.ended(started, "etcd", "ready")
        self.assertEqual(ended.status, 5)
        self.assert_healthy()

    def test_meanwhile_the_api_server_hangs_and_the_kubelet_restarts(self):
        """The kubelet ends no static pod before it has heard of the API server once, which it never does."""
        started = self.begin(*ENABLE, "--timeout=40", program=scenario.SLOW_RENAMES)
        self.await_word("writing")
        self.cluster.kubelet_stop()
        os.kill(self.cluster.api_server_pid(), signal.SIGSTOP)
        self.cluster.kubelet_start()
        self.ended(started, "did not go", "kubelet")


if __name__ == "__main__":
    scenario.main("strace")
