"""Is the floor a floor of the same height? Compares what the program and floor.c do to the disk, call by call.

Looked at are, in their order, the calls that change something and the syncs; permissions and reading are not.
"""

import difflib
import re
import shutil
import subprocess

CALLS = "mkdir,mkdirat,open,openat,creat,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,flock"
RUN_ID = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}")
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (\S+)")
DESCRIPTOR = re.compile(r"(?:\d+|AT_FDCWD)<([^>]*)>")
NAME = re.compile(r'"([^"]*)"')


def change_of(line, node):
    """`fsync /var/log` for a call that matters and succeeded, else nothing."""
    match = CALL.match(line)
    if not match or match[3].startswith("-"):
        return None
    call, arguments = match[1], match[2]
    if call.startswith("open") and "O_CREAT" not in arguments:
        return None
    folders, names = DESCRIPTOR.findall(arguments), NAME.findall(arguments)
    if names:
        paths = [name if name.startswith("/") else f"{folder}/{name}" for folder, name in zip(folders, names)]
    else:
        paths = folders[:1]
    if not all(path.startswith(str(node)) for path in paths):
        return None
    shown = " -> ".join(RUN_ID.sub("RUN", path.removeprefix(str(node))) for path in paths)
    return f"{re.sub('(at)?2?$', '', call)} {shown}"


def changes(command, node, log):
    subprocess.run(["strace", "-f", "-y", "-s", "4096", "-o", log, "-e", f"trace={CALLS}", *command],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return list(filter(None, (change_of(line, node) for line in log.read_text().splitlines())))


def check(bench, manifest):
    """One line for the report; ends the program where the floor does not do what the program does."""
    if not shutil.which("strace"):
        return "not checked: strace is not installed"
    seen = []
    for command in (bench.enable(), bench.floor()):
        bench.new_node(manifest)
        seen.append(changes(command, bench.node.resolve(), bench.scratch / "calls.txt"))
    if seen[0] != seen[1]:
        difference = "\n".join(difflib.unified_diff(*seen, "kaudit", "floor", lineterm=""))
        raise SystemExit(f"bench: floor.c does not make the program's writes; bring it up to date\n{difference}")
    syncs = sum(line.startswith("fsync") for line in seen[0])
    return f"the same {len(seen[0])} calls in the same order, {syncs} of them syncs"
