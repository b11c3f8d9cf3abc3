#!/usr/bin/env python3
"""receiver.py FOLDER PORT : a webhook receiver of audit events over TLS that wants a client certificate, run on the node.

FOLDER holds server.crt, server.key, ca.crt and manner.json ({"delay": seconds, "status": HTTP status}), which is read anew for each
request. What is accepted is appended to events.jsonl: [audit ID, stage, common name of the client] for each event.
"""

import http.server
import json
import ssl
import sys
import threading
import time
from pathlib import Path

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])
_lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        manner = json.loads((FOLDER / "manner.json").read_text())
        time.sleep(manner["delay"])
        events = json.loads(body)
        assert events["kind"] == "EventList", events["kind"]
        subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])
        if manner["status"] == 200:
            lines = [json.dumps([item["auditID"], item["stage"], subject["commonName"]]) + "\n" for item in events["items"]]
            with _lock, open(FOLDER / "events.jsonl", "a", encoding="utf-8") as file:
                file.writelines(lines)
        self.send_response(manner["status"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "server.crt", FOLDER / "server.key")
    context.load_verify_locations(FOLDER / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    # The handshake belongs to the connection's own thread, or one that says nothing would hold up all others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # handshakes that come to nothing are some of the scenarios
    print("listening", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
