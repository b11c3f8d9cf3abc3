"""Two answers side by side, the exceptions, and the count of everything."""

import collections
import os
import threading
from pathlib import Path

from program import Failed
from reference import difference, minor, place, without_scheme

SHOWN = 20
LISTED = 60

# What may differ, and why. Nothing else may.
#  1. The scheme's name in `no kind "X" is registered … in scheme "…"` names the place where the real program was built
#     (reference.SCHEME). Such errors are compared by verdict only anyway.
#  2. Two keys of one map that become the same text (`yes` and `'true'`, `1` and `'1'`): Go's map order decides, at random
#     and at each load. A difference is excused only if the real code itself, asked again and again, gives different
#     answers for the same bytes, one of them ours (Comparison.random_in_go). Needs the real code at hand; no recorded
#     policy is of this kind (record.py refuses them).
#  3. omitManagedFields before 1.23: the real code has no such decision; `explain` tells what the policy wishes.
#  4. RAW_BYTES: json-iterator (1.22 and earlier) keeps bytes that are no UTF-8, where every later version, and we, print
#     U+FFFD. The verdict is the same.
RAW_BYTES = {"json-bad-utf8-level.json"}
MANAGED_FIELDS_SINCE = 23
LOADS = 64


class Comparison:
    def __init__(self, program, scratch):
        self.program = program
        self.scratch = Path(scratch)
        self.counts = collections.Counter()
        self.differences = 0
        self.files = collections.Counter()  # (what, file) -> differences, over all versions and requests
        self.lock = threading.Lock()
        self.keep = os.environ.get("KAUDIT_KEEP")

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] += number

    def report(self, what, name, version, theirs, ours, content=None):
        with self.lock:
            self.differences += 1
            self.files[what, name.partition(", {")[0]] += 1
            number = self.differences
            if number <= SHOWN:
                print(f"DIFFERENT {name}, {version}: {what}\n  real code: {theirs}\n  ours:      {ours}")
                if content is not None:
                    print(f"  content:   {content[:1500]!r}")
        if self.keep and content is not None:
            os.makedirs(self.keep, exist_ok=True)
            (Path(self.keep) / f"difference-{number:04d}-{version}.yaml").write_bytes(content)

    def verdict(self, kind, name, path, theirs, ours, version, tool=None):
        """Whether lint's answer is the real code's; with a tool (live) excused by chance."""
        self.count(f"{kind}: verdicts")
        if isinstance(ours, Failed):
            self.report("no answer", name, version, theirs, ours, Path(path).read_bytes())
            return False
        if theirs["verdict"] == "panic":
            theirs = {**theirs, "verdict": "refused", "error": "failed decoding: panic"}
        what = difference(theirs, ours, version)
        if what == "another error text" and name in RAW_BYTES and minor(version) < MANAGED_FIELDS_SINCE:
            self.count(f"{kind}: raw bytes in a text of json-iterator")
            return True
        if what and tool and self.random_in_go(tool, path, lambda one: not difference(one, ours, version)):
            self.count(f"{kind}: excused, the real code answers at random")
            return False
        if what:
            shown = {key: ours[key] for key in ("verdict", "server_error", "server_warnings")}
            self.report(what, name, version, theirs, shown, Path(path).read_bytes())
            return False
        if theirs["verdict"] == "refused":
            same = without_scheme(theirs["error"]) == without_scheme(ours["server_error"])
            self.count(f"{kind}: refused, {'the same text' if same else 'in our own words'}")
            if where := place(theirs, ours, version):
                self.count(f"{kind}: {where[0]} of the error {'the same' if where[1] else 'NOT the same (not judged)'}")
        return True

    def random_in_go(self, tool, path, agrees):
        """Whether the real code gives different answers for the same file, and `agrees` with one of them."""
        (first,) = tool.ask([{"file": str(path), "loads": LOADS}])
        others = first.pop("others", [])
        return bool(others) and any(agrees(one) for one in [first, *others])

    def decisions(self, kind, name, path, requests, theirs, version, tool=None):
        self.count(f"{kind}: decisions", len(requests))
        try:
            ours = self.program.explain(path, requests, version)
        except Failed as reason:
            self.report("no decisions", name, version, f"{len(theirs)} decisions", reason, Path(path).read_bytes())
            return
        if len(ours) == len(theirs):  # None: not recorded
            if minor(version) < MANAGED_FIELDS_SINCE:
                theirs = [[*real[:3], None] for real in theirs]
            ours = [[*mine[:3], mine[3] if real[3] is not None else None] for mine, real in zip(ours, theirs)]
        if ours == theirs:
            return
        if tool:
            (first,) = tool.ask([{"file": str(path), "requests": requests, "loads": LOADS}])
            others = [one.get("decisions") for one in first.pop("others", [])]
            if others and ours in [first.get("decisions"), *others]:
                self.count(f"{kind}: excused, the real code answers at random")
                return
        if len(ours) != len(theirs):
            self.report("decisions", name, version, f"{len(theirs)} decisions", f"{len(ours)} decisions")
            return
        for request, right, wrong in zip(requests, theirs, ours):
            if right != wrong:
                self.report("decision", f"{name}, {request}", version, right, wrong, Path(path).read_bytes())

    def linted(self, kind, files, version):
        """{path: result} of lint over the files, with its count."""
        results = self.program.lint(files, version)
        self.count(f"{kind}: files × versions", len(files))
        return dict(zip(files, results))

    def conclude(self):
        for what in sorted(self.counts):
            print(f"{self.counts[what]:9d}  {what}")
        hidden = self.differences - SHOWN
        if hidden > 0:
            print(f"and {hidden} differences more (KAUDIT_KEEP=FOLDER keeps the policy of each)")
        for (what, name), number in self.files.most_common(LISTED):
            print(f"{number:9d} different: {name}: {what}")
        print(f"{self.differences} differences")
        return 1 if self.differences else 0


def newest_first(versions):
    return sorted(versions, key=minor, reverse=True)
