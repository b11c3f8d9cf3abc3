"""The program on a machine of its own: `/` is the node's, as in a real run, because the process is in a chroot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import Node, golden_manifest, needs_root  # noqa: E402

USER, GROUP = 900, 901
AS_USER = b"  securityContext:\n    runAsUser: %d\n    runAsGroup: %d\n" % (USER, GROUP)


def shared_libraries(program):
    """What the loader would map for it; nothing for a static one."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return [word for word in said.split() if word.startswith("/")]


@needs_root()
class OwnMachine(testing.TestCase):
    def setUp(self):
        self.node = Node(self, golden_manifest())
        for path in [*shared_libraries(testing.program()), testing.program()]:
            target = self.node.root / ("usr/bin/kaudit" if path == testing.program() else path.lstrip("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        self.node.write("/root/prod-audit.yaml", testing.POLICY_TEXT)
        (self.node.root / "run").mkdir()

    def enable(self, *extra, log=testing.LOG, policy="/root/prod-audit.yaml"):
        words = ["/usr/bin/kaudit", "enable", "--policy", policy, "--log", log, *extra]
        done = subprocess.run(words, executable="/usr/bin/kaudit", stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False, preexec_fn=lambda: (os.chroot(self.node.root), os.chdir("/")),
                              env={"PATH": "/usr/bin"})
        return testing.Outcome(words, done)

    def run_as_user(self):
        self.node.manifest.write_bytes(golden_manifest().replace(b"  securityContext:\n", AS_USER))

    def test_the_whole_job_and_again(self):
        first = self.enable()
        self.expect(first, 0, stdout=["plan for /etc/kubernetes/manifests/kube-apiserver.yaml"],
                    stderr=["nobody watches"])
        self.assertEqual(testing.POLICY_TEXT, self.node.installed_policy.read_text())
        before = testing.snapshot(self.node.root)
        self.expect(self.enable(), 0)
        self.assertEqual([], testing.differences(before, testing.snapshot(self.node.root)))

    def test_a_log_directory_that_the_servers_user_may_not_write(self):
        self.run_as_user()
        words = ["--log-volume", "directory"]
        refused = self.expect_untouched(self.node, lambda: self.enable(*words), 3,
                                        stderr=["[unwritable-by-server]", f"chown {USER}:{GROUP}", "/var/log"])
        self.assertIn("--ignore unwritable-by-server", refused.stderr)
        self.expect(self.enable(*words, "--ignore", "unwritable-by-server"), 0, stderr=["[unwritable-by-server]"])

    def test_an_existing_log_of_somebody_else(self):
        self.run_as_user()
        log = self.node.write(testing.LOG, "", 0o644)
        self.expect_untouched(self.node, self.enable, 3, stderr=["[unwritable-by-server]"])
        os.chown(log, USER, GROUP)
        self.expect(self.enable(), 0)

    def test_a_policy_in_place_that_the_servers_user_may_not_read(self):
        self.run_as_user()
        policy = self.node.write("/etc/kubernetes/prod-audit.yaml", testing.POLICY_TEXT, 0o600)
        in_place = "/etc/kubernetes/prod-audit.yaml"
        self.expect_untouched(self.node, lambda: self.enable(policy=in_place), 3, stderr=["[unreadable-by-server]"])
        os.chown(policy, 0, GROUP)
        policy.chmod(0o640)
        self.expect(self.enable(policy=in_place), 0)

    def test_a_manifest_directory_that_belongs_to_another_user(self):
        os.chown(self.node.manifests, USER, GROUP)
        self.expect_untouched(self.node, self.enable, 3, stderr=["[foreign-owner]"])


class ScratchRoot(testing.TestCase):
    """Under --root the owners are those that the caller could set: what the server may do there is only warned about."""

    def test_a_log_directory_that_the_servers_user_may_not_write(self):
        node = Node(self, golden_manifest().replace(b"  securityContext:\n", AS_USER))
        self.expect(node.enable("--log-volume", "directory"), 0, stderr=["[unwritable-by-server]"])


if __name__ == "__main__":
    testing.main()
