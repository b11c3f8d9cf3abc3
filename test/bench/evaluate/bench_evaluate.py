#!/usr/bin/env python3
"""Decisions a second (of processor time) of our evaluator and of kube-apiserver's, on the same policies and requests, in turn.

usage: bench_evaluate.py --ours PROGRAM --scratch DIR [--seconds N] [--rounds N]

The real one is built here from the public module k8s.io/apiserver (go.mod); without Go only ours is measured. It never
judges how fast they are, but both must decide alike. The fastest of all rounds counts: noise only adds.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import policies  # noqa: E402
from tables import head, row  # noqa: E402

CASES = [("cluster, 10 rules", policies.cluster(), 100), ("security, 10 rules", policies.security(), 100),
         ("generated, 10 rules", policies.generated(10, 1), 10), ("generated, 100 rules", policies.generated(100, 1), 100),
         ("generated, 10,000 rules", policies.generated(10_000, 1), 10_000)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ours", required=True)
    parser.add_argument("--scratch", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", default="0.5", help="of one measurement")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def build_real(scratch):
    """Outside the source: the go command writes next to go.mod."""
    if not shutil.which("go"):
        return None
    source = scratch / "real-source"
    source.mkdir(parents=True, exist_ok=True)
    for name in ("main.go", "go.mod", "go.sum"):
        shutil.copy(HERE / name, source)
    subprocess.run(["go", "build", "-p", "1", "-mod=readonly", "-trimpath", "-o", str(scratch / "real"), "."], cwd=source,
                   check=True)
    return scratch / "real"


def measure(program, case, seconds):
    run = subprocess.run([program, *case, seconds], stdout=subprocess.PIPE, check=True, text=True)
    decisions, elapsed, checksum, _ = run.stdout.split()
    return int(decisions) / float(elapsed), checksum


def best(programs, case, options):
    rates = {program: 0.0 for program in programs}
    checksums = set()
    for _ in range(options.rounds):
        for program in programs:
            rate, checksum = measure(program, case, options.seconds)
            rates[program] = max(rates[program], rate)
            checksums.add(checksum)
    if len(checksums) != 1:
        sys.exit(f"they do not decide alike: {case}")
    return list(rates.values())


def main():
    options = arguments()
    options.scratch.mkdir(parents=True, exist_ok=True)
    real = build_real(options.scratch)
    head("policy", "ours, million/s", "ns each", "kube-apiserver's, million/s", "ratio")
    for number, (name, rules, teams) in enumerate(CASES):
        case = [options.scratch / f"policy-{number}.json", options.scratch / f"requests-{number}.tsv"]
        policies.write_policy(case[0], rules)
        policies.write_requests(case[1], teams)
        rates = best([options.ours] + ([real] if real else []), case, options)
        theirs = [f"{rates[1] / 1e6:.3g}", f"{rates[0] / rates[1]:.1f}"] if real else ["Go is not installed", ""]
        row(name, f"{rates[0] / 1e6:.3g}", f"{1e9 / rates[0]:.1f}", *theirs)


main()
