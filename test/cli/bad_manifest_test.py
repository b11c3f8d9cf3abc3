"""Whatever may stand where the manifest should: one clear message, status 3 or 4, nothing written, no hang."""

import os
import random
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root, run  # noqa: E402

LIMIT = 10 << 20
GOOD = golden_manifest() if (testing.GOLDEN / "kubeadm-1.30").exists() else b""


def nested(levels, before, after):
    return GOOD + b"x: " + before * levels + after * levels + b"\n"


def laughs():
    lines = [b"x0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for n in range(1, 12):
        lines.append(b"x%d: &x%d [%s]" % (n, n, b", ".join([b"*x%d" % (n - 1)] * 10)))
    return GOOD + b"\n".join(lines) + b"\n"


REFUSED = {
    "empty": b"",
    "blank": b"\n  \n\n",
    "only comments": b"# nothing\n# here\n",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "null": b"null\n",
    "a word": b"hello\n",
    "a list": b"- a\n- b\n",
    "a number": b"42\n",
    "binary": random.Random(1).randbytes(4096),
    "an ELF file": b"\x7fELF\x02\x01\x01" + bytes(200),
    "UTF-16 little-endian": b"\xff\xfe" + GOOD.decode().encode("utf-16-le"),
    "UTF-16 big-endian": b"\xfe\xff" + GOOD.decode().encode("utf-16-be"),
    "UTF-16 without a mark": GOOD.decode().encode("utf-16-le"),
    "UTF-32": b"\xff\xfe\x00\x00" + GOOD.decode().encode("utf-32-le"),
    "a NUL byte in the middle": GOOD.replace(b"hostNetwork", b"host\x00Network"),
    "NUL bytes at the end": GOOD + bytes(512),
    "not UTF-8": GOOD.replace(b"kube-system", b"kube-\xffsystem"),
    "a surrogate": GOOD.replace(b"kube-system", b"kube-\xed\xa0\x80"),
    "an escape character": GOOD.replace(b"kube-system", b"\x1b[31mred"),
    "tabs as indentation": GOOD.replace(b"    - --", b"\t- --"),
    "a tab after a dash": GOOD.replace(b"    - --allow", b"    -\t--allow"),
    "600 levels of flow lists": nested(600, b"[", b"]"),
    "600 levels of flow maps": nested(600, b"{a: ", b"}"),
    "600 levels of block lists": GOOD + b"x:\n  " + b"- " * 600 + b"a\n",
    "100,000 levels": nested(100_000, b"[", b"]"),
    "600 levels of JSON": b'{"a":' * 600 + b"1" + b"}" * 600,
    "an alias bomb": laughs(),
    "an alias of itself": GOOD + b"x: &x [*x]\n",
    "half a file": GOOD[:GOOD.find(b"  containers:")],
    "half JSON": b'{"apiVersion": "v1", "kind": "Pod", "metadata": {',
    "JSON with something after it": b'{"apiVersion": "v1", "kind": "Pod"} x',
    "an unclosed quote": GOOD.replace(b"name: kube-apiserver\n", b'name: "kube-apiserver\n', 1),
    "kind missing": GOOD.replace(b"kind: Pod\n", b""),
    "apiVersion missing": GOOD.replace(b"apiVersion: v1\n", b""),
    "name missing": GOOD.replace(b"  name: kube-apiserver\n  namespace", b"  namespace"),
    "kind in lower case": GOOD.replace(b"kind: Pod", b"kind: pod"),
    "containers a map": GOOD.replace(b"  containers:\n  - command", b"  containers:\n    command"),
    "no containers": b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\nspec:\n  containers: []\n",
    "spec null": b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\nspec:\n",
    "a number among the flags": GOOD.replace(b"    - --allow-privileged=true\n", b"    - 42\n"),
    "command a string": GOOD.replace(b"  - command:\n    - kube-apiserver\n", b"  - args:\n").replace(
        b"    image:", b"    command: kube-apiserver\n    image:", 1),
}


class Content(testing.TestCase):
    def test_what_is_not_the_manifest_is_refused_and_left_alone(self):
        for name, content in REFUSED.items():
            with self.subTest(name=name):
                node = Node(self, content)
                outcome = self.expect_untouched(node, node.enable, 3, stderr=["kube-apiserver.yaml"])
                self.assertLess(len(outcome.stderr), 4000, "one message, not a dump")
                self.assertTrue(outcome.stderr.isprintable() or not set(outcome.stderr) & set("\x00\x1b\x7f"), outcome.stderr)

    def test_broken_text_is_refused_with_line_and_column(self):
        for name in ("a tab after a dash", "an unclosed quote", "not UTF-8", "a NUL byte in the middle", "half JSON"):
            with self.subTest(name=name):
                node = Node(self, REFUSED[name])
                self.assertRegex(node.enable().stderr, r"kube-apiserver\.yaml:\d+:\d+: ")

    def test_the_kubelet_reads_no_file_of_ten_mebibytes(self):
        for size in (LIMIT, 11 << 20):
            with self.subTest(size=size):
                node = Node(self, GOOD + b"#" * (size - len(GOOD) - 1) + b"\n")
                self.expect_untouched(node, lambda node=node: node.enable(timeout=60), 3, stderr=["10 MiB"])

    def test_nor_one_that_would_reach_ten_mebibytes_by_our_change(self):
        node = Node(self, GOOD + b"#" * (LIMIT - len(GOOD) - 200) + b"\n")
        self.expect_untouched(node, lambda: node.enable(timeout=60), 3)

    def test_a_large_manifest_below_the_limit_is_patched(self):
        node = Node(self, GOOD + (b"#" * 99 + b"\n") * 90_000)
        self.expect(node.enable("-q", timeout=120), 0)

    def test_another_pod_is_named(self):
        node = Node(self, GOOD.replace(b"kube-apiserver", b"kube-scheduler"))
        self.expect_untouched(node, node.enable, 3, stderr=["kube-scheduler"])


class Place(testing.TestCase):
    def test_a_missing_manifest(self):
        node = Node(self)
        self.expect_untouched(node, node.enable, 4, stderr=["kube-apiserver.yaml"])

    def test_the_manifest_in_the_kubelets_own_directory_is_found(self):
        for config, place in (("staticPodPath: /opt//pods/\n", "/opt/pods/server.yaml"),
                              ('{"staticPodPath": "pods"}', "/var/lib/kubelet/pods/server.yaml")):
            with self.subTest(config=config):
                node = Node(self)
                node.write("/var/lib/kubelet/config.yaml", config)
                manifest = node.write(place, GOOD, 0o600)
                self.expect(node.enable("-q"), 0)
                self.assertIn(b"--audit-policy-file", manifest.read_bytes())

    def test_a_missing_manifests_directory(self):
        node = Node(self)
        node.manifests.rmdir()
        self.expect_untouched(node, node.enable, 4)

    def test_a_missing_root(self):
        node = Node(self, GOOD)
        outcome = run("enable", "--root", node.base / "absent", "--policy", node.policy, "--log", testing.LOG)
        self.expect(outcome, 4, stderr=["absent"])
        self.assertFalse((node.base / "absent").exists())

    def test_a_root_that_is_a_file(self):
        node = Node(self, GOOD)
        self.expect(run("enable", "--root", node.policy, "--policy", node.policy, "--log", testing.LOG), 4)

    def test_a_directory(self):
        node = Node(self)
        node.manifest.mkdir()
        self.expect_untouched(node, node.enable, 3, stderr=["directory"])

    def test_a_fifo_is_refused_without_opening_it(self):
        node = Node(self)
        os.mkfifo(node.manifest)
        self.expect_untouched(node, lambda: node.enable(timeout=5), 3)

    def test_a_socket(self):
        node = Node(self)
        here = os.getcwd()
        with socket.socket(socket.AF_UNIX) as server:
            os.chdir(node.manifests)
            try:
                server.bind("kube-apiserver.yaml")
            finally:
                os.chdir(here)
            self.expect_untouched(node, node.enable, 3, stderr=["socket"])

    @needs_root()
    def test_a_device(self):
        for major, minor in ((1, 5), (1, 3), (5, 0)):
            node = Node(self)
            try:
                os.mknod(node.manifest, 0o20600, os.makedev(major, minor))
            except PermissionError:
                self.skipTest("no permission to make devices")
            self.expect_untouched(node, lambda node=node: node.enable(timeout=5), 3, stderr=["device"])

    def test_a_device_of_the_machine_itself(self):
        outcome = run("enable", "--manifest", "/dev/zero", "--log", "/var/log/never.log", "--dry-run", timeout=5)
        self.expect(outcome, 3, stderr=["/dev/zero"])

    def test_a_file_of_proc(self):
        for path in ("/proc/self/status", "/proc/self/mem", "/proc/kmsg"):
            outcome = run("enable", "--manifest", path, "--log", "/var/log/never.log", "--dry-run", timeout=5)
            self.assertIn(outcome.status, (3, 4), str(outcome))
            self.assertEqual("", outcome.stdout)

    @needs_root()
    def test_an_unreadable_manifest(self):
        node = Node(self, GOOD)
        outcome = self.expect_untouched(node, lambda: node.enable(unprivileged=True), 4)
        self.assertRegex(outcome.stderr.lower(), "permission")

    def test_a_manifest_elsewhere(self):
        node = Node(self)
        other = node.write("/opt/pods/api.yaml", GOOD, 0o600)
        self.expect(node.enable("--manifest", "/opt/pods/api.yaml"), 0)
        self.assertIn(b"--audit-log-path", other.read_bytes())
        self.assertFalse(node.manifest.exists())


if __name__ == "__main__":
    unittest.TestCase.longMessage = True
    testing.main()
