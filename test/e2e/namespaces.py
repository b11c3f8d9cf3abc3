"""A machine of its own for one control plane: mount, network, pid, host name, IPC and cgroup namespaces.

Everything a control plane leaves on a node (/etc/kubernetes, /var/lib, /var/log, /run, processes, mounts, cgroups) exists only in
here and goes with the first process: the kernel ends a pid namespace whole. There is no record of it on disk; a running one is
found by the name of its cgroup.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import binaries

PREFIX = "kaudit-e2e-"
ADDRESS = "192.0.2.2"  # the node's: kube-apiserver and kubeadm refuse a loopback address. Only in here, on the loopback device.
HOST_NAME = "cp1"
_KINDS = ("mount", "uts", "ipc", "net", "pid", "cgroup")
_libc = ctypes.CDLL(None, use_errno=True)

# Runs inside, as root. /etc is a copy: what a scenario does to it ends with it, and it is one plain file system, as on a node.
_FURNISH = """
set -e
umount -R /sys
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 cgroups /sys/fs/cgroup
for controllers in $HIERARCHIES; do
  folder=/sys/fs/cgroup/${controllers#name=}
  mkdir $folder
  case $controllers in name=*) options=none,$controllers ;; *) options=$controllers ;; esac
  mount -t cgroup -o $options cgroup $folder
  for one in $(echo ${controllers#name=} | tr , ' '); do [ -e /sys/fs/cgroup/$one ] || ln -s $folder /sys/fs/cgroup/$one; done
done
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lock /run/e2e
mount -t tmpfs -o mode=755 etc /run/e2e
cp -a /etc/. /run/e2e
rm -rf /run/e2e/kubernetes /run/e2e/cni
mount --move /run/e2e /etc
mount -t tmpfs -o mode=755 var-lib /var/lib
mount -t tmpfs -o mode=755 var-log /var/log
mkdir -p /var/lib/logrotate
hostname $HOST_NAME
echo "127.0.0.1 localhost" > /etc/hosts
echo "$ADDRESS $HOST_NAME" >> /etc/hosts
ip link set lo up
ip address add $ADDRESS/32 dev lo
"""


def cgroup_mounts():
    """{controllers: mount point} of the machine's version 1 hierarchies; several controllers may share one (cpu,cpuacct)."""
    wanted = {"cpu", "cpuacct", "cpuset", "memory", "devices", "pids", "freezer", "blkio", "name=systemd"}
    found = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, after = line.split(" - ", 1)
        kind, _, options = after.split(" ", 2)
        if kind == "cgroup" and wanted & set(options.split(",")):
            found[",".join(option for option in options.split(",") if option not in ("rw", "xattr"))] = before.split()[4]
    return found


def unavailable_reason():
    if os.geteuid() != 0:
        return "not root"
    for tool in ("unshare", "nsenter", "setpriv", "ip", "mount", "hostname"):
        if not shutil.which(tool):
            return f"no {tool}"
    missing = {"cpu", "cpuset", "memory", "devices", "pids"} - set(",".join(cgroup_mounts()).split(","))
    if missing:
        return f"no cgroup version 1 hierarchy of {', '.join(sorted(missing))} (version 2 is not supported here yet)"
    probe = subprocess.run(["unshare", *(f"--{kind}" for kind in _KINDS), "--fork", "true"], capture_output=True, text=True)
    return f"no namespaces: {probe.stderr.strip()}" if probe.returncode else None


def _own_cgroups():
    """{controller: path} of this process."""
    found = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        found.update(dict.fromkeys(controllers.split(","), path))
    return found


def _below_own(point, controllers):
    """Where our cgroups are made: below this process's own, so that what limits and counts it counts the control plane too."""
    return Path(point + _own_cgroups().get(controllers.split(",")[0], "/"))


def _folder_below(point, name):
    """The cgroup of that name, or None. Not by rglob(), which fails when another cgroup goes meanwhile."""
    return next((Path(path, name) for path, folders, _ in os.walk(point) if name in folders), None)


class Namespaces:
    def __init__(self, name):
        self.name = name
        self._folders = {controllers: _folder_below(point, PREFIX + name) or _below_own(point, controllers) / (PREFIX + name)
                         for controllers, point in cgroup_mounts().items()}
        self._starter = None
        self.init = self._find_init()

    @property
    def root(self):
        """The file system in there, as a path out here."""
        return Path(f"/proc/{self.init}/root")

    def up(self, tied):
        """tied: everything ends with the thread that calls this, however that ends."""
        if self.init:
            raise RuntimeError(f"{self.name} is up already")
        remove_stale_cgroups()
        for folder in self._folders.values():
            folder.mkdir(exist_ok=True)
            for setting in ("cpuset.cpus", "cpuset.mems"):  # a new cpuset has none, and then takes no process
                if (folder / setting).exists():
                    (folder / setting).write_text((folder.parent / setting).read_text())

        command = ["unshare", *(f"--{kind}" for kind in _KINDS), "--fork", "--kill-child", "--mount-proc", binaries.pause()]
        if tied:
            command = ["setpriv", "--pdeathsig", "KILL", *command]
        self._starter = subprocess.Popen([*self._joining(), *command], start_new_session=True, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL)
        self.init = until(self._find_init, 10, "the namespaces' first process")
        self.run(["sh", "-c", _FURNISH], check=True,
                 env=dict(os.environ, HIERARCHIES=" ".join(self._folders), ADDRESS=ADDRESS, HOST_NAME=HOST_NAME))

    def down(self):
        if self.init:
            # unshare first, which takes the first process along: left alone, it complains about that one's end.
            parent = int((_status(self.init, "PPid") or ["0"])[0])
            os.kill(parent if parent > 1 else self.init, signal.SIGKILL)
        elif self._starter:
            self._starter.kill()
        until(lambda: not self.processes(), 20, "the end of all processes")
        if self._starter:
            self._starter.wait(10)
        self.init = self._starter = None
        for folder in self._folders.values():
            _remove_cgroup(folder)

    def popen(self, argv, cwd="/", **options):
        """As subprocess.Popen. It is nsenter's process; the program's own is inner(it)."""
        return subprocess.Popen([*self._joining(), *self.entering(argv, cwd)], **options)

    def entering(self, argv, cwd="/"):
        """The command that runs ARGV in there."""
        kinds = [f"--{kind}" for kind in _KINDS]
        return ["nsenter", f"--target={self.init}", *kinds, "--", "env", "-C", str(cwd), *map(str, argv)]

    def run(self, argv, input=None, timeout=None, check=False, capture_output=False, **options):
        """As subprocess.run."""
        if capture_output:
            options.update(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if input is not None:
            options["stdin"] = subprocess.PIPE
        with self.popen(argv, **options) as process:
            try:
                out, err = process.communicate(input, timeout)
            except BaseException:
                kill(process)
                raise
        result = subprocess.CompletedProcess(argv, process.returncode, out, err)
        if check:
            result.check_returncode()
        return result

    def processes(self):
        """Process ids, as out here, of everything that runs in there."""
        found = set()
        folder = next(folder for controllers, folder in self._folders.items() if "pids" in controllers.split(","))
        for path, _, _ in os.walk(folder):
            try:
                found.update(map(int, Path(path, "cgroup.procs").read_text().split()))
            except OSError:
                pass
        return found

    def cgroups(self):
        return list(self._folders.values())

    def in_network(self, function):
        """Calls FUNCTION in a thread that has the network of the namespaces: sockets made there are in there."""
        outcome = []

        def call():
            with open(f"/proc/{self.init}/ns/net") as net:
                if _libc.setns(net.fileno(), 0x40000000):
                    outcome.append(OSError(ctypes.get_errno(), "setns"))
                    return
            try:
                outcome.append(function())
            except Exception as error:  # brought back to the caller's thread
                outcome.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    def _joining(self):
        """The beginning of a command that takes the rest into our cgroups. Not a preexec_fn: there may be threads here."""
        script = 'while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs" || exit; shift; done; shift; exec "$@"'
        return ["sh", "-c", script, "join", *map(str, self._folders.values()), "--"]

    def _find_init(self):
        for pid in self.processes():
            # Before it is that program, unshare is still at work: mounts made then could reach this machine.
            if inside_ids(pid)[1:] == [1] and program(pid) == binaries.pause().name:
                return pid
        return None


def inside_ids(pid):
    """The ids of a process: out here, in the control plane's namespace, and in its container's if it has one."""
    return list(map(int, _status(pid, "NSpid")))


def _status(pid, field):
    """The words of one line of /proc/PID/status; none if the process has gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return line.split()[1:]
    except OSError:
        pass
    return []


def program(pid):
    """The name of the program that a process runs; None if it has gone (or is a zombie, which runs none any more)."""
    try:
        return Path(os.readlink(f"/proc/{pid}/exe")).name
    except OSError:
        return None


def inner(process):
    """The id, as out here, of the program that popen() started; None before it is there or after it has gone."""
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    except OSError:
        children = []
    return int(children[0]) if children else None


def kill(process, number=signal.SIGKILL):
    """Sends a signal to the program that popen() started (one sent to nsenter would not reach it)."""
    pid = inner(process)
    if pid:
        os.kill(pid, number)


def remove_stale_cgroups():
    """What a tier that was killed has left: empty cgroups (nothing else can stay). Young ones may be just coming up."""
    for controllers, point in cgroup_mounts().items():
        for folder in _below_own(point, controllers).glob(PREFIX + "*"):
            if time.time() - folder.stat().st_mtime > 60:
                _remove_cgroup(folder, patience=0)


def _remove_cgroup(folder, patience=5):
    end = time.monotonic() + patience
    while folder.exists():
        for path, _, _ in os.walk(folder, topdown=False):
            try:
                os.rmdir(path)
            except OSError:
                pass  # busy for a moment after its last process
        if time.monotonic() >= end:
            return
        time.sleep(0.02)


def until(condition, seconds, what, every=0.01):
    """Waits for a value that is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(every)
