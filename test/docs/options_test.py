#!/usr/bin/env python3
"""Every option of `kaudit enable --help` is in the man page and in the completions of all three shells, and these
name no option that the program does not have.

usage: options_test.py PROGRAM ROOT
"""

import re
import subprocess
import sys

LONG = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])(?![\w-]*\*)")


def options_of_program(program):
    """The long options that start a line's option column in the help text."""
    text = subprocess.run([program, "enable", "--help"], check=True, capture_output=True, text=True).stdout
    column = [re.match(r"\s+((?:-\w|--[a-z-]+)(?:[, ]+--[a-z-]+)*)", line) for line in text.splitlines()]
    found = {name for match in column if match for name in LONG.findall(match.group(1))}
    overall = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    return found | {name for name in LONG.findall(overall) if name == "version"}


def options_of_man_page(text):
    """What `.It Fl -NAME` lines list, and `, Fl -NAME` beside them."""
    rows = [line for line in text.splitlines() if line.startswith(".It Fl")]
    return {name for row in rows for name in re.findall(r"Fl -([a-z][a-z-]*)", row)}


def options_of_bash(text):
    return set(LONG.findall(re.search(r'local options="([^"]*)"', text).group(1)))


def options_of_zsh(text):
    body = text[text.index("_kaudit_enable() {"):text.index("\n}\n")]
    return set(re.findall(r"'\*?--([a-z-]+)=?\[", body)) | set(re.findall(r",--([a-z-]+)\}", body))


def options_of_fish(text):
    rows = [line for line in text.splitlines() if "'not __kaudit_needs_verb'" in line]
    return {name for row in rows for name in re.findall(r" -l ([a-z-]+)", row)}


def main():
    program, root = sys.argv[1:]
    expected = options_of_program(program)
    if len(expected) < 20:
        print(f"only {len(expected)} options read out of the help text: {sorted(expected)}")
        return 1
    places = [("docs/kaudit.1", options_of_man_page), ("docs/completions/kaudit.bash", options_of_bash),
              ("docs/completions/_kaudit", options_of_zsh), ("docs/completions/kaudit.fish", options_of_fish)]
    status = 0
    for path, reader in places:
        named = reader(open(f"{root}/{path}", encoding="utf-8").read())
        for name in sorted(expected ^ named):
            print(f"{path}: --{name} is {'missing' if name in expected else 'no option of the program'}")
            status = 1
    print(f"{len(expected)} options in {len(places)} places: " + ("as they should be" if status == 0 else "see above"))
    return status


if __name__ == "__main__":
    sys.exit(main())
