#!/usr/bin/env python3
"""The trail is proven: by one request of `kaudit verify` under policies and logs of several kinds, and by `enable --verify`,
which takes back what does not record."""

import http.server
import json
import shutil
import threading

import namespaces
import scenario
from scenario import DROP_IN, ENABLE, LOG, POLICY

ADMIN, SUPER_ADMIN = "/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf"
OWN = "/var/log/kube-audit/audit.log"
RECEIVER = "127.0.0.1:9880"
WEBHOOK = f"{scenario.DESK}/webhook.yaml"
NAME = "Kaudit_verify_"


def rule(text):
    return f"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- {text}\n"


class Receiver:
    """Takes lists of events in the node's network while it is entered."""

    def __init__(self, inside):
        self.events, self._inside = [], inside

    def __enter__(self):
        events = self.events

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                events.extend(json.loads(body)["items"])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        host, port = RECEIVER.split(":")
        self._server = self._inside.in_network(lambda: http.server.ThreadingHTTPServer((host, int(port)), Handler))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Verified(scenario.Scenario):
    def setUp(self):
        super().setUp()
        # Whoever asked the load balancer that a kubeconfig names would get no answer.
        for path in (ADMIN, SUPER_ADMIN):
            config = self.cluster.path(path)
            text = config.read_text()
            self.addCleanup(config.write_text, text)
            lines = ["    server: https://192.0.2.1:6443" if "server:" in line else line for line in text.splitlines()]
            if path == ADMIN:
                config.write_text("\n".join(lines) + "\n")
        self.objects = self.stored()

    def stored(self):
        """Everything of the kinds that requests are about, by name, without what the kubelet mirrors."""
        kinds = "secrets,configmaps,pods,deployments,namespaces,serviceaccounts"
        names = self.cluster.kubectl("get", kinds, "-A", "-o", "name").stdout.split()
        return sorted(name for name in names if not name.startswith("pod/kube-apiserver-"))

    def verify(self, *words, status=0):
        ended = self.kaudit("verify", "--output=json", *words, status=status)
        document = json.loads(ended.out)
        self.assertEqual(document["exit_status"], status)
        self.assertEqual(self.stored(), self.objects)
        return document

    def proven(self, *words, log=LOG):
        """Verified, and the event that is named stands in the log, once a stage."""
        document = self.verify(*words)
        proof = document["proof"]
        self.assertEqual((document["verdict"], proof["verdict"]), ("proven", "proven"))
        self.assertEqual(proof["file"], log)
        lines = [line for line in self.read(log).splitlines() if proof["audit_id"] in line]
        self.assertTrue(0 < len(lines) < 4, lines)
        return proof, lines

    def figure(self, what, proof):
        self.saw(f"{what}: {proof['request'].split('?')[0]} answered {proof['status']}, its event after "
                 f"{proof['seconds'] * 1000:.0f} ms")

    def fill_log(self):
        """More than max-size=1 allows: the next server will want to rotate before it writes anything."""
        self.write(LOG, "x" * (1 << 20) + "\n")
        self.cluster.path(LOG).chmod(0o600)


class Logs(Verified):
    def test_the_single_file_of_the_design_card(self):
        self.kaudit(*ENABLE)
        proof, lines = self.proven()
        self.assertIn(f"DELETE /api/v1/namespaces/{NAME}", proof["request"])
        self.assertIn("dryRun=All", proof["request"])
        self.assertEqual(proof["rule"], "/etc/kubernetes/prod-audit.yaml:4")
        self.assertTrue(all('"verb":"delete"' in line and '"kubernetes-admin"' in line for line in lines), lines)
        self.figure("single file, deletes of secrets", proof)
        text = self.kaudit("verify", f"--kubeconfig={SUPER_ADMIN}").out
        self.assertIn("proven: ", text)
        self.assertIn("(answered 404)", text)
        self.assertEqual(self.cluster.path(LOG).stat().st_mode & 0o777, 0o600)

    def test_a_directory_batches_and_the_legacy_format(self):
        enable = ("enable", f"--policy={POLICY}", f"--log={OWN}")
        self.kaudit(*enable)
        self.figure("directory", self.proven(log=OWN)[0])
        self.kaudit(*enable, "--flag=audit-log-mode=batch", "--flag=audit-log-batch-max-size=100", "--flag=audit-log-batch-max-wait=4s")
        proof, _ = self.proven(log=OWN)
        self.assertGreater(proof["seconds"], 0.2)
        self.figure("directory, batches of up to 4 s", proof)
        self.kaudit(*enable, "--flag=audit-log-mode=blocking", "--flag=audit-log-format=legacy")
        proof, lines = self.proven(log=OWN)
        self.assertTrue(all(" AUDIT: id=" in line for line in lines), lines)
        self.figure("legacy format", proof)

    def test_standard_output(self):
        self.kaudit("enable", f"--policy={POLICY}", "--log=-")
        document = self.verify()
        self.assertIn("/var/log/pods/kube-system_kube-apiserver-", document["proof"]["file"])
        self.figure("standard output", document["proof"])


