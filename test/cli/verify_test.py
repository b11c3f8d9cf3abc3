"""`kaudit verify`: a server that stands for kube-apiserver is asked, records, or does not; text, JSON and exit status."""

import http.server
import json
import ssl
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import LOG, Node, golden_manifest  # noqa: E402

try:
    import jsonschema
except ImportError:
    testing.skip_all("python3-jsonschema is not installed")

CERTIFICATE = Path(__file__).with_name("api_server.pem")
SCHEMA = json.loads((testing.SOURCE / "docs/verify.schema.json").read_text())
ENABLE_SCHEMA = json.loads((testing.SOURCE / "docs/enable.schema.json").read_text())
KUBECONFIG = """kind: Config
clusters: [{name: k, cluster: {server: 'https://load-balancer.invalid:6443'}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
current-context: c
users: [{name: u, user: {token: s3cret}}]
"""


class ApiServer:
    """Answers what is asked for, and writes an event of every other request where it is told to."""

    def __init__(self, case):
        self.log, self.user, self.requests = None, "jane", []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.command, self.path, body, self.headers))
                status, document = outer.respond(self.command, self.path, self.headers.get("Audit-ID"))
                text = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Audit-Id", self.headers.get("Audit-ID", "its-own"))
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        case.addCleanup(self._server.server_close)
        case.addCleanup(self._server.shutdown)

    def respond(self, method, path, audit_id):
        if path.startswith("/apis/authentication.k8s.io/"):
            if isinstance(self.user, int):
                return self.user, {}
            return 201, {"status": {"userInfo": {"username": self.user, "groups": ["system:authenticated"]}}}
        if path == "/metrics" or path.count("/") == 2:
            return 403, {}
        if self.log:
            with open(self.log, "a", encoding="utf-8") as file:
                event = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": audit_id, "verb": method.lower()}
                file.write(json.dumps(event, separators=(",", ":")) + "\n")
        return 404, {}

    def probes(self):
        """Requests with an audit ID of kaudit's: those that are to be recorded."""
        return [request for request in self.requests if request[3].get("Audit-ID")]


