#!/usr/bin/env python3
"""The diff in the README is the one that the program prints for the demo's files.

usage: readme_test.py PROGRAM ROOT
"""

import difflib
import re
import subprocess
import sys


def main():
    program, root = sys.argv[1:]
    command = [program, "enable", "--root", "node", "--policy", "prod-audit.yaml", "--log", "/var/log/prod-secrets.log"]
    printed = subprocess.run(command + ["--dry-run"], cwd=f"{root}/testdata/demo", check=True, capture_output=True,
                             text=True).stdout
    shown = re.search(r"^```diff\n(.*?)^```$", open(f"{root}/README.md", encoding="utf-8").read(), re.M | re.S).group(1)
    manifest = printed[printed.index("--- a/etc/kubernetes/manifests/"):]
    if manifest == shown:
        print("the README shows what the program prints")
        return 0
    sys.stdout.writelines(difflib.unified_diff(shown.splitlines(True), manifest.splitlines(True), "README.md", "printed"))
    return 1


if __name__ == "__main__":
    sys.exit(main())
