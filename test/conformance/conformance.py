#!/usr/bin/env python3
"""conformance.py PROGRAM recorded | live [--build FOLDER]: our lint and explain against kube-apiserver's own code.

recorded: against what the real code said of testdata/policies (answers.jsonl, decisions.jsonl, recorded by record.py)
and, where ../shared is (KAUDIT_SHARED names it), of its policies. Needs no Go.

live: both sides run now. go/ is built for each version of modules/ into FOLDER (build.sh). The same files, then policies
by grammar and mutated copies of real ones, each with a few requests, then decisions in the mass:

    KAUDIT_PAIRS      policies × versions    [4000]     the full length: 20000 or more
    KAUDIT_DECISIONS  decisions              [100000]   the full length: 1000000 or more
    KAUDIT_SEED       seed                   [1]
    KAUDIT_VERSIONS   versions, with spaces, or "all" of modules/ [0.37.2 0.33.13 0.26.15 0.20.15]. The first build of
                      all ten takes five minutes on two busy cores, later ones seconds
    KAUDIT_KEEP       folder that keeps the policy of each difference

Prints the counts and every difference (the first 20 in full). Status 1: a difference. 77: skipped, with the reason.
"""

import argparse
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import generate
import reference
from compare import Comparison, newest_first
from program import Program

HERE = Path(__file__).resolve().parent
WORKERS = 2
REQUESTS_A_FILE = 12
REQUESTS_A_POLICY = 2000
# One for each way of answering: group "*" and JSON in texts; Go syntax in texts and strict warnings; the first with them;
# none of it, and v1beta1. The other six of modules/ are in the record.
VERSIONS = ("0.37.2", "0.33.13", "0.26.15", "0.20.15")


def compare_recorded(run):
    files = reference.recorded(reference.ANSWERS)
    run_files(run, "own", reference.ADVERSARIAL, files)
    run_decisions(run, "own", reference.recorded_decisions())
    cases = reference.SHARED / "policy-cases"
    if not cases.is_dir():
        print(f"without {cases}, which is not there (KAUDIT_SHARED names the folder above it)")
        return
    run_files(run, "shared adversarial", cases / "adversarial", reference.recorded(cases / "verdicts-adversarial.jsonl"))
    run_files(run, "shared corpus", reference.SHARED / "corpus", reference.recorded(cases / "verdicts-corpus.jsonl"))
    run_decisions(run, "shared", reference.shared_decisions())


def run_files(run, kind, folder, files):
    versions = newest_first({version for _, answers in files for version in answers})

    def one(version):
        paths = {name: folder / name for name, answers in files if version in answers}
        ours = run.linted(kind, list(paths.values()), version)
        for name, answers in files:
            if name in paths:
                run.verdict(kind, name, paths[name], answers[version], ours[paths[name]], version)

    in_parallel(one, versions)
    run.count(f"{kind}: files", len(files))


def run_decisions(run, kind, policies):
    def one(numbered):
        number, (name, policy, requests, answers) = numbered
        if not answers:
            return
        path = run.scratch / f"{kind}-{number}"
        path.write_bytes(policy)
        # Versions that decide alike were recorded together: the newest and the oldest of each such group.
        groups = {}
        for version in newest_first(answers):
            groups.setdefault(repr(answers[version]), []).append(version)
        for versions in groups.values():
            for version in {versions[0], versions[-1]}:
                run.decisions(kind, name, path, requests, answers[version], version)
        run.count(f"{kind}: policies decided")

    in_parallel(one, enumerate(policies))


def in_parallel(work, items):
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(work, items):
            pass


def number(name, default):
    return int(os.environ.get(name, default))


def compare_live(run, build):
    versions = os.environ.get("KAUDIT_VERSIONS", "").split() or VERSIONS
    if versions == ["all"]:
        versions = reference.pinned_versions()
    started = time.monotonic()
    status = subprocess.run([HERE / "build.sh", build, *versions], check=False).returncode
    if status:
        return status
    print(f"built for {' '.join(versions)} in {time.monotonic() - started:.0f} s")
    tools = reference.tools(build, versions)
    compare_record_with_tools(run, tools)
    chance = random.Random(number("KAUDIT_SEED", 1))
    live_files(run, tools, chance, number("KAUDIT_PAIRS", 4000))
    live_decisions(run, tools, chance, number("KAUDIT_DECISIONS", 100000))
    return 0


