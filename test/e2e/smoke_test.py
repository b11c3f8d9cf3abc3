#!/usr/bin/env python3
"""The control plane works: a manifest edited by hand, as the README's "by hand", is picked up, and a deleted secret is in the log.

    smoke_test.py [VERSION [unittest options]]

No kaudit here: what fails in this file is the control plane, not the program.
"""

import os
import sys
import time
import unittest

import binaries
import namespaces
from cluster import Cluster, unavailable_reason

VERSION = binaries.DEFAULT_VERSION
POLICY = """apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: Metadata
  verbs: [delete]
  resources:
  - group: ""
    resources: [secrets]
"""


def audited(manifest):
    """The manifest with a policy and a log, each mounted as a single file."""
    flags = ("    - --audit-log-maxage=30\n    - --audit-log-path=/var/log/prod-secrets.log\n"
             "    - --audit-policy-file=/etc/kubernetes/prod-audit.yaml\n")
    mounts = ("    - mountPath: /etc/kubernetes/prod-audit.yaml\n      name: audit\n      readOnly: true\n"
              "    - mountPath: /var/log/prod-secrets.log\n      name: audit-log\n")
    volumes = ("  - hostPath:\n      path: /etc/kubernetes/prod-audit.yaml\n      type: File\n    name: audit\n"
               "  - hostPath:\n      path: /var/log/prod-secrets.log\n      type: FileOrCreate\n    name: audit-log\n")
    for anchor, text in (("    - --authorization-mode", flags), ("    - mountPath: /etc/kubernetes/pki\n", mounts),
                         ("  - hostPath:\n      path: /etc/kubernetes/pki\n", volumes)):
        assert manifest.count(anchor) == 1, anchor
        manifest = manifest.replace(anchor, text + anchor)
    return manifest


class Smoke(unittest.TestCase):
    def audit_by_hand(self, cluster):
        """Seconds without an API."""
        cluster.path("/etc/kubernetes/prod-audit.yaml").write_text(POLICY)
        old = cluster.api_server_pid()
        with cluster.record() as record:
            time.sleep(0.5)
            cluster.replace_manifest(audited(cluster.pristine))
            cluster.wait_ready(not_pid=old)
            time.sleep(0.5)
        print("answers:", record.changes)
        cluster.kubectl("create", "secret", "generic", "somesecret", "--from-literal=abc=123")
        cluster.kubectl("delete", "secret", "somesecret")
        log = cluster.path("/var/log/prod-secrets.log").read_text()
        self.assertIn('"somesecret"', log)
        self.assertIn('"verb":"delete"', log)
        self.assertNotIn('"verb":"create"', log)
        self.assertIsNotNone(record.away())
        return record.away()

    def everything_gone(self, cluster):
        self.assertEqual(cluster.inside.processes(), set())
        self.assertEqual([str(folder) for folder in cluster.inside.cgroups() if folder.exists()], [])

    def test_as_users_have_it(self):
        """A kubelet that watches the API server: the old one stays for its whole grace period."""
        with Cluster(VERSION) as cluster:
            print("up:", cluster.timings)
            nodes = cluster.kubectl("get", "nodes", "--no-headers").stdout
            self.assertIn(namespaces.HOST_NAME, nodes)
            away = self.audit_by_hand(cluster)
            print(f"away for {away:.1f} s")
            self.assertGreater(away, 30)
        self.everything_gone(cluster)

    def test_with_a_short_grace_period_and_back(self):
        with Cluster(VERSION, grace=1) as cluster:
            before = cluster.manifest.read_bytes()
            away = self.audit_by_hand(cluster)
            print(f"away for {away:.1f} s with a grace period of 1 s")
            self.assertLess(away, 90)  # 5 to 18 s on an idle machine; this one may be busy
            start = time.monotonic()
            cluster.reset()
            print(f"reset in {time.monotonic() - start:.1f} s")
            self.assertEqual(cluster.manifest.read_bytes(), before)
            self.assertFalse(cluster.path("/var/log/prod-secrets.log").exists())
            self.assertNotIn(b"audit", cluster.path(f"/proc/{cluster.api_server_pid(inside=True)}/cmdline").read_bytes())
            self.assertIn(namespaces.HOST_NAME, cluster.kubectl("get", "nodes", "--no-headers").stdout)
            start = time.monotonic()
        print(f"down in {time.monotonic() - start:.1f} s")
        self.everything_gone(cluster)

    def test_this_machine_is_not_touched(self):
        was_there = os.path.exists("/etc/kubernetes")
        inside = namespaces.Namespaces(f"{os.getpid()}-empty")
        inside.up(tied=True)
        try:
            paths = ["/etc/kaudit-e2e", "/run/kaudit-e2e", "/var/log/kaudit-e2e", "/var/lib/kaudit-e2e"]
            inside.run(["mkdir", "-p", "/etc/kubernetes", *paths], check=True)
            inside.run(["hostname", "other"], check=True)
            self.assertEqual([path for path in paths if os.path.exists(path)], [])
            self.assertEqual(os.path.exists("/etc/kubernetes"), was_there)
            self.assertNotEqual(os.uname().nodename, "other")
        finally:
            inside.down()


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1][0].isdigit():
        VERSION = sys.argv.pop(1)
    reason = unavailable_reason(VERSION)
    if reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main(verbosity=2)