class Policies(Verified):
    def test_policies_that_record_other_things(self):
        for what, text, request in (
                ("everything", "level: RequestResponse", f"GET /api/v1/namespaces/{NAME}"),
                ("creates", "{level: Request, verbs: [create], resources: [{group: apps, resources: [deployments]}]}",
                 f"POST /apis/apps/v1/namespaces/{NAME}"),
                ("patches", "{level: Metadata, verbs: [patch], resources: [{group: '', resources: [secrets]}]}",
                 f"PATCH /api/v1/namespaces/{NAME}"),
                ("a group that is not served", "{level: Metadata, verbs: [update, patch], resources: [{group: kaudit.invalid}]}",
                 f"PUT /apis/kaudit.invalid/v1/namespaces/{NAME}"),
                ("watches", "{level: Metadata, verbs: [watch], resources: [{group: '', resources: [configmaps]}]}",
                 f"GET /api/v1/namespaces/{NAME}"),
                ("a URL", "{level: Metadata, nonResourceURLs: ['/healthz*']}", f"GET /healthz/{NAME}")):
            self.write(POLICY, rule(text))
            self.kaudit(*ENABLE)
            proof, _ = self.proven(f"--kubeconfig={SUPER_ADMIN}")
            self.assertTrue(proof["request"].startswith(request), proof["request"])
            self.figure(what, proof)

    def test_a_policy_for_somebody_else(self):
        self.write(POLICY, rule("{level: Metadata, users: [alice]}"))
        self.kaudit(*ENABLE)
        document = self.verify(status=1)
        self.assertEqual(document["verdict"], "not-recorded")
        self.assertIn("kubernetes-admin", document["reason"])
        self.assertIsNone(document["proof"])
        self.saw(f"status 1: {document['reason']}")
        ended = self.kaudit(*ENABLE, "--verify")
        self.assertIn("warning: the audit trail is not proven: ", ended.err)

    def test_auditing_is_off(self):
        document = self.verify(status=1)
        self.assertIn("auditing is off", document["reason"])


class Missing(Verified):
    def test_a_log_that_cannot_rotate(self):
        self.fill_log()
        self.kaudit(*ENABLE, "--max-size=1", "--rotate=server")
        self.assert_healthy()
        document = self.verify(status=1)
        self.assertEqual(document["verdict"], "missing")
        self.assertIn("no event of it", document["reason"])
        self.assertIn("can't rename log file", document["reason"])
        self.saw(f"status 1: {document['reason']}")
        again = self.kaudit(*ENABLE, "--max-size=1", "--rotate=server", "--verify", status=1)
        self.assertIn("the API server was not to be restarted, and its trail is not there", again.reason)

    def test_what_the_running_server_does_not_have(self):
        self.kaudit(*ENABLE)
        policy = self.cluster.path(scenario.INSTALLED)
        policy.write_text(scenario.DELETED_SECRETS + "# a word\n")
        codes = [warning["code"] for warning in self.verify()["warnings"]]
        self.assertIn("policy-newer", codes)

    def test_nobody_to_ask_as(self):
        self.kaudit(*ENABLE)
        document = self.verify("--kubeconfig=/etc/kubernetes/none.conf", status=4)
        self.assertEqual((document["verdict"], document["error"]["code"]), ("unproven", "unproven"))
        self.write("/etc/kubernetes/token.conf", "kind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: u}}]\n"
                   "users: [{name: u, user: {token: s3cret}}]\n")
        refused = self.kaudit("verify", "--kubeconfig=/etc/kubernetes/token.conf", status=4)
        self.assertIn("does not take what", refused.err)
        self.assertNotIn("s3cret", refused.err + refused.out)
        self.saw(f"status 4: {refused.reason}")


