#!/usr/bin/env python3
"""Reads the tables of docs/ARCHITECTURE.md and says where the code does not keep to them.

usage: includes.py ROOT
"""

import os
import re
import sys

MAX_LINES = 300
LINES_EXCEPTIONS = set()  # stays empty: split the file instead
SYSTEM_FOLDERS = {"sys", "linux", "netinet", "arpa"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)
MODULE_ROW = re.compile(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|$", re.M)
HEADER_ROW = re.compile(r"^\| `([\w./-]+)` \| (anywhere|one file of [^|]*) \|$", re.M)
KNOWS = re.compile(r"kaudit_module\(\s*(\w+)[^)]*?\bKNOWS\b([^)]*?)(?:\bUSES\b[^)]*)?\)", re.S)


def tables(page):
    """The modules with whom each may know, and the third-party headers with the folders they may be used in."""
    modules = {}
    for name, knows in MODULE_ROW.findall(page):
        modules[name] = set() if knows == "–" else set(knows.split(", "))
    headers = {name: set(re.findall(r"`src/(\w+)/`", where)) for name, where in HEADER_ROW.findall(page)}
    return modules, headers


def table_faults(modules, headers):
    """The tables themselves: every name exists, and nobody knows a module that stands below it."""
    if not modules or not headers:
        yield "docs/ARCHITECTURE.md: a table is missing or its form has changed"
    above = set()
    for module, knows in modules.items():
        for other in sorted(knows - above):
            yield f"docs/ARCHITECTURE.md: `{module}` knows `{other}`, which does not stand above it"
        above.add(module)


def code_files(root):
    for top in ("include/kaudit", "src"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp", ".h", ".c")):
                    path = os.path.join(folder, name)
                    yield os.path.relpath(path, root), open(path, encoding="utf-8").read()


def module_of(path):
    """include/kaudit/text/source.hpp and src/text/source.cpp belong to `text`."""
    parts = path.split("/")
    return parts[2] if parts[0] == "include" else parts[1]


def own_include_fault(root, path, module, target, allowed):
    if target.startswith("kaudit/"):
        other = target.split("/")[1]
        if other != module and other not in allowed:
            return f"`{module}` may not know `{other}`"
    elif "/" in target or not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
        return "a private header is included by name, from its own folder only"
    return None


def foreign_include_fault(module, target, headers):
    for prefix, modules in headers.items():
        if target == prefix or (prefix.endswith("/") and target.startswith(prefix)):
            return f"only `{'`, `'.join(sorted(modules))}` may include it" if modules and module not in modules else None
    if "/" in target and target.split("/")[0] not in SYSTEM_FOLDERS:
        return "a package that docs/ARCHITECTURE.md does not list"
    return None


def faults(root):
    modules, headers = tables(open(os.path.join(root, "docs/ARCHITECTURE.md"), encoding="utf-8").read())
    yield from table_faults(modules, headers)
    users = {}
    for path, text in code_files(root):
        module = module_of(path)
        if module not in modules:
            yield f"{path}: module `{module}` is not in the table"
            continue
        lines = text.count("\n")
        if lines > MAX_LINES and path not in LINES_EXCEPTIONS:
            yield f"{path}: {lines} lines; the limit is {MAX_LINES}"
        for match in INCLUDE.finditer(text):
            own, foreign = match.groups()
            where = f"{path}:{text.count(chr(10), 0, match.start(0)) + 1}: {own or foreign}"
            fault = (own_include_fault(root, path, module, own, modules[module]) if own
                     else foreign_include_fault(module, foreign, headers))
            if fault:
                yield f"{where}: {fault}"
            for prefix in headers:
                if foreign and headers[prefix] and (foreign == prefix or foreign.startswith(prefix)):
                    users.setdefault((prefix, module), set()).add(path)
    for (prefix, module), paths in users.items():
        if len(paths) > 1:
            yield f"<{prefix}> is included by {len(paths)} files of `{module}`, one may: {', '.join(sorted(paths))}"
    yield from link_faults(root, modules)


def link_faults(root, modules):
    """What src/*/CMakeLists.txt links is what the table allows."""
    for module in modules:
        path = f"src/{module}/CMakeLists.txt"
        full = os.path.join(root, path)
        if not os.path.exists(full):
            yield f"{path}: missing"
            continue
        for name, knows in KNOWS.findall(open(full, encoding="utf-8").read()):
            for other in sorted(set(knows.split()) - modules.get(name, set())):
                yield f"{path}: `{name}` may not know `{other}`"


def main():
    found = list(faults(sys.argv[1]))
    print("\n".join(found) if found else "every include is one that docs/ARCHITECTURE.md allows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
