"""Promise 5: a second file that the kubelet would read as the same pod is found, named and refused."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest  # noqa: E402

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "kube-apiserver", "namespace": "kube-system"},
       "spec": {"containers": [{"name": "x", "image": "y"}]}}


class Stray(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())

    def plant(self, name, content=None):
        path = self.node.manifests / name
        path.write_bytes(golden_manifest() if content is None else content)
        return path

    def expect_refused(self, name):
        for extra in ([], ["--dry-run"], ["--check"]):
            self.expect_untouched(self.node, lambda extra=extra: self.node.enable(*extra), 3, stderr=[name])

    def test_copies_of_every_name_the_kubelet_reads(self):
        for name in ("kube-apiserver.yaml.bak", "kube-apiserver.yaml~", "kube-apiserver.yaml.2026-01-01", "#kube-apiserver.yaml#",
                     "README", "kube-apiserver-old.yaml", "a", "zz.json", "kube apiserver.yaml", "käse.yaml", "%s%n"):
            with self.subTest(name=name):
                path = self.plant(name)
                self.expect_refused(name)
                path.unlink()

    def test_the_same_pod_as_json(self):
        self.plant("aaa.json", json.dumps(POD).encode())
        self.expect_refused("aaa.json")

    def test_the_same_pod_behind_a_comment_and_in_other_spelling(self):
        self.plant("odd", b"# a\n---\n{kind: Pod, 'apiVersion': \"v1\", metadata: {namespace: kube-system, name: kube-apiserver},\n spec: {containers: [{name: x, image: y}]}}\n")
        self.expect_refused("odd")

    def test_the_same_pod_with_a_second_document_after_it(self):
        self.plant("two.yaml", golden_manifest() + b"---\nkind: Policy\n")
        self.expect_refused("two.yaml")

    def test_a_link_that_the_kubelet_follows(self):
        for target in ("/root/old.yaml", "../../../root/old.yaml", "kube-apiserver.yaml"):
            with self.subTest(target=target):
                self.setUp()
                self.node.write("/root/old.yaml", golden_manifest())
                os.symlink(target, self.node.manifests / "link.yaml")
                self.expect_refused("link.yaml")

    def test_it_cannot_be_ignored(self):
        self.plant("kube-apiserver.yaml.bak")
        code = self.node.enable("--output", "json", "--dry-run")
        for words in (["--ignore", "stray-pod"], ["--ignore", "stray-copy"], ["--ignore", "stray"]):
            outcome = self.node.enable(*words)
            self.assertIn(outcome.status, (2, 3), str(outcome) + str(code))

    def test_what_the_kubelet_does_not_take_for_this_pod_is_no_obstacle(self):
        self.plant(".kube-apiserver.yaml.swp")
        self.plant("kube-scheduler.yaml", json.dumps({**POD, "metadata": {"name": "kube-scheduler", "namespace": "kube-system"}}).encode())
        self.plant("other-namespace.yaml", json.dumps({**POD, "metadata": {"name": "kube-apiserver"}}).encode())
        self.plant("second-document.yaml", b"kind: ConfigMap\n---\n" + golden_manifest())
        self.plant("deployment.yaml", json.dumps({**POD, "kind": "Deployment"}).encode())
        (self.node.manifests / "folder").mkdir()
        (self.node.manifests / "folder" / "kube-apiserver.yaml").write_bytes(golden_manifest())
        os.symlink("/nowhere", self.node.manifests / "dangling.yaml")
        os.mkfifo(self.node.manifests / "fifo")
        self.expect(self.node.enable(timeout=10), 0)

    def test_a_file_nobody_can_decode_is_no_obstacle(self):
        self.plant("garbage", bytes(range(256)))
        self.plant("half.yaml", golden_manifest()[:200] + b"\n  - [")
        self.plant("empty", b"")
        self.expect(self.node.enable(), 0)


if __name__ == "__main__":
    testing.main()
