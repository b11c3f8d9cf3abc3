"""Runs `kaudit enable` over every real manifest of the corpus and judges each result by an independent decoder.

A manifest is patched (then the new tree is the old one plus exactly the planned changes, every other byte is still
there, the printed diff makes the same bytes, and a second run changes nothing) or refused with status 3, a position
and a reason (then the whole scratch tree is as it was).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import kaudit_testing as testing  # noqa: E402

try:
    import bytes_kept
    import go_yaml
    import model
except (ImportError, AttributeError) as missing:  # no PyYAML, or one without libyaml
    testing.skip_all(f"PyYAML with libyaml is not installed ({missing})")

# Every refusal, with the code it must have and the rule that calls for it. Anything else in the corpus is patched.
REFUSED = {
    **dict.fromkeys(("007", "073", "074", "104", "161"), ("shell-wrapper", "flags inside a shell string are never edited")),
    "069": ("json-syntax", "a shell wrapper, in a file that starts with `{` and is no JSON: the kubelet does not read it"),
    **dict.fromkeys(("046", "052"), ("several-documents", "several documents")),
    "067": ("key-without-value", "mountPath is `{NAME}`, a map: the kubelet cannot decode the pod"),
    "120": ("unknown-audit-flag", "--audit-dynamic-configuration is gone since 1.19: kube-apiserver would not start"),
}

# Patched, because our change does not make them any worse, but never without saying why the kubelet would not follow.
WARNED = {**dict.fromkeys(("079", "081", "112"), "fixed-uid"), "108": "incomplete-volume"}
PATCHED_AT_LEAST = 88

# A second judge where there is one: the path of the program that test/reference/run.sh builds.
REFERENCE = os.environ.get("KAUDIT_REFERENCE")

MODES = {
    "file": ([], testing.LOG, False),
    "directory": (["--log-volume", "directory"], testing.LOG, True),
    "stdout": ([], "-", False),
}


def version_option(content):
    """`--kubernetes-version 1.30` where the image's tag is older than what the program knows (1.20)."""
    tag = re.search(rb"(?:apiserver|hyperkube)[^\s:\"']*:v?(\d+)\.(\d+)", content)
    old = tag and (int(tag[1]), int(tag[2])) < (1, 20)
    return ["--kubernetes-version", "1.30"] if old else []


def kubernetes_itself(content):
    """The same, read by Kubernetes' own code: the Go program of test/reference."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        said = json.loads(subprocess.run([REFERENCE, file.name], capture_output=True, check=True).stdout)
    if said.get("error"):
        raise ValueError(f"Kubernetes does not read it: {said['error']}")
    return go_yaml.decode(said["json"].encode())


class Case:
    """Stands in for a unittest case: a node's clean-up is done when this one is."""

    def __init__(self):
        self.cleanups = []

    def addCleanup(self, function, *arguments):  # noqa: N802 (unittest's name)
        self.cleanups.append((function, arguments))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for function, arguments in reversed(self.cleanups):
            function(*arguments)


def judge_patched(node, outcome, old, mode, again):
    new = node.manifest.read_bytes()
    _, log, directory = MODES[mode]
    wish = model.Wish("/" + testing.POLICY, testing.sha256(testing.POLICY_TEXT), log, directory)
    if old == new:
        return ["status 0, but nothing was written"]
    for decode in (go_yaml.decode, *([kubernetes_itself] if REFERENCE else [])):
        found = model.problems(decode(old), decode(new), wish)
        if found:
            return [f"{decode.__name__}: {problem}" for problem in found]
    found += bytes_kept.problems(old, new, wish)
    with tempfile.TemporaryDirectory() as scratch:
        found += bytes_kept.diff_problems(old, new, outcome.stdout_bytes, wish, testing.MANIFEST, Path(scratch))
    if node.installed_policy.read_text() != testing.POLICY_TEXT:
        found.append("the installed policy differs")
    before = testing.snapshot(node.root)
    second = again()
    found += testing.differences(before, testing.snapshot(node.root))
    if second.status != 0:
        found.append(f"second run: {second}")
    return found + taken_out(node, old)


