#!/usr/bin/env python3
"""What breaks after every check and before the rename: the old API server comes back, and the reason is the right one."""

import socket
import threading
import time

import images
import namespaces
import scenario
from scenario import ENABLE, INSTALLED, LOG

OWN = "/var/log/kube-audit"
TO_OWN = ("enable", f"--policy={scenario.POLICY}", f"--log={OWN}/audit.log")
WEBHOOK = """apiVersion: v1
kind: Config
clusters:
- name: receiver
  cluster: {server: "http://127.0.0.1:9/events"}
users:
- {name: nobody, user: {}}
contexts:
- {name: one, context: {cluster: receiver, user: nobody}}
current-context: one
"""


class Breakage(scenario.Scenario):
    def before_rename(self, action, *words):
        """kaudit, started, with ACTION done right before the manifest's rename."""
        started = self.begin(*words, program=scenario.SLOW_RENAMES)
        namespaces.until(lambda: list(self.cluster.manifest.parent.glob(".kaudit-*-kube-apiserver.yaml")), 60, "the manifest's rename")
        time.sleep(0.3)  # it is complete, and the rename has begun
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        action()
        return started

    def rolled_back(self, ended, *words):
        self.assert_status(ended, 5)
        for word in words:
            self.assertIn(word, ended.reason)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.assertEqual(self.flags(), [])
        self.saw(f"status 5 after {ended.seconds:.1f} s; {ended.reason}")

    def test_the_policy(self):
        def spoil():
            self.write(INSTALLED, scenario.DELETED_SECRETS.replace("Metadata", "MetaData"))
        self.rolled_back(self.before_rename(spoil, *ENABLE).end(), "policy")

    def test_the_webhook_configuration(self):
        self.write(f"{scenario.DESK}/receiver.yaml", WEBHOOK)
        def spoil():
            self.write("/etc/kubernetes/receiver.yaml", WEBHOOK.replace("clusters:", "clusters: {"))
        words = (*ENABLE, f"--webhook-config={scenario.DESK}/receiver.yaml")
        self.rolled_back(self.before_rename(spoil, *words).end(), "webhook")

    def test_the_log_directory_is_a_file(self):
        def spoil():
            self.cluster.run(["rm", "-r", OWN], check=True)
            self.write(OWN, "")
        self.rolled_back(self.before_rename(spoil, *TO_OWN).end(), OWN)

    def test_the_log_directory_is_read_only(self):
        def spoil():
            self.cluster.run(["mount", "-t", "tmpfs", "-o", "ro", "none", OWN], check=True)
        try:
            ended = self.before_rename(spoil, *TO_OWN).end()
        finally:
            self.cluster.run(["umount", OWN])
        self.rolled_back(ended, "read-only file system")

    def test_the_image(self):
        """Both manifests name it: it comes back when the old one has to start with it."""
        image = images.api_server(scenario.VERSION)
        started = self.before_rename(lambda: self.cluster.node.ctr("images", "rm", "--sync", image), *ENABLE, "--timeout=45")
        try:
            self.await_word("restoring")
        finally:
            self.cluster.node.begin_import().wait()
        self.rolled_back(started.end(), "image")

    def test_the_port(self):
        """Another program has it as soon as the old API server has let it go."""
        wanted = threading.Event()
        wanted.set()
        taken = threading.Event()

        def take():
            while wanted.is_set() and not taken.is_set():
                try:
                    thief = socket.create_server(("::", 6443), family=socket.AF_INET6, dualstack_ipv6=True)
                    taken.set()
                except OSError:
                    time.sleep(0.001)
            while wanted.is_set():
                time.sleep(0.01)
            if taken.is_set():
                thief.close()

        thread = threading.Thread(target=lambda: self.cluster.inside.in_network(take))
        started = self.before_rename(thread.start, *ENABLE, "--timeout=45")
        try:
            self.await_word("restoring")
            self.assertTrue(taken.is_set())
        finally:
            wanted.clear()
            thread.join()
        self.rolled_back(started.end(), "6443")

    def test_a_flag_is_edited_in_before_the_last_comparison(self):
        """Somebody else's edit between the plan and the rename is theirs: refused, and left as it is."""
        started = self.begin(*ENABLE, program=scenario.SLOW_RENAMES)
        self.await_word("writing")
        edited = self.before.replace(b"    - --authorization-mode", b"    - --v=3\n    - --authorization-mode", 1)
        self.cluster.replace_manifest(edited.decode())
        ended = started.end()
        self.assert_status(ended, 4)
        self.assertIn("changed by another program", ended.err)
        self.assertEqual(self.cluster.manifest.read_bytes(), edited)
        self.assertFalse(self.cluster.path(INSTALLED).exists())
        self.assertFalse(self.cluster.path(LOG).exists())
        self.assertEqual(self.listed(), self.manifests)
        self.assertEqual(self.state(), "abandoned")
        self.saw(f"status 4 after {ended.seconds:.1f} s; {ended.reason}")


if __name__ == "__main__":
    scenario.main("strace")
