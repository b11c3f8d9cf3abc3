#!/usr/bin/env python3
"""Where systemd is the init: the guardian is a transient service, systemd starts a killed one again, and a unit finishes a run that a
reboot interrupted.

    systemd_test.py [KAUDIT]      (or the environment variable of that name)

A real systemd in a pid namespace of its own, over a copy-on-write /etc and /var. No control plane: what is shown is who carries
the run, so the API server never comes and every run ends with status 6.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

KAUDIT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KAUDIT", "kaudit"))
SYSTEMD = "/lib/systemd/systemd"
ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "testdata/demo"
UNIT = "etc/systemd/system/kaudit-resume.service"
# What would do something to this machine's kernel, files or network, or takes long.
MASKED = ("systemd-udevd.service", "systemd-udev-trigger.service", "systemd-logind.service", "systemd-remount-fs.service",
          "systemd-sysctl.service", "systemd-modules-load.service", "systemd-binfmt.service", "systemd-random-seed.service",
          "systemd-tmpfiles-setup.service", "systemd-tmpfiles-setup-dev.service", "systemd-tmpfiles-clean.timer",
          "systemd-timesyncd.service", "console-getty.service", "getty@tty1.service", "ssh.service", "containerd.service",
          "postgresql.service", "cron.service", "apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer",
          "e2scrub_reap.service", "fstrim.timer", "dpkg-db-backup.timer", "logrotate.timer", "man-db.timer")

BOOT = """set -e
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
for name in etc var; do
  mkdir -p "$1/$name" "$1/.work/$name"
  mount -t overlay overlay -o "lowerdir=/$name,upperdir=$1/$name,workdir=$1/.work/$name" "/$name"
done
mount -t tmpfs -o mode=1777 tmpfs /tmp # systemd empties it at boot
exec {systemd} --system --log-target=null
""".format(systemd=SYSTEMD)


def unavailable_reason():
    if os.geteuid() != 0:
        return "not root"
    if not os.path.exists(SYSTEMD):
        return "no systemd on this machine"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode != 0:
        return "namespaces cannot be made here"
    return None


def until(found, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError("it did not come within %d s" % seconds)


class Machine:
    """A machine that can be switched off and on; `disk` keeps what it wrote."""

    def __init__(self):
        self.disk = Path(tempfile.mkdtemp(prefix="kaudit-systemd-"))
        manifests = self.disk / "etc/kubernetes/manifests"
        shutil.copytree(SAMPLE / "node/etc/kubernetes/manifests", manifests)
        for name in MASKED:
            unit = self.disk / "etc/systemd/system" / name
            unit.parent.mkdir(parents=True, exist_ok=True)
            unit.symlink_to("/dev/null")
        shutil.copy(SAMPLE / "prod-audit.yaml", self.disk / "etc/kubernetes/prod-audit.yaml")
        os.chmod(self.disk / "etc/kubernetes/prod-audit.yaml", 0o600)
        (self.disk / "var/opt").mkdir(parents=True)
        shutil.copy(KAUDIT, self.disk / "var/opt/kaudit")

    def on(self):
        self.outer = subprocess.Popen(["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "sh", "-c", BOOT, "sh", str(self.disk)],
                                      stdin=subprocess.DEVNULL, start_new_session=True)
        self.init = until(self._init)
        until(lambda: self.run(["systemctl", "is-system-running"]).stdout.strip() in ("running", "degraded"))

    def _init(self):
        children = Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children").read_text().split()
        return int(children[0]) if children and Path(f"/proc/{children[0]}/comm").read_text().strip() == "systemd" else None

    def off(self):
        """Without a warning, as a power cut: everything in the namespace is killed at once."""
        self.outer.kill()
        self.outer.wait()
        until(lambda: not os.path.exists(f"/proc/{self.init}"))

    def run(self, argv, **options):
        options = {"capture_output": True, "text": True, **options}
        return subprocess.run(["nsenter", "-t", str(self.init), "-m", "-p", "-i", "-u", *argv], **options)

    def enable(self, timeout):
        argv = ["nsenter", "-t", str(self.init), "-m", "-p", "-i", "-u", "/var/opt/kaudit", "enable", "--policy", "/etc/kubernetes/prod-audit.yaml", "--log",
                "/var/log/kaudit-e2e/audit.log", "--ignore", "kubelet-down,api-server-down", "--timeout", str(timeout), "-q"]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def journal(self):
        return "".join(path.read_text() for path in self.disk.glob("var/lib/kaudit/runs/*/journal"))

    def manifest(self):
        return (self.disk / "etc/kubernetes/manifests/kube-apiserver.yaml").read_text()


class Systemd(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.original = self.machine.manifest()
        self.machine.on()

    def tearDown(self):
        self.machine.off()
        shutil.rmtree(self.machine.disk)

    def guardian(self):
        shown = self.machine.run(["systemctl", "show", "--property=MainPID,Transient,Restart", "kaudit-guardian-*"]).stdout
        values = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        return int(values.get("MainPID", "0")), values

    def test_a_killed_guardian_is_started_again_and_puts_the_manifest_back(self):
        kaudit = self.machine.enable(timeout=10)
        until(lambda: " written " in self.machine.journal())
        self.assertTrue((self.machine.disk / UNIT).exists(), "no unit for a reboot")
        pid, values = self.guardian()
        self.assertEqual((values["Transient"], values["Restart"]), ("yes", "on-failure"))
        self.machine.run(["kill", "-9", str(pid)])
        _, errors = kaudit.communicate(timeout=120)
        self.assertEqual(kaudit.returncode, 6, errors)
        self.assertIn(" resumed ", self.machine.journal())
        self.assertIn("no kubelet runs", errors)
        self.assertEqual(self.machine.manifest(), self.original)
        self.assertFalse((self.machine.disk / UNIT).exists(), "the unit for a reboot was left")

    def test_losing_everything_of_the_foreground_changes_nothing(self):
        kaudit = self.machine.enable(timeout=10)
        until(lambda: " written " in self.machine.journal())
        kaudit.send_signal(signal.SIGKILL)
        kaudit.communicate()
        until(lambda: " failed " in self.machine.journal())
        self.assertEqual(self.machine.manifest(), self.original)

    def test_a_reboot_in_between_is_finished_by_the_unit(self):
        kaudit = self.machine.enable(timeout=15)
        until(lambda: " written " in self.machine.journal())
        self.assertNotEqual(self.machine.manifest(), self.original)
        self.machine.off()
        kaudit.communicate()
        self.machine.on()
        until(lambda: " failed " in self.machine.journal(), 90)
        self.assertIn(" resumed ", self.machine.journal())
        self.assertEqual(self.machine.manifest(), self.original)
        self.assertFalse((self.machine.disk / UNIT).exists(), "the unit for a reboot was left")


if __name__ == "__main__":
    reason = unavailable_reason()
    if reason:
        print("skipped: " + reason)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
