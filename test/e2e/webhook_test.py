#!/usr/bin/env python3
"""The webhook backend, to a real receiver over TLS that wants a client certificate: what arrives, and what is lost while it is down,
slow or failing; and that the API server does not mind, unless it is told to block.

What is lost is counted three ways: events that the log has and the receiver has not, what the server's own metric says, and both must
agree.
"""

import http.client
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import control_plane
import namespaces
import open_requests
import scenario
from scenario import DESK, POLICY

PORT = 19765
LOG = "/var/log/kubernetes/audit/audit.log"  # in a directory of its own, which --strict has nothing against
FOLDER = f"{DESK}/receiver"
CONFIG = f"{DESK}/receiver.yaml"
KEY = "/etc/kubernetes/pki/audit-webhook.key"  # one file by an absolute name, the others relative to the config
SECRETS = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  verbs: [create, delete]
  resources:
  - group: ""
    resources: [secrets]
"""
KUBECONFIG = f"""apiVersion: v1
kind: Config
clusters:
- name: receiver
  cluster: {{server: "https://127.0.0.1:{PORT}/k8s-audit", certificate-authority: certs/ca.crt, tls-server-name: receiver.example}}
users:
- name: apiserver
  user: {{client-certificate: certs/client.crt, client-key: {KEY}}}
contexts:
- name: default
  context: {{cluster: receiver, user: apiserver}}
