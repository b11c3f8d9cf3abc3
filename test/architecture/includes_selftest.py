#!/usr/bin/env python3
"""Shows that includes.py can fail: plants one fault at a time in a copy of the code and looks for its name.

usage: includes_selftest.py ROOT
"""

import os
import shutil
import sys
import tempfile

import includes

# What is planted where, and the words that must come out.
FAULTS = [
    ("src/decode/planted.cpp", '#include "kaudit/yaml/document.hpp"\n', "`decode` may not know `yaml`"),
    ("include/kaudit/rollout/planted.hpp", '  #  include "kaudit/patch/plan.hpp"\n', "`rollout` may not know `patch`"),
    ("src/patch/planted.cpp", "#include <yaml-cpp/yaml.h>\n", "only `yaml` may include it"),
    ("src/decode/planted.cpp", "#include <openssl/sha.h>\n", "only `host` may include it"),
    ("src/text/planted.cpp", "#include <boost/any.hpp>\n", "a package that docs/ARCHITECTURE.md does not list"),
    ("src/text/planted.cpp", '#include "../base/error.hpp"\n', "from its own folder only"),
    ("src/text/planted.cpp", "// a line\n" * 301, "301 lines; the limit is 300"),
    ("src/surprise/planted.cpp", "\n", "module `surprise` is not in the table"),
    ("src/decode/CMakeLists.txt", "kaudit_module(decode SOURCES a.cpp KNOWS base yaml USES x)\n", "`decode` may not know `yaml`"),
]


def copy_of(root, folder):
    for part in ("include", "src", "docs"):
        shutil.copytree(os.path.join(root, part), os.path.join(folder, part))


def outcome(root, path, text, words):
    """None when the planted fault is the one that is found."""
    with tempfile.TemporaryDirectory() as folder:
        copy_of(root, folder)
        before = set(includes.faults(folder))
        planted = os.path.join(folder, path)
        os.makedirs(os.path.dirname(planted), exist_ok=True)
        with open(planted, "w", encoding="utf-8") as file:
            file.write(text)
        new = set(includes.faults(folder)) - before
        return None if any(words in fault and path in fault for fault in new) else f"{path}: not found: {words}; {new}"


def two_files(root):
    """The same package in two files of one module."""
    with tempfile.TemporaryDirectory() as folder:
        copy_of(root, folder)
        for name in ("one", "two"):
            with open(os.path.join(folder, f"src/report/{name}.cpp"), "w", encoding="utf-8") as file:
                file.write("#include <nlohmann/json.hpp>\n")
        found = [fault for fault in includes.faults(folder) if fault.startswith("<nlohmann/>")]
        return None if found else "two files of `report` include <nlohmann/>: not found"


def main():
    root = sys.argv[1]
    missed = [miss for miss in [outcome(root, *fault) for fault in FAULTS] + [two_files(root)] if miss]
    print("\n".join(missed) if missed else f"all {len(FAULTS) + 1} planted faults were found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
