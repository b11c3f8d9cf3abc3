#!/usr/bin/env python3
"""outage.py KAUDIT [ROUNDS] : how long a client is without an API when auditing is turned on, by hand and by kaudit.

A measurement, not a test: each round edits the manifest once by hand (one rename of a complete file, nothing else) and once with
`kaudit enable`, on a node as users have it: the kubelet holds watches open, and the old API server has kubeadm's 30 s to go. A
client asks /readyz every 50 ms throughout. Prints a table; the figures in docs/rollout.md are made with this.
"""

import statistics
import sys
import time

import smoke_test
from cluster import Cluster, unavailable_reason

LOG = "/var/log/prod-secrets.log"


def by_hand(cluster, _):
    cluster.path("/etc/kubernetes/prod-audit.yaml").write_text(smoke_test.POLICY)
    cluster.replace_manifest(smoke_test.audited(cluster.pristine))


def by_kaudit(cluster, kaudit):
    cluster.path("/run/prod-audit.yaml").write_text(smoke_test.POLICY)
    done = cluster.run([kaudit, "enable", "--policy=/run/prod-audit.yaml", f"--log={LOG}"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"kaudit enable: {done.returncode}\n{done.stderr}")


def measure(cluster, way, kaudit):
    """(seconds without a 200, seconds from the command to the first 200 of the new API server)."""
    cluster.reset()
    time.sleep(5)  # what the restart of the kubelet stirred up has settled
    old = cluster.api_server_pid()
    with cluster.record() as record:
        start = time.monotonic()
        way(cluster, kaudit)
        cluster.wait_ready(not_pid=old)
        time.sleep(3)
        if time.monotonic() - start < 1:
            raise RuntimeError("nothing was restarted")
    away = record.away()
    if not away:
        raise RuntimeError(f"not the restart of one API server: {record.changes}")
    return away, record.changes[-1][0], record.changes


def main():
    kaudit = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    reason = unavailable_reason()
    if reason:
        print(f"skipped: {reason}")
        return 77
    figures = {"by hand": [], "kaudit enable": []}
    with Cluster() as cluster:
        for number in range(rounds):
            for name, way in (("by hand", by_hand), ("kaudit enable", by_kaudit)):
                away, until_back, changes = measure(cluster, way, kaudit)
                figures[name].append((away, until_back))
                print(f"round {number + 1}, {name}: {away:.1f} s away, back after {until_back:.1f} s  {changes}", flush=True)
    print(f"\n{'seconds':<34}{'median':>8}{'min':>8}{'max':>8}{'runs':>6}")
    for name, found in figures.items():
        for index, what in enumerate(("without an API", "until the new one answers")):
            values = [one[index] for one in found]
            print(f"{name + ', ' + what:<34}{statistics.median(values):>8.1f}{min(values):>8.1f}{max(values):>8.1f}{len(values):>6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
