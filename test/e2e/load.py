"""Many clients at once who create and delete secrets, each request with an audit ID of its own, and what the log has of them."""

import base64
import gzip
import http.client
import json
import queue
import re
import ssl
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field

import control_plane
import namespaces

_SECRETS = "/api/v1/namespaces/default/secrets"


@dataclass
class Sent:
    """Requests that the API server has answered."""

    seconds: float = 0
    statuses: dict = field(default_factory=dict)  # by audit ID


class Clients:
    """Connections as the cluster's administrator, several at once."""

    def __init__(self, cluster, count=8):
        self._inside, self._count = cluster.inside, count
        kubeconfig = cluster.path(control_plane.SUPER_ADMIN).read_text()
        self._context = ssl.create_default_context()
        self._context.check_hostname, self._context.verify_mode = False, ssl.CERT_NONE
        with tempfile.NamedTemporaryFile() as pem:
            for key in ("client-certificate-data", "client-key-data"):
                pem.write(base64.b64decode(re.search(rf"{key}: (\S+)", kubeconfig).group(1)))
            pem.flush()
            self._context.load_cert_chain(pem.name)

    def create(self, names):
        return self._send([("POST", _SECRETS, json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}})) for name in names])

    def delete(self, names):
        return self._send([("DELETE", f"{_SECRETS}/{name}", None) for name in names])

    def delete_until(self, ended):
        """Deletes what is not there, as fast as it goes, until the event is set: such a request leaves the same two events."""
        def requests():
            number = 0
            while not ended.is_set():
                number += 1
                yield "DELETE", f"{_SECRETS}/no-such-secret-{number:07}", None
        return self._send(requests())

    def _send(self, requests):
        sent, failures = Sent(), []
        pending = queue.Queue(maxsize=4 * self._count)

        def work():
            connection = http.client.HTTPSConnection(namespaces.ADDRESS, 6443, timeout=60, context=self._context)
            while (request := pending.get()) is not None:
                audit_id = str(uuid.uuid4())
                try:
                    connection.request(request[0], request[1], request[2], {"Audit-ID": audit_id, "Content-Type": "application/json"})
                    answer = connection.getresponse()
                    answer.read()
                    sent.statuses[audit_id] = answer.status
                except (OSError, http.client.HTTPException) as error:
                    failures.append(f"{request[:2]}: {error!r}")
                    connection.close()
            connection.close()

        def all_of_them():
            workers = [threading.Thread(target=work) for _ in range(self._count)]  # in the network of the thread that starts them
            for worker in workers:
                worker.start()
            for request in requests:
                pending.put(request)
            for _ in workers:
                pending.put(None)
            for worker in workers:
                worker.join()

        start = time.monotonic()
        self._inside.in_network(all_of_them)
        sent.seconds = time.monotonic() - start
        if failures:
            raise RuntimeError(f"{len(failures)} requests without an answer, the first: {failures[0]}")
        return sent


@dataclass
class Recorded:
    """What a log and its rotated files have of certain requests."""

    events: int = 0  # (request, stage) that are there
    expected: int = 0
    twice: int = 0
    broken_lines: int = 0

    @property
    def lost(self):
        return self.expected - self.events


def recorded(log, sent, stages=2):
    """log: a path out here; the rotated files, of either naming, lie beside it."""
    stem, suffix = log.name.rsplit(".", 1)
    found, result = {}, Recorded(expected=stages * len(sent.statuses))
    for path in [log, *log.parent.glob(f"{stem}.{suffix}.*"), *log.parent.glob(f"{stem}-*")]:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        for line in data.splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                result.broken_lines += 1
                continue
            if event["auditID"] in sent.statuses:
                key = event["auditID"], event["stage"]
                found[key] = found.get(key, 0) + 1
    result.events, result.twice = len(found), sum(count - 1 for count in found.values())
    return result