class Verify(testing.TestCase):
    def setUp(self):
        self.server = ApiServer(self)
        self.node = Node(self, golden_manifest())
        self.node.write("/etc/kubernetes/pki/apiserver.crt", CERTIFICATE.read_bytes())
        self.kubeconfig = self.node.write("/etc/kubernetes/admin.conf", KUBECONFIG, 0o600)
        self.log = self.node.root / LOG.lstrip("/")

    def enable(self, *words, **how):
        self.expect(self.node.enable(*words, **how), 0)
        text = self.node.manifest.read_text()
        self.assertIn("--secure-port=6443", text)
        self.node.manifest.write_text(text.replace("--secure-port=6443", f"--secure-port={self.server.port}"))
        self.server.log = self.log

    def verify(self, *words, status=0, **parts):
        """Changes nothing but what the server writes."""
        before = testing.snapshot(self.node.base)
        outcome = testing.run("verify", "--root", self.node.root, *words)
        self.expect(outcome, status, **parts)
        changed = testing.differences(before, testing.snapshot(self.node.base))
        self.assertTrue(all(LOG.lstrip("/") in line for line in changed), changed)
        self.assertNotIn("s3cret", outcome.stdout + outcome.stderr)
        return outcome

    def document(self, *words, status=0):
        document = self.verify("--output=json", *words, status=status).json()
        jsonschema.validators.validator_for(SCHEMA).check_schema(SCHEMA)
        jsonschema.validate(document, SCHEMA)
        self.assertEqual(status, document["exit_status"])
        return document

    def test_the_event_of_one_request(self):
        self.enable()
        document = self.document()
        proof = document["proof"]
        self.assertEqual(("proven", "jane", None), (document["verdict"], document["user"], document["reason"]))
        self.assertIn(proof["audit_id"], self.log.read_text())
        self.assertEqual(str(self.log), proof["file"])
        self.assertEqual(404, proof["status"])
        self.assertTrue(proof["rule"].endswith("prod-audit.yaml:4"), proof)
        [(method, path, body, headers)] = self.server.probes()
        self.assertEqual("DELETE", method)
        self.assertRegex(path, r"^/api/v1/namespaces/(Kaudit_verify_[0-9a-f]{16})/secrets/\1\?dryRun=All$")
        options = json.loads(body)
        self.assertEqual(["All"], options["dryRun"])
        self.assertIn("Kaudit_verify_", options["preconditions"]["uid"])
        self.assertEqual("Bearer s3cret", headers["Authorization"])
        text = self.verify().stdout
        for word in ("proven: ", "request   DELETE /api/v1/", "audit ID  ", "rule      ", "after ", "user      jane"):
            self.assertIn(word, text)
        self.assertEqual("", self.verify("-q").stdout)
        # Each time another name and another audit ID.
        self.assertEqual(3, len({path for _, path, _, _ in self.server.probes()}))

    def test_a_request_without_an_event(self):
        self.enable()
        self.server.log = None
        document = self.document("--timeout=1", status=1)
        self.assertEqual(("missing", "missing"), (document["verdict"], document["proof"]["verdict"]))
        self.assertIn("within 1 s", document["reason"])
        self.assertIsNone(document["proof"]["file"])
        self.assertIn("missing: ", self.verify("--timeout=1", status=1).stdout)

    def test_a_policy_that_records_nothing_of_this_user(self):
        self.node.policy.write_text("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata, users: [bob]}]\n")
        self.enable()
        document = self.document(status=1)
        self.assertEqual("not-recorded", document["verdict"])
        self.assertIn("user jane", document["reason"])
        self.assertIsNone(document["proof"])
        self.assertEqual([], self.server.probes())
        self.node.installed_policy.write_text("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n")
        self.assertIn("records nothing at all", self.document(status=1)["reason"])

    def test_no_auditing_and_no_backend(self):
        self.assertIn("auditing is off", self.document(status=1)["reason"])
        self.node.enable(log=None)
        self.assertIn("neither log nor webhook", self.document(status=1)["reason"])

    def test_what_cannot_be_asked(self):
        self.enable()
        self.server.user = 401
        self.verify(status=4, stderr=["unproven", "does not take what", "--kubeconfig"])
        self.server.user = "jane"
        for name in (self.node.base / "outside.conf", self.node.root / "etc/none.conf"):
            self.verify("--kubeconfig", name, status=4, stderr=[f"{name}: there is no such file below --root"])
        self.kubeconfig.write_text(KUBECONFIG.replace("token: s3cret", "exec: {command: s3cret}"))
        self.verify(status=4, stderr=["credential plugin"])
        self.kubeconfig.unlink()
        document = self.document(status=4)
        self.assertEqual(("unproven", "unproven"), (document["verdict"], document["error"]["code"]))
        self.assertIn("super-admin.conf", document["error"]["message"])
        self.node.write("/etc/kubernetes/super-admin.conf", KUBECONFIG)
        self.assertEqual("proven", self.document()["verdict"])

    def test_a_user_whom_the_server_does_not_name(self):
        self.enable()
        self.server.user = 404
        document = self.document()
        self.assertEqual(("proven", None), (document["verdict"], document["user"]))
        self.assertIn("user-unknown", [warning["code"] for warning in document["warnings"]])
        self.node.installed_policy.write_text("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n"
                                              "- {level: None, users: [bob]}\n- {level: Metadata}\n")
        self.server.log = None
        document = self.document("--timeout=1", status=4)
        self.assertIn("depends on the user", document["reason"])

    def test_a_stranger_on_the_port_is_asked_nothing(self):
        self.enable()
        self.node.write("/etc/kubernetes/pki/apiserver.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.verify(status=4, stderr=["did not answer"])
        self.assertEqual([], self.server.requests)

    def test_a_log_that_only_the_container_has(self):
        self.enable()
        text = self.node.manifest.read_text()
        self.node.manifest.write_text(text.replace(f"--audit-log-path={LOG}", "--audit-log-path=/elsewhere/audit.log"))
        self.verify(status=4, stderr=["inside the container"])

    def test_usage(self):
        self.document("--timeout=0", status=2)
        self.expect(testing.run("verify", "--state-dir=/x"), 2, stderr=["unknown option --state-dir"])
        for words, part in ((["--verify", "--no-watch"], "exclude each other"), (["--kubeconfig=x"], "without --verify"),
                            (["--verify", f"--root={self.node.root}"], "no API server runs there")):
            self.expect(testing.run("enable", f"--log={LOG}", *words), 2, stderr=[part])

    def test_the_schema_wants_every_key_and_its_type(self):
        self.enable()
        document = self.document()
        broken = [{key: value for key, value in document.items() if key != gone} for gone in document]
        broken += [{**document, key: 1.5} for key in document]
        broken += [{**document, "proof": {**document["proof"], key: []}} for key in document["proof"]]
        for example in broken:
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(example, SCHEMA)
        # enable's document has the same proof.
        self.assertEqual(SCHEMA["$defs"]["proof"]["required"], ENABLE_SCHEMA["properties"]["proof"]["required"])


if __name__ == "__main__":
    testing.main()
