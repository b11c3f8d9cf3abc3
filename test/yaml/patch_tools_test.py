"""The diffs apply, forwards and backwards, with the tools that people use: patch -p1 and git apply."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COUNT = 600


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def run(command, folder, diff):
    # No configuration of the machine, and no repository above, gets a say.
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CEILING_DIRECTORIES": str(folder.parent),
           "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    done = subprocess.run(command, cwd=folder, stdin=diff.open("rb"), env=env, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")


def check(tool, forward, backward, root):
    if shutil.which(forward[0]) is None:
        print(f"{tool}: not installed, skipped")
        return False
    work = root / tool
    shutil.copytree(root / "before", work)
    for command, wanted in ((forward, root / "after"), (backward, root / "before")):
        run(command, work, root / "all.diff")
        found, expected = contents(work), contents(wanted)
        wrong = sorted(name for name in expected if found.get(name) != expected[name])
        if wrong or found.keys() != expected.keys():
            sys.exit(f"{' '.join(command)}: other bytes in {wrong[:10]}, files {sorted(found.keys() ^ expected.keys())}")
    print(f"{tool}: {len(contents(work))} files, forwards and backwards")
    return True


def main():
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        subprocess.run([sys.argv[1], str(root), str(COUNT)], check=True)
        if len(contents(root / "before")) < COUNT * 9 // 10:
            sys.exit("too few samples")
        patch = ["patch", "-p1", "--quiet", "--fuzz=0", "--no-backup-if-mismatch"]
        git = ["git", "apply", "--whitespace=nowarn", "--unidiff-zero"]
        tested = [check("patch", patch, patch + ["-R"], root), check("git", git, git + ["-R"], root)]
    if not any(tested):
        sys.exit(77)


if __name__ == "__main__":
    main()