current-context: default
"""
# Retries that end within seconds (after 1, 1.5, 2.3, 3.4 s), and a buffer that a burst overflows: it is emptied by one batch of five a
# second. However slow the receiver is, the next batch does not wait for the one before; only the throttle makes it wait.
SMALL = ("--flag=audit-webhook-batch-buffer-size=20", "--flag=audit-webhook-batch-max-size=5", "--flag=audit-webhook-batch-max-wait=1s",
         "--flag=audit-webhook-initial-backoff=1s", "--flag=audit-webhook-batch-throttle-qps=1", "--flag=audit-webhook-batch-throttle-burst=1")
ENABLE = ("enable", f"--policy={POLICY}", f"--log={LOG}", f"--webhook-config={CONFIG}")


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


class Webhook(scenario.Scenario):
    def setUp(self):
        super().setUp()
        folder = self.cluster.path(FOLDER)
        subprocess.run(["rm", "-rf", folder], check=True)
        (self.cluster.path(DESK) / "certs").mkdir(exist_ok=True)
        folder.mkdir()
        self.write(POLICY, SECRETS)
        self.write(CONFIG, KUBECONFIG)
        self.make_certificates(folder)
        self.behave()
        self.receiver = None
        self.addCleanup(self.stop_receiver)
        self.number = 0

    def make_certificates(self, folder):
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=an authority", "-keyout", "ca.key", "-out", "ca.crt")
        for name, common, more in (("server", "receiver", "subjectAltName=DNS:receiver.example"), ("client", "kube-apiserver-of-the-test", "")):
            openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={common}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
            (folder / "extensions").write_text(more + "\n")
            openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1",
                    "-extfile", "extensions", "-out", f"{name}.crt")
        certs = self.cluster.path(DESK) / "certs"
        for name in ("ca.crt", "client.crt"):
            (certs / name).write_bytes((folder / name).read_bytes())
        self.cluster.path(KEY).write_bytes((folder / "client.key").read_bytes())
        self.cluster.path(KEY).chmod(0o600)

    # The receiver

    def behave(self, delay=0, status=200):
        path = self.cluster.path(FOLDER) / "manner.json"
        path.with_name("manner.new").write_text(json.dumps({"delay": delay, "status": status}))
        path.with_name("manner.new").rename(path)

    def start_receiver(self):
        script = self.cluster.path(FOLDER) / "receiver.py"
        script.write_text((Path(__file__).with_name("receiver.py")).read_text())
        self.receiver = self.cluster.popen([sys.executable, f"{FOLDER}/receiver.py", FOLDER, str(PORT)], stdin=subprocess.DEVNULL,
                                           stdout=subprocess.PIPE, text=True)
        self.assertEqual(self.receiver.stdout.readline(), "listening\n")

    def stop_receiver(self):
        if self.receiver:
            namespaces.kill(self.receiver)
            self.receiver.communicate()
            self.receiver = None

    def received(self):
        path = self.cluster.path(FOLDER) / "events.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    # The API server

    def ask(self, method, path, body=None, timeout=150):
        """(HTTP status, answer, seconds)"""
        context = open_requests.context_of(self.read(control_plane.SUPER_ADMIN))

        def call():
            start = time.monotonic()
            connection = http.client.HTTPSConnection(namespaces.ADDRESS, 6443, timeout=timeout, context=context)
            connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return answer.status, text, time.monotonic() - start
        return self.cluster.inside.in_network(call)

    def make_events(self, count, pause=0):
        """Creates and deletes as many secrets over one connection: two events each. The slowest request's seconds."""
        secrets = "/api/v1/namespaces/default/secrets"
        context = open_requests.context_of(self.read(control_plane.SUPER_ADMIN))
        names = [f"s{number}" for number in range(self.number, self.number + count)]
        self.number += count

        def call():
            connection = http.client.HTTPSConnection(namespaces.ADDRESS, 6443, timeout=150, context=context)
            slowest = 0
            for name in names:
                time.sleep(pause)
                secret = json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}})
                for method, path, body in (("POST", secrets, secret), ("DELETE", f"{secrets}/{name}", None)):
                    start = time.monotonic()
                    connection.request(method, path, body, {"Content-Type": "application/json"})
                    answer = connection.getresponse()
                    text = answer.read().decode()
                    self.assertIn(answer.status, (200, 201), text)
                    slowest = max(slowest, time.monotonic() - start)
            connection.close()
            return slowest
        return self.cluster.inside.in_network(call)

    def lost(self):
        """What the server's metric says, by the part that lost it."""
        status, text, _ = self.ask("GET", "/metrics")
        self.assertEqual(status, 200)
        found = re.findall(r'^apiserver_audit_error_total\{plugin="(\w+)"\} (\S+)$', text, re.M)
        return {plugin: int(float(value)) for plugin, value in found}

    def logged(self):
        return {(event["auditID"], event["stage"]) for event in map(json.loads, self.read(LOG).splitlines())}

    def missing(self):
        """How many of the log's events the receiver has not."""
        return len(self.logged() - {(one, stage) for one, stage, _ in self.received()})

    def settled(self, before, timeout=90):
        """Until each event since has either arrived or is counted as lost; what was lost: {plugin: count}."""
        def delta():
            now = self.lost()
            return {plugin: count - before.get(plugin, 0) for plugin, count in now.items() if count != before.get(plugin, 0)}
        start = self.lost_before_missing
        namespaces.until(lambda: self.missing() - start == sum(delta().values()), timeout, "all events to arrive or to be counted", every=1)
        return delta()

    def phase(self, name, count, pause=0, limit=5):
        """Makes events; (what was lost of them, the slowest request)."""
        before, self.lost_before_missing = self.lost(), self.missing()
        slowest = self.make_events(count, pause)
        lost = self.settled(before)
        self.assertLess(slowest, limit)
        self.assertEqual(self.cluster.status(), 200)
        told = ", ".join(f"{number} by {plugin}" for plugin, number in sorted(lost.items())) or "none"
        self.saw(f"{name}: {2 * count} events, lost: {told}; the slowest request took {slowest:.2f} s")
        return lost

    def status_shows_it(self):
        """kaudit status says how many of the events are lost, and by which part."""
        ended = self.kaudit("status", "--output=json", status=1)
        told = [hazard["message"] for hazard in json.loads(ended.out)["hazards"] if hazard["code"] == "events-lost"]
        for plugin, count in self.lost().items():
            self.assertTrue(any(f"lost {count} events" in line and f"'{plugin}'" in line for line in told), (told, self.lost()))
        self.saw("kaudit status, 1: " + "; ".join(told))

    # The scenarios

    def test_delivered_down_slow_and_failing(self):
        refused = self.kaudit(*ENABLE, *SMALL, "--strict", status=3)
        self.assertIn("[webhook-unreachable]", refused.err)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assertEqual(self.runs(), [])

        ended = self.kaudit(*ENABLE, *SMALL)
        warned = [line for line in ended.err.splitlines() if "[webhook-unreachable]" in line]
        self.assertEqual(len(warned), 1, ended.err)
        self.assertNotIn("k8s-audit", ended.err + ended.out.replace(CONFIG, ""))
        for path in ("/etc/kubernetes/receiver.yaml", "/etc/kubernetes/certs/ca.crt", "/etc/kubernetes/certs/client.crt"):
            self.assertEqual(self.cluster.path(path).stat().st_mode & 0o777, 0o600, path)
        self.saw(f"down at the start: --strict refuses; without it status 0 after {ended.seconds:.1f} s; {warned[0]}")
        lost = self.phase("down, a burst", 60)
        self.assertEqual(sum(lost.values()), 120)
        self.assertEqual(set(lost), {"buffered", "webhook"})

        self.start_receiver()
        self.assertEqual(self.phase("up, no more than the throttle lets through", 30, pause=0.6), {})
        self.assertEqual({client for _, _, client in self.received()}, {"kube-apiserver-of-the-test"})
        again = self.kaudit(*ENABLE, *SMALL, "--strict")
        self.assertNotIn("webhook-un", again.err)

        self.behave(delay=4)
        self.assertEqual(self.phase("slow, 4 s a request, no more than the throttle lets through", 15, pause=0.6), {})
        self.assertEqual(set(self.phase("slow, 4 s a request, a burst", 60)), {"buffered"})
        self.behave(status=500)
        self.assertEqual(self.phase("failing, status 500", 10, pause=0.6), {"webhook": 20})
        self.status_shows_it()
        self.behave()
        self.assertEqual(self.phase("well again", 10, pause=0.6), {})

    def test_another_authority(self):
        self.start_receiver()
        openssl(self.cluster.path(FOLDER), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=another", "-keyout", "x.key", "-out", "x.crt")
        self.write(f"{DESK}/certs/ca.crt", self.read(f"{FOLDER}/x.crt"))
        ended = self.kaudit(*ENABLE, "--strict", status=3)
        self.assertIn("[webhook-untrusted]", ended.err)
        self.assertEqual(self.received(), [])
        self.saw(f"status 3 after {ended.seconds:.1f} s; {ended.reason}")
        self.write(CONFIG, KUBECONFIG.replace("127.0.0.1", "falco-k8saudit-webhook.falco.svc"))
        ended = self.kaudit(*ENABLE, "--strict", status=3)
        self.assertIn("[webhook-unresolvable]", ended.err)
        self.saw(f"status 3 after {ended.seconds:.1f} s; {ended.reason}")
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)

    def test_blocking_modes(self):
        self.start_receiver()
        blocking = (*ENABLE, "--flag=audit-webhook-initial-backoff=1s")
        ended = self.kaudit(*blocking, "--flag=audit-webhook-mode=blocking")
        self.assertIn("[webhook-blocking]", ended.err)
        slowest = self.make_events(5)
        self.assertEqual(self.missing(), 0)
        self.stop_receiver()
        status, _, seconds = self.ask("DELETE", "/api/v1/namespaces/default/secrets/no-such")
        self.assertEqual(status, 404)
        self.assertGreater(seconds, 5)
        lost = self.lost()
        self.saw(f"blocking: up, the slowest request {slowest:.2f} s; down, each recorded request takes {seconds:.1f} s and its event is lost: {lost}")

        self.write(POLICY, SECRETS.replace("omitStages: [RequestReceived]\n", ""))
        self.start_receiver()
        self.kaudit(*blocking, "--flag=audit-webhook-mode=blocking-strict")
        self.stop_receiver()
        status, text, seconds = self.ask("DELETE", "/api/v1/namespaces/default/secrets/no-such")
        self.assertEqual(status, 500, text)
        self.assertEqual(self.cluster.status(), 200)
        self.saw(f"blocking-strict: down, each recorded request is answered {status} after {seconds:.1f} s: {text.strip()}")


if __name__ == "__main__":
    scenario.main("openssl")
