"""--hasten on a machine of its own, with a stand-in for the old API server: what is refused before anything is written."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402
from kaudit_testing import needs_proc, needs_root  # noqa: E402
from own_machine import PROGRAM, OwnMachine  # noqa: E402

ENABLE = ["enable", "--policy", "/root/prod-audit.yaml", "--log", testing.LOG, "--ignore", "kubelet-down,api-server-down", "--hasten"]
POLICY_FLAG, WEBHOOK_FLAG = "--audit-policy-file=/p.yaml", "--audit-webhook-config-file=/w.yaml"
NO_PIDFD = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pidfd_open", "-e", "inject=pidfd_open:error=ENOSYS"]
# Listens on a port, by any name and with any arguments, while the command runs: first process of a /proc and a network of its own.
LISTENING = """
import socket, subprocess, sys, time
port, name, flags, command = int(sys.argv[1]), sys.argv[2], sys.argv[3].split(), sys.argv[4:]
code = "import socket, sys; s = socket.socket(); s.bind(('0.0.0.0', %d)); s.listen(); print(flush=True); sys.stdin.read()" % port
server = subprocess.Popen([name, "-c", code, *flags], executable=sys.executable, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
server.stdout.readline()
ended = subprocess.run(command, stdin=subprocess.DEVNULL)
assert server.poll() is None, "the server was ended"
sys.exit(ended.returncode)
"""


@needs_root()
@needs_proc()
class Hasten(testing.TestCase):
    def setUp(self):
        self.node = OwnMachine(self)
        self.port = self.node.original.split(b"--secure-port=")[1].split(b"\n")[0].decode()

    def beside(self, *words, name="kube-apiserver", flags=(), tracer=()):
        """The program beside such a server. It is no process's own name that counts, but what it was started as."""
        apart = ["unshare", "--mount", "--pid", "--net", "--fork", f"--mount-proc={self.node.root}/proc"]
        command = [*apart, sys.executable, "-c", LISTENING, self.port, name, " ".join(flags), *tracer, "chroot", self.node.root, PROGRAM, *words]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=90, check=False,
                              env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"})
        return testing.Outcome(words, done)

    def refused(self, code, *parts, **how):
        outcome = self.expect_untouched(self.node, lambda: self.beside(*ENABLE, **how), 3, stderr=[f"[{code}]", "  hint: ", *parts],
                                        silent_stdout=False)
        self.assertNotIn("--ignore hasten", outcome.stderr)

    def test_an_old_server_that_holds_events_back(self):
        batch = ["--audit-log-path=/a.log", "--audit-log-mode=batch"]
        for flags, named in (([POLICY_FLAG, WEBHOOK_FLAG], "--audit-webhook-mode=batch"),
                             ([POLICY_FLAG, *batch], "--audit-log-mode=batch"),
                             ([POLICY_FLAG, "--audit_log_path", "/a.log", "--audit-log_mode", "batch"], "--audit-log-mode=batch"),
                             ([POLICY_FLAG, *batch, "--audit-log-mode=blocking", "--audit-log-mode=batch"], "--audit-log-mode=batch")):
            with self.subTest(flags=flags):
                self.refused("hasten-batching", named, "would be lost", "leave --hasten out", flags=flags)

    def test_what_it_will_have_does_not_count_nor_what_was_overridden(self):
        blocking = [POLICY_FLAG, "--audit-log-path=/a.log", "--audit-log-mode=batch", "--audit-log-mode=blocking", WEBHOOK_FLAG,
                    "--audit-webhook-mode=blocking-strict"]
        for words, status in (("--dry-run", 0), ("--check", 1)):
            self.expect(self.beside(*ENABLE, "--flag", "audit-log-mode=batch", words, flags=blocking), status, stdout=["audit-log-mode=batch"])

    def test_a_listener_that_is_no_api_server(self):
        self.refused("hasten-unseen", "is not called kube-apiserver", name="haproxy")

    @testing.unittest.skipUnless(shutil.which("strace"), "no strace")
    def test_a_kernel_without_pidfd(self):
        self.refused("hasten-no-pidfd", "function not implemented", tracer=NO_PIDFD)

    def test_a_dry_run_refuses_the_same(self):
        outcome = self.beside(*ENABLE, "--dry-run", flags=[POLICY_FLAG, WEBHOOK_FLAG])
        self.expect(outcome, 3, stderr=["[hasten-batching]"])

    def test_without_proc(self):
        self.expect_untouched(self.node, lambda: self.node.call(*ENABLE), 3, stderr=["[hasten-unseen]"], silent_stdout=False)

    def test_where_nobody_watches(self):
        self.expect_untouched(self.node, lambda: self.node.call(*ENABLE, "--no-watch"), 2, stderr=["--hasten", "--no-watch", "  hint: "])
        for verb in ("enable", "disable", "rollback"):
            with self.subTest(verb=verb):
                words = ["--policy", self.node.root / "root/prod-audit.yaml", "--log", testing.LOG] if verb == "enable" else []
                self.expect_untouched(self.node, lambda verb=verb, words=words: testing.run(verb, "--root", self.node.root, *words, "--hasten"),
                                      3, stderr=["[hasten-root]", "  hint: leave --hasten out"])

    def test_where_nobody_listens_there_is_nothing_to_end(self):
        """As on the way back from a server that crashes."""
        self.expect(self.node.call_apart(*ENABLE, "--dry-run"), 0)


if __name__ == "__main__":
    testing.main()