class Enabled(Verified):
    def test_enable_proves_what_it_wrote(self):
        ended = self.kaudit(*ENABLE, "--verify", "--output=json")
        proof = json.loads(ended.out)["proof"]
        self.assertEqual(proof["verdict"], "proven")
        self.assertIn(proof["audit_id"], self.read(LOG))
        self.assert_new()
        words = [line.split(" ")[1] for line in self.journal()]
        self.assertEqual([word for word in words if word in ("proving", "proven", "healthy")], ["proving", "proven", "healthy"])
        self.assertEqual(self.stored(), self.objects)
        self.figure(f"enable --verify: status 0 after {ended.seconds:.1f} s", proof)
        pid = self.cluster.api_server_pid()
        again = self.kaudit(*ENABLE, "--verify")
        self.assertIn("proven: ", again.err)
        self.assertEqual((self.cluster.api_server_pid(), len(self.runs())), (pid, 1))
        self.saw(f"the same again: status 0 after {again.seconds:.1f} s, proven without a restart")
        if shutil.which("logrotate"):
            # Of the server nothing changes, so nobody watches; the trail is proven all the same.
            larger = self.kaudit(*ENABLE, "--max-size=200", "--verify")
            self.assertIn("proven: ", larger.err)
            self.assertIn("size 200M", self.read(DROP_IN))
            self.assertEqual((self.cluster.api_server_pid(), len(self.runs())), (pid, 2))
            self.saw(f"another size for logrotate: status 0 after {larger.seconds:.1f} s, proven without a restart")

    def test_enable_takes_back_what_does_not_record(self):
        self.fill_log()
        ended = self.kaudit(*ENABLE, "--max-size=1", "--rotate=server", "--verify", status=5)
        self.assertIn("its audit trail is not there", ended.reason)
        self.assertIn("can't rename log file", ended.reason)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.assertEqual((self.flags(), self.state()), ([], "restored"))
        self.saw(f"status 5 after {ended.seconds:.1f} s; {ended.reason}")

    def test_nobody_to_ask_as(self):
        for path in (ADMIN, SUPER_ADMIN):
            config = self.cluster.path(path)
            config.rename(config.with_name("away-" + config.name))
            self.addCleanup(config.with_name("away-" + config.name).rename, config)
        ended = self.kaudit(*ENABLE, "--verify", "--output=json")
        document = json.loads(ended.out)
        self.assertIn("unproven", [warning["code"] for warning in document["warnings"]])
        self.assertIsNone(document["proof"])
        self.assert_new()
        self.saw("no kubeconfig: status 0 with the warning unproven")

    def test_the_guardian_is_killed_while_it_proves(self):
        self.fill_log()
        enabling = self.begin(*ENABLE, "--max-size=1", "--rotate=server", "--verify")
        self.await_word("proving")
        scenario.kill(self.guardian())
        ended = enabling.end()
        self.assert_status(ended, 5)
        self.assertEqual(sum(" proving " in line for line in self.journal()), 2)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.saw(f"another guardian proved again: status 5 after {ended.seconds:.1f} s")


class Webhook(Verified):
    def enable(self, *words, status=0):
        self.write(WEBHOOK, f"apiVersion: v1\nkind: Config\nclusters: [{{name: r, cluster: {{server: 'http://{RECEIVER}/events'}}}}]\n"
                   "contexts: [{name: c, context: {cluster: r, user: ''}}]\ncurrent-context: c\nusers: []\n")
        return self.kaudit(*ENABLE, f"--webhook-config={WEBHOOK}", f"--kubeconfig={SUPER_ADMIN}", "--verify", "--output=json",
                           "--flag=audit-webhook-batch-max-wait=3s", *words, status=status)

    def test_a_receiver_gets_the_event(self):
        with Receiver(self.cluster.inside) as receiver:
            proof = json.loads(self.enable().out)["proof"]
            self.assertEqual((proof["verdict"], proof["receiver"]), ("proven", RECEIVER))
            self.assertIn(proof["audit_id"], [event["auditID"] for event in receiver.events])
            self.saw(f"delivery counted after {proof['delivered_seconds']:.1f} s, the event in the log after {proof['seconds']:.2f} s")
            blind = self.verify()
            self.assertIn("cannot be seen", blind["reason"])
        document = self.verify(f"--kubeconfig={SUPER_ADMIN}", "--timeout=10", status=1)
        self.assertIn("got no delivery", document["reason"])
        self.saw(f"receiver down: status 1: {document['reason']}")

    def test_enable_takes_back_what_no_receiver_gets(self):
        ended = self.enable(status=5)
        self.assertIn("got no delivery", ended.reason)
        self.assertEqual(self.cluster.manifest.read_bytes(), self.before)
        self.assert_healthy()
        self.saw(f"status 5 after {ended.seconds:.1f} s; {ended.reason}")


if __name__ == "__main__":
    scenario.main()
