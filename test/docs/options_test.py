#!/usr/bin/env python3
"""Every option of every verb's --help is in the man page and in the completions of all three shells, and these name no
option that the verb does not have. Every verb is completed, too, and so is every code that --ignore takes.

usage: options_test.py PROGRAM ROOT
"""

import re
import subprocess
import sys

LONG = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])(?![\w-]*\*)")
FEWEST = {"enable": 28, "rollback": 16, "status": 11, "verify": 12, "disable": 17, "lint": 8, "explain": 10}  # that no help text is read as an empty one


def help_of(program, *words):
    return subprocess.run([program, *words, "--help"], check=True, capture_output=True, text=True).stdout


def verbs_of_program(program):
    lines = help_of(program).split("Verbs:\n")[1].split("\n\n")[0].splitlines()
    return [match.group(1) for match in (re.match(r"  ([a-z]+) ", line) for line in lines) if match]


def options_of_program(program, verb):
    """The long options that start a line's option column in the help text."""
    text = help_of(program, verb)
    column = [re.match(r"\s+((?:-\w|--[a-z-]+)(?:[, ]+--[a-z-]+)*)", line) for line in text.splitlines()]
    return {name for match in column if match for name in LONG.findall(match.group(1))}


def options_of_man_page(text, verb):
    """What `.It Fl -NAME` lines list, and `, Fl -NAME` beside them, in the verb's own section."""
    section = text.split(".Sh " + {"enable": "OPTIONS"}.get(verb, verb.upper()) + "\n")[1].split("\n.Sh ")[0]
    rows = [line for line in section.splitlines() if line.startswith(".It Fl")]
    return {name for row in rows for name in re.findall(r"Fl -([a-z][a-z-]*)", row)}


def options_of_bash(text, verb):
    body = text[text.index(f"_kaudit_{verb}_word() {{"):]
    return set(LONG.findall(re.search(r'local options="([^"]*)"', body).group(1)))


def options_of_zsh(text, verb):
    body = text[text.index(f"_kaudit_{verb}() {{"):]
    body = body[:body.index("\n}\n")]
    return set(re.findall(r"'(?:\*|\([^)]*\))?--([a-z-]+)=?\[", body)) | set(re.findall(r",--([a-z-]+)=?\}", body))


def options_of_fish(text, verb):
    rows = [line for line in text.splitlines() if f"'__kaudit_verb {verb}'" in line]
    return {name for row in rows for name in re.findall(r" -l ([a-z-]+)", row)}


PLACES = [("docs/kaudit.1", options_of_man_page, r"(?m)^\.Cm {}$"),
          ("docs/completions/kaudit.bash", options_of_bash, r'compgen -W "[a-z ]*\b{}\b'),
          ("docs/completions/_kaudit", options_of_zsh, r"'1:verb:.*\b{}\\:"),
          ("docs/completions/kaudit.fish", options_of_fish, r"-n __kaudit_needs_verb -a {} ")]


def codes_of_program(program):
    """What --ignore takes, as the program says it to somebody who guesses wildly."""
    said = subprocess.run([program, "enable", "--ignore", "0"], capture_output=True, text=True, check=False).stderr
    return re.search(r"there are: (.*)", said).group(1).split(", ")


def faults(program, root):
    for path, _, _ in PLACES:
        text = open(f"{root}/{path}", encoding="utf-8").read()
        for code in codes_of_program(program):
            if not re.search(rf"(?<![\w-]){code}(?![\w-])", text):
                yield f"{path}: the code {code} of --ignore is missing"
    for path, reader, verb_pattern in PLACES:
        text = open(f"{root}/{path}", encoding="utf-8").read()
        for verb in verbs_of_program(program):
            expected, named = options_of_program(program, verb), reader(text, verb)
            for name in sorted(expected ^ named):
                yield f"{path}: {verb} --{name} is {'missing' if name in expected else 'no option of the program'}"
            if not re.search(verb_pattern.format(verb), text):
                yield f"{path}: the verb {verb} is missing"


def main():
    program, root = sys.argv[1:]
    verbs = verbs_of_program(program)
    few = [verb for verb, least in FEWEST.items() if verb not in verbs or len(options_of_program(program, verb)) < least]
    found = [f"too little read out of the help text of {verb}" for verb in few] + list(faults(program, root))
    print("\n".join(found) if found else f"the options of {', '.join(verbs)} are in {len(PLACES)} places")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
