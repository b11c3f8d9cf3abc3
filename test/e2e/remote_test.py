#!/usr/bin/env python3
"""Started from elsewhere: by a real sshd and by a real Ansible, and the connection cut in the middle."""

import os
import shutil
import signal
import subprocess
import sys

import binaries
import namespaces
import scenario
from scenario import ENABLE

HOME = "/run/remote"
ANSIBLE = "ansible-core"
SSHD = f"""Port 2222
ListenAddress 127.0.0.1
HostKey {HOME}/host
AuthorizedKeysFile {HOME}/key.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
"""
SSH = ("-p", "2222", "-i", f"{HOME}/key", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR")


def ansible():
    """The program, from a virtual environment in the cache."""
    folder = binaries.cache() / ANSIBLE
    if not (folder / "bin/ansible").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "--quiet", ANSIBLE], check=True)
    return folder / "bin/ansible"


class Remote(scenario.Scenario):
    def setUp(self):
        super().setUp()
        home = self.cluster.path(HOME)
        if not home.exists():
            home.mkdir(mode=0o700)
            self.cluster.path("/run/sshd").mkdir(exist_ok=True)
            (home / "sshd").write_text(SSHD)
            for name in ("host", "key"):
                self.cluster.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{HOME}/{name}"], check=True)
        self.sshd = self.cluster.popen([shutil.which("sshd"), "-D", "-f", f"{HOME}/sshd"], stderr=subprocess.DEVNULL)
        probe = ["ssh", *SSH, "root@127.0.0.1", "true"]
        namespaces.until(lambda: self.cluster.run(probe, stderr=subprocess.DEVNULL).returncode == 0, 20, "sshd", every=0.2)

    def tearDown(self):
        namespaces.kill(self.sshd)
        self.sshd.wait()

    def ssh(self):
        return self.begin("root@127.0.0.1", " ".join([scenario.PROGRAM, *ENABLE]), program=("ssh", *SSH))

    def ansible(self, connection):
        """As a playbook's task has it: `command: kaudit-enable …`."""
        variables = f"ansible_port=2222 ansible_ssh_private_key_file={HOME}/key ansible_python_interpreter={sys.executable}"
        environment = ["env", f"HOME={HOME}", "LC_ALL=C.UTF-8", f"TMPDIR={HOME}"]
        words = ["-i", "127.0.0.1,", "-u", "root", "-c", connection, "-m", "command", "-a", " ".join([scenario.PROGRAM, *ENABLE]),
                 "-e", variables, "--ssh-common-args=" + " ".join(SSH[4:]), "all"]
        return self.begin(*words, program=(*environment, ansible()))

    def healthy_alone(self):
        line = self.await_word("healthy", "restored", "failed")
        self.assertIn(" healthy ", line)
        self.assert_new()
        return f"healthy {self.seconds():.1f} s after the rename"

    def test_ssh(self):
        ended = self.ssh().end()
        self.assert_status(ended, 0)
        self.assert_new()
        self.saw(f"ssh ends with 0 after {ended.seconds:.1f} s")

    def test_ssh_and_the_connection_is_cut(self):
        """The client is killed, and then every process of the server's session with all that is in it."""
        started = self.ssh()
        self.await_word("starting")
        namespaces.kill(started.process)
        started.end()
        for pid in self.cluster.inside.processes():
            if namespaces.program(pid) in {"sshd", "sshd-session", "bash", "sh"} or pid in self.processes("enable"):
                scenario.kill(pid, signal.SIGHUP)
        self.saw("the guardian alone: " + self.healthy_alone())

    def test_ansible(self):
        ended = self.ansible("ssh").end()
        self.assert_status(ended, 0)
        self.assertIn("CHANGED | rc=0", ended.out)
        self.assert_new()
        self.saw(f"ansible over ssh: CHANGED after {ended.seconds:.1f} s")

    def test_ansible_and_the_connection_is_cut(self):
        started = self.ansible("ssh")
        self.await_word("starting")
        for pid in self.cluster.inside.processes():
            if pid not in self.processes("guard") and self.is_session(pid):
                scenario.kill(pid)
        started.end()
        self.saw("the guardian alone: " + self.healthy_alone())

    def test_ansible_here(self):
        """connection: local."""
        ended = self.ansible("local").end()
        self.assert_status(ended, 0)
        self.assertIn("CHANGED | rc=0", ended.out)
        self.assert_new()
        self.saw(f"ansible, local: CHANGED after {ended.seconds:.1f} s")

    def is_session(self, pid):
        """ssh's, sshd's, Ansible's and kaudit's own processes: all that hangs on the connection."""
        name = namespaces.program(pid) or ""
        return name.startswith(("ssh", "python", "bash", "dash")) or name == os.path.basename(scenario.PROGRAM)


if __name__ == "__main__":
    scenario.main("sshd", "ssh", "ssh-keygen")
