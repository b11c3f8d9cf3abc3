#!/usr/bin/env python3
"""Measures kaudit and prints the tables of docs/performance.md. It never judges: no threshold, no pass or fail.

usage: bench.py --kaudit PROGRAM --tools DIR --scratch DIR [--part size|start|growth|instructions]… [--runs N] [--layout WORD]

DIR of --tools holds floor, load_dump and measure; the CMake target `bench` builds them and calls this. --scratch is
emptied; put it on the kind of disk that matters. CPU is user and system time of the process, peak its largest resident
set, wall the time from its start to its end. Figures are medians; ratios are medians of the ratios of neighbouring runs,
so that a machine that slows down meanwhile does not move them.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
from statistics import median

import mirror
from growth import growth, instructions
from jobs import Bench
from manifests import MIB, mixed
from tables import head, mib, ms, row

SIZES = [("4 KiB", 4 << 10, 31), ("100 KiB", 100 << 10, 21), ("1 MiB", MIB, 11), ("9.9 MiB", 99 * MIB // 10, 5)]
PARTS = ["size", "start", "growth", "instructions"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kaudit", required=True)
    parser.add_argument("--tools", required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--runs", type=int, help="runs of every command [chosen by size]")
    parser.add_argument("--layout", default="", help="only layouts with this in their name")
    return parser.parse_args()


def first_line(command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()[0]


def describe_machine(bench):
    with open("/proc/cpuinfo", encoding="ascii") as file:
        model = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    linkage = subprocess.run(["ldd", bench.kaudit], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    linked = "static" if re.search("statically|not a dynamic", linkage.stdout) else "dynamic"
    disk = first_line(["stat", "-f", "-c", "%T", bench.scratch])
    print(f"{first_line([bench.kaudit, '--version'])}, {linked}, {bench.kaudit.stat().st_size / MIB:.1f} MiB; "
          f"{model[1] if model else platform.machine()}, {os.cpu_count()} processors, Linux {platform.release()}, "
          f"scratch on {disk}; load average {os.getloadavg()[0]:.1f}\n", flush=True)


def ratio(of, to, what):
    return f"{median(getattr(a, what) / max(getattr(b, what), 1e-6) for a, b in zip(of, to)):.2f}"


def interleaved(bench, manifest, runs):
    """A B C A B C …, each on a new node; the first round warms up and is not counted."""
    commands = [bench.enable(), bench.floor(), bench.load_dump()]
    samples = [[], [], []]
    for i in range(runs + 1):
        for command, into in zip(commands, samples):
            sample = bench.on_new_node(manifest, command)
            if i > 0:
                into.append(sample)
    return samples


def sizes(bench, runs):
    print("### The job, by size\n")
    bench.learn(mixed(SIZES[0][1]))
    print(f"Floor and program: {mirror.check(bench, mixed(SIZES[0][1]))}.\n")
    head("manifest", "program", "wall", "CPU", "peak memory", "wall : floor", "CPU : yaml-cpp", "peak : yaml-cpp", "runs")
    for name, size, usual in SIZES:
        manifest = mixed(size)
        bench.learn(manifest)
        samples = interleaved(bench, manifest, runs or usual)
        for program, own in zip(("`kaudit enable`", "floor", "yaml-cpp load + dump"), samples):
            middle = {what: median(getattr(sample, what) for sample in own) for what in ("wall", "cpu", "peak")}
            row(name, program, ms(middle["wall"]), ms(middle["cpu"]), mib(middle["peak"]),
                ratio(own, samples[1], "wall"), ratio(own, samples[2], "cpu"), ratio(own, samples[2], "peak"),
                str(len(own)))
    print()


def start(bench, runs):
    print("### Starting\n")
    head("command", "wall", "CPU", "peak memory", "runs")
    for words in (["--version"], ["enable", "--help"]):
        own = [bench.measure([bench.kaudit, *words]) for _ in range((runs or 100) + 1)][1:]
        row(f"`kaudit {' '.join(words)}`", *(ms(median(getattr(s, what) for s in own)) for what in ("wall", "cpu")),
            mib(median(s.peak for s in own)), str(len(own)))
    print()


def main():
    chosen = arguments()
    bench = Bench(chosen.kaudit, chosen.tools, chosen.scratch)
    parts = chosen.part or PARTS
    describe_machine(bench)
    if "size" in parts:
        sizes(bench, chosen.runs)
    if "start" in parts:
        start(bench, chosen.runs)
    if "growth" in parts:
        growth(bench, chosen.runs, chosen.layout)
    if "instructions" in parts:
        instructions(bench, chosen.layout)
    shutil.rmtree(bench.scratch)


if __name__ == "__main__":
    main()
