"""Golden cases: directories of real bytes under testdata/golden, see testdata/README.md.

    golden_test.py KAUDIT [--only CASE…]        compares
    KAUDIT_UPDATE=1 golden_test.py KAUDIT …     writes want.* from what the program does now: read them before you commit
"""

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402

UPDATE = os.environ.get("KAUDIT_UPDATE") == "1"
LEAST_CASES = 45


class Cleanups:
    def __init__(self):
        self.actions = []

    def addCleanup(self, function, *arguments):  # noqa: N802 (unittest's name)
        self.actions.append((function, arguments))

    def run(self):
        for function, arguments in reversed(self.actions):
            function(*arguments)


class Case:
    def __init__(self, folder, cleanups):
        self.folder = folder
        self.node = testing.Node(cleanups, skeleton=folder / "in")
        if not (folder / "in/var").exists():
            (self.node.root / "var/log/syslog").write_text("a log of somebody else\n")
        for path in self.node.root.rglob("*"):
            path.chmod(0o700 if path.is_dir() or path.parent.name == "sbin" else 0o600)
        verb = folder / "verb"
        self.verb = verb.read_text().strip() if verb.exists() else "enable"
        self.arguments = [self.filled(line) for line in (folder / "args").read_text().splitlines() if line]

    def filled(self, text):
        return text.replace("{root}", str(self.node.root)).replace("{golden}", str(testing.GOLDEN))

    def neutral(self, text):
        return text.replace(str(self.node.root), "{root}").replace(str(testing.GOLDEN), "{golden}")

    def run(self, *extra):
        return testing.run(self.verb, "--root", self.node.root, *self.arguments, *extra)

    def want(self, name):
        path = self.folder / name
        return path.read_bytes() if path.exists() else b""


def diff_of(stdout):
    """The diff in what a run printed: from its first header on."""
    found = re.search(rb"^--- (?:a/|/dev/null)", stdout, re.MULTILINE)
    return stdout[found.start():] if found else b""


def check(folder):
    """Everything that is wrong with one case, as lines."""
    cleanups = Cleanups()
    try:
        case = Case(folder, cleanups)
        before = testing.snapshot(case.node.base)
        dry = case.run("--dry-run")
        found = [f"the dry run wrote: {line}" for line in testing.differences(before, testing.snapshot(case.node.base))]
        seen = {"want.diff": diff_of(dry.stdout_bytes), "want.err": case.neutral(dry.stderr).encode(),
                "want.status": b"" if dry.status == 0 else f"{dry.status}\n".encode()}
        found += update(folder, seen) if UPDATE else compare(case, seen)
        return found + (patched(case) if dry.status == 0 else refused(case, before, dry))
    finally:
        cleanups.run()


def update(folder, seen):
    for name, content in seen.items():
        (folder / name).unlink(missing_ok=True)
        if content:
            (folder / name).write_bytes(content)
    return []


def compare(case, seen):
    found = []
    for name, content in seen.items():
        want = case.want(name)
        if want != content:
            lines = difflib.unified_diff(want.decode("utf-8", "replace").splitlines(), content.decode("utf-8", "replace").splitlines(),
                                         name, "seen", lineterm="")
            found += [f"{name} differs:", *lines]
    return found


def refused(case, before, dry):
    """The real run refuses in the same words and leaves everything as it was."""
    real = case.run()
    found = testing.differences(before, testing.snapshot(case.node.base))
    if (real.status, real.stderr) != (dry.status, dry.stderr):
        found.append(f"the real run ends otherwise than the dry run: {real}")
    if dry.stdout_bytes or real.stdout_bytes:
        found.append("a refusal printed to stdout")
    return found


def patched(case):
    """The real run writes what want.diff makes of the old files; the next one has nothing to do."""
    other = case.node.base / "patched"
    shutil.copytree(case.node.root, other)
    found = []
    if case.want("want.diff"):
        done = subprocess.run(["patch", "-s", "-p1", "--no-backup-if-mismatch", "-d", other], input=case.want("want.diff"),
                              capture_output=True, check=False)
        if done.returncode != 0:
            found.append(f"patch does not take want.diff: {(done.stdout + done.stderr).decode()}")
    before = testing.snapshot(case.node.root)
    real = case.run()
    if real.status != 0:
        return found + [f"the real run failed: {real}"]
    if not case.want("want.diff"):
        found += testing.differences(before, testing.snapshot(case.node.root))
    kubernetes = Path("etc/kubernetes")
    for path in sorted({p.relative_to(r) for r in (case.node.root, other) for p in (r / kubernetes).rglob("*") if p.is_file()}):
        contents = [(root / path).read_bytes() if (root / path).exists() else None for root in (case.node.root, other)]
        if contents[0] != contents[1] and not is_private(case, path):
            found.append(f"{path}: what was written is not what the diff makes")
    after = testing.snapshot(case.node.root)
    again = case.run()
    if again.status != 0 or diff_of(again.stdout_bytes):
        found.append(f"the second run finds something: {again}")
    return found + [f"second run: {line}" for line in testing.differences(after, testing.snapshot(case.node.root))]


def is_private(case, path):
    """A webhook configuration is not part of the diff."""
    return "webhook" in path.name and "--webhook-config" in case.arguments


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    testing.use_program(options.program)
    folders = sorted(path.parent for path in testing.GOLDEN.glob("*/args"))
    failed = 0
    for folder in folders:
        if options.only and folder.name not in options.only:
            continue
        found = check(folder)
        if found:
            failed += 1
            print(f"FAILED {folder.name}", *found, sep="\n    ")
    print(f"{len(folders)} golden cases, {failed} failed")
    sys.exit(1 if failed or len(folders) < LEAST_CASES else 0)


if __name__ == "__main__":
    main()