def has_audit_flags(content):
    return re.search(rb"--audit[-_]", content) is not None


def taken_out(node, old):
    """`disable` gives the old bytes back: once from the stored run, once, without it, by a plan of its own. Where there
    were audit flags before, none is left."""
    enabled = node.manifest.read_bytes()
    found = []
    for stored in (True, False):
        node.manifest.write_bytes(enabled)
        if not stored:
            shutil.rmtree(node.state)
        outcome = testing.run("disable", "--root", node.root)
        new = node.manifest.read_bytes()
        if outcome.status != 0:
            found.append(f"disable: {outcome}")
        elif has_audit_flags(old):
            found += ["disable left an audit flag"] if has_audit_flags(new) else []
        elif new != old:
            found.append(f"disable, run {'stored' if stored else 'gone'}: other bytes than before")
    return found


def judge_refused(node, outcome, before):
    found = testing.differences(before, testing.snapshot(node.root))
    if not re.search(r"kube-apiserver\.yaml:\d+:\d+: ", outcome.stderr.splitlines()[0] if outcome.stderr else ""):
        found.append(f"no file:line:column in the first line: {outcome.stderr!r}")
    if outcome.stdout:
        found.append(f"a refusal printed to stdout: {outcome.stdout!r}")
    return found


def run_one(path, mode, timeout=20):
    """(verdict, list of problems, reason) of one file."""
    content = path.read_bytes()
    options, log, _ = MODES[mode]
    with Case() as case:
        node = testing.Node(case, content)
        before = testing.snapshot(node.root)

        def again():
            return node.enable(*options, *version_option(content), log=log, timeout=timeout)

        outcome = again()
        if outcome.status == 0:
            wanted = WARNED.get(path.stem)
            silent = [f"no warning [{wanted}]"] if wanted and f"[{wanted}]" not in outcome.stderr else []
            return "patched", judge_patched(node, outcome, content, mode, again) + silent, ""
        reason = outcome.stderr.strip().splitlines()[0].replace(str(node.root), "") if outcome.stderr else ""
        if outcome.status == 3:
            return "refused", judge_refused(node, outcome, before), reason
        return "failed", [f"status {outcome.status}: {outcome.stderr}"], reason


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--mode", choices=MODES, default="file")
    parser.add_argument("--only", nargs="*", help="stems of the files to run")
    options = parser.parse_args()
    testing.use_program(options.program)
    folder = testing.SHARED / "corpus/manifests"
    if not folder.is_dir():
        testing.skip_all(f"no corpus at {folder} (set KAUDIT_SHARED)")
    count, wrong, refused = Counter(), [], {}
    for path in sorted(folder.iterdir()):
        if options.only and path.stem not in options.only:
            continue
        verdict, found, reason = run_one(path, options.mode)
        count[verdict] += 1
        if verdict == "refused":
            refused[path.stem] = reason
        if found:
            wrong.append(path.name)
            print(f"WRONG {path.name} ({verdict}):", *found, sep="\n    ")
    for name, reason in refused.items():
        print(f"refused {name}: {reason}\n    rule: {REFUSED.get(name, ('', 'none'))[1]}")
    print(f"{options.mode}: {sum(count.values())} manifests, {dict(count)}, {len(wrong)} wrong")
    if options.only:
        sys.exit(1 if wrong else 0)
    sys.exit(bars(count, refused, wrong))


def bars(count, refused, wrong):
    """0 when exactly the files that a rule calls for are refused, each for its rule, and nothing is wrong."""
    failures = [f"wrong: {' '.join(wrong)}"] if wrong else []
    for name in sorted(refused.keys() | REFUSED.keys()):
        code, rule = REFUSED.get(name, ("", "no rule calls for it"))
        if name not in refused:
            failures.append(f"{name} is not refused, although: {rule}")
        elif f"[{code}]" not in refused[name]:
            failures.append(f"{name} is refused, wanted {code or 'patched'}: {refused[name]}")
    if count["patched"] < PATCHED_AT_LEAST:
        failures.append(f"only {count['patched']} patched, wanted {PATCHED_AT_LEAST}")
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    main()