def compare_record_with_tools(run, tools):
    """The record is what the tools say, so that it does not grow old."""
    files = reference.recorded(reference.ANSWERS)
    for tool in tools:
        theirs = tool.ask([{"file": str(reference.ADVERSARIAL / name)} for name, _ in files])
        for (name, answers), answer in zip(files, theirs):
            run.count("record: answers checked")
            old, new = dict(answers[tool.version]), dict(answer)
            for one in (old, new):
                one["error"] = reference.without_scheme(one.get("error"))
            if old != new:
                run.report("the record is old: run record.py", name, tool.version, new, old)


def originals():
    """(real policies or what comes near them, hard ones), small enough that a mutation shows."""

    def read(folder):
        contents = [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []
        return [content for content in contents if 0 < len(content) < 20000]

    hard = read(reference.ADVERSARIAL) + read(reference.SHARED / "policy-cases" / "adversarial")
    real = read(reference.SHARED / "corpus" / "policies") + read(reference.SHARED / "corpus" / "policies-templates")
    chance = random.Random(2)
    return real + [generate.policy(chance, 0) for _ in range(30)], hard


def live_files(run, tools, chance, pairs):
    count = -(-pairs // len(tools))
    real, hard = originals()
    folder = run.scratch / "live"
    folder.mkdir()
    files = []
    for i in range(count):
        if i % 2:
            kind, content = "mutated", generate.mutate(chance, real if i % 4 == 1 else hard)
        else:
            kind, content = "generated", generate.policy(chance, chance.choice([0, 0, 0.01, 0.02, 0.05, 0.2]))
        path = folder / f"{i:06d}-{kind}.yaml"
        path.write_bytes(content)
        files.append((path, generate.requests(chance, content, REQUESTS_A_FILE)))

    def one(numbered):
        at, tool = numbered
        paths = [path for path, _ in files]
        theirs = tool.ask([{"file": str(path), "requests": requests} for path, requests in files])
        ours = run.linted("live", paths, tool.version)
        for i, ((path, requests), answer) in enumerate(zip(files, theirs)):
            decided = answer.pop("decisions", [])
            run.count(f"live: {answer['verdict']} by the real code")
            good = run.verdict("live", path.name, path, answer, ours[path], tool.version, tool)
            # Each file's decisions at one version: they show that it was read alike, too.
            if good and decided and i % len(tools) == at:
                run.decisions("live", path.name, path, requests, decided, tool.version, tool)

    in_parallel(one, enumerate(tools))


def live_decisions(run, tools, chance, decisions):
    jobs = []
    for i in range(-(-decisions // REQUESTS_A_POLICY)):
        content = generate.policy(chance, 0, chance.choice([1, 3, 10, 10, 30, 100]))
        path = run.scratch / f"decisions-{i:06d}"
        path.write_bytes(content)
        jobs.append((path, chance.choice(tools), chance.randrange(1 << 30)))

    def one(job):
        path, tool, seed = job
        requests = generate.requests(random.Random(seed), path.read_bytes(), REQUESTS_A_POLICY)
        (answer,) = tool.ask([{"file": str(path), "requests": requests}])
        if answer["verdict"] != "accepted":
            run.report("the grammar made a policy that is refused", path.name, tool.version, answer, "", path.read_bytes())
            return
        run.decisions("live, in the mass", path.name, path, requests, answer["decisions"], tool.version, tool)

    in_parallel(one, jobs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("mode", choices=["recorded", "live"])
    parser.add_argument("--build", help="where live builds the real code [a folder in the user's cache]")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kaudit-conformance-") as scratch:
        run = Comparison(Program(os.path.abspath(options.program)), scratch)
        if options.mode == "recorded":
            compare_recorded(run)
        else:
            cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kaudit-conformance"
            status = compare_live(run, options.build or cache)
            if status:
                return status
        status = run.conclude()
    print(f"{time.monotonic() - started:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
