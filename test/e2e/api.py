"""What the API server answers, asked from inside the namespaces' network."""

import http.client
import ssl
import threading
import time

import namespaces


def status(path="/readyz", timeout=2.0):
    """The HTTP status of a GET as anybody would make it, or None. To be called in there (Namespaces.in_network)."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(namespaces.ADDRESS, 6443, timeout=timeout, context=context)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Record:
    """A record of every change of the answer while it is entered: [(seconds since the start, status or None)]."""

    def __init__(self, inside, path="/readyz", every=0.05):
        self.changes = []
        self._inside, self._path, self._every = inside, path, every
        self._end = threading.Event()
        self._thread = threading.Thread(target=lambda: inside.in_network(self._watch), daemon=True)

    def __enter__(self):
        self._start = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def away(self):
        """Seconds from the first answer that was not 200 to the 200 after the last such; None if it did not come back."""
        bad = [at for at, answer in self.changes if answer != 200]
        if not bad or self.changes[-1][1] != 200:
            return None if bad else 0.0
        return self.changes[-1][0] - bad[0]

    def _watch(self):
        last = object()
        while not self._end.is_set():
            answer = status(self._path)
            if answer != last:
                self.changes.append((round(time.monotonic() - self._start, 2), answer))
                last = answer
            time.sleep(self._every)
