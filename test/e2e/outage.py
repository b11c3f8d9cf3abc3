#!/usr/bin/env python3
"""outage.py PROGRAM [ROUNDS] [hasten] : how long the API is away when auditing is turned on, by hand and by kaudit; with `hasten`:
by kaudit without and with --hasten, and what clients with something open see meanwhile.

A measurement, not a test: each round turns auditing on once each way, on a node as users have it: the kubelet holds watches open,
and the old API server has kubeadm's 30 s to go. "By hand" is one rename of a complete file, nothing else. A client asks /readyz
every 50 ms throughout. Prints a table; the figures in docs/rollout.md are made with this.
"""

import os
import statistics
import sys
import time

import open_requests
import smoke_test
from cluster import Cluster, unavailable_reason

LOG = "/var/log/prod-secrets.log"


def by_hand(cluster, _):
    cluster.path("/etc/kubernetes/prod-audit.yaml").write_text(smoke_test.POLICY)
    cluster.replace_manifest(smoke_test.audited(cluster.pristine))


def by_kaudit(cluster, kaudit, *words):
    cluster.path("/run/prod-audit.yaml").write_text(smoke_test.POLICY)
    done = cluster.run([kaudit, "enable", "--policy=/run/prod-audit.yaml", f"--log={LOG}", *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"kaudit enable: {done.returncode}\n{done.stderr}")


def by_kaudit_hastened(cluster, kaudit):
    by_kaudit(cluster, kaudit, "--hasten")


def measure(cluster, way, kaudit, with_clients):
    """(seconds without a 200, seconds from the command to the first 200 of the new API server), what clients saw."""
    cluster.reset()
    time.sleep(5)  # what the restart of the kubelet stirred up has settled
    old = cluster.api_server_pid()
    open_ones = open_requests.Clients(cluster) if with_clients else None
    if open_ones:
        open_ones.__enter__()
    try:
        with cluster.record() as record:
            start = time.monotonic()
            way(cluster, kaudit)
            cluster.wait_ready(not_pid=old)
            time.sleep(3)
            if time.monotonic() - start < 1:
                raise RuntimeError("nothing was restarted")
    finally:
        if open_ones:
            open_ones.__exit__()
    away = record.away()
    if not away:
        raise RuntimeError(f"not the restart of one API server: {record.changes}")
    closed = start + next(at for at, answer in record.changes if answer != 200)
    return (away, record.changes[-1][0]), record.changes, open_ones.sightings(closed) if open_ones else {}


def main():
    kaudit = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    hastens = sys.argv[3:] == ["hasten"]
    reason = unavailable_reason()
    if reason:
        print(f"skipped: {reason}")
        return 77
    ways = {"kaudit enable": by_kaudit, "kaudit enable --hasten": by_kaudit_hastened} if hastens else {"by hand": by_hand, "kaudit enable": by_kaudit}
    figures = {name: [] for name in ways}
    with Cluster() as cluster:
        if hastens:
            open_requests.make_objects(cluster)
        for number in range(rounds):
            for name, way in ways.items():
                found, changes, sightings = measure(cluster, way, kaudit, hastens)
                figures[name].append(found)
                print(f"round {number + 1}, {name}: {found[0]:.1f} s away, back after {found[1]:.1f} s, load {os.getloadavg()[0]:.1f}  {changes}")
                for client, (at, saw) in sightings.items():
                    print(f"    {client}: {saw}" + ("" if at is None else f", {at:+.1f} s after the port was closed"), flush=True)
    print(f"\n{'seconds':<48}{'median':>8}{'min':>8}{'max':>8}{'runs':>6}")
    for name, found in figures.items():
        for index, what in enumerate(("without an API", "until the new one answers")):
            values = [one[index] for one in found]
            print(f"{name + ', ' + what:<48}{statistics.median(values):>8.1f}{min(values):>8.1f}{max(values):>8.1f}{len(values):>6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
