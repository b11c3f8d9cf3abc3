"""What is said of a webhook's receiver before anything is written: from the config's text anywhere, from the network on the node."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_proc, needs_root  # noqa: E402
from own_machine import OwnMachine  # noqa: E402

SECRET = "s3cr3t-T0KEN-zz9"
LOG = "/var/log/kubernetes/audit/audit.log"  # in a directory of its own, which --strict has nothing against


def config(server, cluster="", user=""):
    return f"""apiVersion: v1
kind: Config
clusters:
- name: r
  cluster: {{server: "{server}"{cluster}}}
users:
- name: u
  user: {{{user}}}
contexts:
- name: c
  context: {{cluster: r, user: u}}
current-context: c
"""


class Text(testing.TestCase):
    """Another root than the node's: only what the text tells."""

    def setUp(self):
        self.node = Node(self, golden_manifest())

    def enable(self, *words, server, **parts):
        path = self.node.write("/etc/kubernetes/receiver.yaml", config(server, **parts), 0o600)
        return self.node.enable("--webhook-config", path, "--dry-run", *words, log=LOG)

    def test_a_service_is_named_as_what_it_is(self):
        for name in ("falco.falco.svc", "falco.falco.svc.cluster.local"):
            outcome = self.enable(server=f"https://{name}:9765/k8s-audit")
            self.expect(outcome, 0, stderr=[f"receiver.yaml:5:21: clusters[0].cluster.server: {name} is the name of a service", "NodePort",
                                            "[webhook-unresolvable]"])
            strict = self.enable("--strict", server=f"https://{name}:9765/k8s-audit")
            self.expect(strict, 3, stderr=["error: ", "--strict: ", "[webhook-unresolvable]"])

    def test_a_service_behind_a_proxy_or_with_the_clusters_dns(self):
        outcome = self.enable("--strict", server="https://falco.falco.svc", cluster=", proxy-url: 'http://proxy.example:3128'")
        self.expect(outcome, 0)
        self.node.manifest.write_bytes(golden_manifest().replace(b"  hostNetwork: true\n", b"  hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet\n"))
        self.expect(self.enable("--strict", server="https://falco.falco.svc"), 0)

    def test_any_other_name_is_not_looked_up(self):
        self.assertNotIn("[webhook-", self.enable(server="https://no-such-host.invalid:9765/").stderr)

    def test_what_is_worth_saying_of_the_address(self):
        for server, user, codes in (("http://192.0.2.9:9765/k8s-audit", "", []),
                                    ("http://192.0.2.9/k8s-audit", "", ["webhook-default-port"]),
                                    ("https://192.0.2.9/k8s-audit", "", []),
                                    ("http://192.0.2.9:9765/", f"token: {SECRET}", ["webhook-plain-http"]),
                                    (f"http://jane:{SECRET}@192.0.2.9:9765/", "", ["webhook-plain-http"]),
                                    ("https://127.0.0.1:9765/", f"token: {SECRET}", ["webhook-loopback"])):
            with self.subTest(server=server, user=user):
                outcome = self.enable("--strict", server=server, user=user)
                self.expect(outcome, 0)
                self.assertEqual(codes, re.findall(r"\[(webhook-[a-z-]+)\]", outcome.stderr))
                self.assertNotIn(SECRET, outcome.stderr + outcome.stdout)

    def test_the_rest_of_the_address_is_never_told(self):
        server = f"https://{SECRET}:{SECRET}@falco.falco.svc:9765/{SECRET}?{SECRET}"
        for words in ([], ["-v"], ["--strict"], ["--output", "json"]):
            outcome = self.enable(*words, server=server)
            self.assertIn("falco.falco.svc", outcome.stderr + outcome.stdout)
            self.assertNotIn(SECRET, outcome.stderr + outcome.stdout)

    def test_an_address_that_cannot_be_one(self):
        outcome = self.enable(server=f"{SECRET}:9765/k8s-audit")
        self.expect(outcome, 3, stderr=["receiver.yaml:5:21: clusters[0].cluster.server: this is no URL", "[webhook-config]", "  hint: "])
        self.assertNotIn(SECRET, outcome.stderr)

    def test_modes_that_make_the_api_wait(self):
        for mode, said in (("blocking", "batch, the default"), ("blocking-strict", "status 500")):
            outcome = self.enable("--flag", f"audit-webhook-mode={mode}", server="http://192.0.2.9:9765/")
            self.expect(outcome, 0, stderr=[f"--audit-webhook-mode={mode}: every recorded request waits", said, "[webhook-blocking]"])
        self.assertNotIn("[webhook-blocking]", self.enable("--flag", "audit-webhook-mode=batch", server="http://192.0.2.9:9765/").stderr)


@needs_root()
@needs_proc()
class Machine(testing.TestCase):
    """The node's own root: in a network of its own, where nobody can be reached, and no name is known."""

    def setUp(self):
        self.node = OwnMachine(self)

    def write(self, server, **parts):
        self.node.write("/root/receiver.yaml", config(server, **parts))

    def enable(self, *words):
        return self.node.call_apart("enable", "--policy", "/root/prod-audit.yaml", "--log", LOG, "--webhook-config", "/root/receiver.yaml",
                                    "--ignore", "kubelet-down,api-server-down", *words)

    def test_unreachable_and_unresolvable(self):
        for server, code, said in (("https://127.0.0.1:9765/k8s-audit", "webhook-unreachable", "https://127.0.0.1:9765 cannot be reached from this node: "),
                                   ("http://falco.example:9765/", "webhook-unresolvable", "the name falco.example cannot be resolved"),
                                   ("http://falco.falco.svc:9765/", "webhook-unresolvable", "is the name of a service")):
            with self.subTest(server=server):
                self.write(server)
                self.expect(self.enable("--dry-run"), 0, stderr=[said, f"[{code}]"])
                self.expect_untouched(self.node, lambda: self.enable("--strict"), 3, stderr=[said, f"[{code}]"])

    def test_a_proxy_is_what_is_reached(self):
        self.write("https://falco.falco.svc:9765/", cluster=f", proxy-url: 'http://u:{SECRET}@127.0.0.1:3128'")
        outcome = self.enable("--dry-run")
        self.expect(outcome, 0, stderr=["the proxy http://127.0.0.1:3128 cannot be reached", "[webhook-unreachable]"])
        self.assertNotIn(SECRET, outcome.stderr + outcome.stdout)


if __name__ == "__main__":
    testing.main()
