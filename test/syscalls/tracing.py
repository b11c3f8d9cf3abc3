"""Runs of the program under strace: what it asked the kernel for, and what it does when the kernel says no."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing

# Everything that touches a file system. Memory, signals, time and the process's own life are left out.
CALLS = ["open", "openat", "read", "pread64", "readv", "write", "pwrite64", "writev", "close", "fstat", "stat", "lstat",
         "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat2", "readlink", "readlinkat", "getdents64",
         "lseek", "ioctl", "fcntl", "flock", "fsync", "fdatasync", "syncfs", "ftruncate", "truncate", "rename",
         "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "symlink",
         "symlinkat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "lchown",
         "getxattr", "lgetxattr", "fgetxattr", "setxattr", "lsetxattr", "fsetxattr", "listxattr", "llistxattr",
         "flistxattr", "removexattr", "fremovexattr", "utimensat", "copy_file_range", "sendfile", "openat2"]
TRACE = "trace=" + ",".join("?" + name for name in CALLS)

_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")


@dataclass
class Call:
    """One system call as strace printed it."""
    name: str
    text: str      # arguments and result
    nth: int       # the how-many-th of its name, from 1

    def ok(self):
        return not re.search(r"= -1 E", self.text)


def available():
    """Why strace cannot be used here; empty if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    probe = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "trace=none", "true"], capture_output=True,
                           check=False)
    return "" if probe.returncode == 0 else "this machine does not let strace trace: " + probe.stderr.decode().strip()


def traced(words, log, *options):
    """The program under strace, its calls written to `log` with the paths of descriptors."""
    command = ["strace", "-qq", "-f", "-y", "-s", "256", "-o", log, "-e", TRACE, *options, testing.program(),
               *map(str, words)]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, env=environment,
                          check=False)


def calls_in(log):
    """The calls of a log, numbered by name."""
    seen = {}
    calls = []
    for line in Path(log).read_text(errors="replace").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        name = match.group(1)
        seen[name] = seen.get(name, 0) + 1
        calls.append(Call(name, match.group(2), seen[name]))
    return calls


def with_fault(words, call, fault):
    """The program with one call tampered with: `fault` is `error=EIO` or `signal=KILL`."""
    # --seccomp-bpf: the kernel stops the program at calls of this name only, not at every one; signals do not come then.
    quick = ["--seccomp-bpf"] if fault.startswith("error=") else []
    command = ["strace", "-qq", "-f", *quick, "-o", "/dev/null", "-e", f"trace={call.name}", "-e",
               f"inject={call.name}:{fault}:when={call.nth}", testing.program(), *map(str, words)]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, env=environment,
                          check=False)
