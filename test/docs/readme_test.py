#!/usr/bin/env python3
"""What the README shows of the program is what it prints for the demo's files: the diff, and every console block.

usage: readme_test.py PROGRAM ROOT
"""

import difflib
import re
import shlex
import subprocess
import sys

ENABLE = "enable --root node --policy prod-audit.yaml --log /var/log/prod-secrets.log --dry-run"


def printed_by(program, root, words):
    return subprocess.run([program, *words], cwd=f"{root}/testdata/demo", check=False, capture_output=True,
                          text=True).stdout


def blocks(readme, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", readme, re.M | re.S)


def pairs(program, root, readme):
    """What is shown, and what is printed."""
    diff = printed_by(program, root, ENABLE.split())
    for shown in blocks(readme, "diff"):
        yield shown, diff[diff.index("--- a/etc/kubernetes/manifests/"):]
    for block in blocks(readme, "console"):
        command, shown = re.fullmatch(r"\$ kaudit ([^\n]*)\n(.*)", block, re.S).groups()
        yield shown, printed_by(program, root, shlex.split(command))


def main():
    program, root = sys.argv[1:]
    readme = open(f"{root}/README.md", encoding="utf-8").read()
    found = list(pairs(program, root, readme))
    for shown, printed in found:
        sys.stdout.writelines(difflib.unified_diff(shown.splitlines(True), printed.splitlines(True), "README.md", "printed"))
    if len(found) < 3:
        print(f"only {len(found)} outputs found in the README")
    if len(found) < 3 or any(shown != printed for shown, printed in found):
        return 1
    print(f"the README shows what the program prints, {len(found)} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
