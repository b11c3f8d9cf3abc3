"""How the cost grows while the manifest doubles, layout by layout."""

import re
import shutil
import subprocess
from math import prod

from manifests import LAYOUTS, MIB
from tables import head, mib, ms, row

DOUBLINGS = 4


def sizes(largest, doublings, below=0):
    return [largest >> shift + below for shift in range(doublings, -1, -1)]


def per_doubling(costs, manifests):
    """A layout cannot hit every size: per doubling of its real bytes."""
    pairs = list(zip(costs, map(len, manifests)))
    return [b[0] / a[0] * 2 * a[1] / b[1] for a, b in zip(pairs, pairs[1:])]


def growth(bench, runs, word):
    print("### Growth: CPU while the manifest doubles\n")
    head("layout", "largest", "CPU of the largest", "peak memory", "CPU per MiB", "for each doubling, ×", "on average")
    for name, layout, largest in LAYOUTS:
        if word in name:
            row(*growth_row(bench, name, [layout(size) for size in sizes(largest, DOUBLINGS)], runs or 3))
    print()


def growth_row(bench, name, manifests, rounds):
    """CPU of real runs at n, 2n, 4n, …, in turn: the best of each, because noise only adds. The short ones are run
    more often. A refusal is measured, too."""
    samples = [[] for _ in manifests]
    for _ in range(rounds):
        for i, manifest in enumerate(manifests):
            for _ in range(1 << (len(manifests) - 1 - i)):
                bench.new_node(manifest)
                samples[i].append(bench.measure(bench.enable("--quiet"), allowed=(0, 3)))
    costs = [min(s.cpu for s in own) for own in samples]
    steps = per_doubling(costs, manifests)
    last = samples[-1][-1]
    return (name + (" (refused)" if last.status else ""), mib(len(manifests[-1]) / 1024), ms(costs[-1]), mib(last.peak),
            ms(costs[-1] / len(manifests[-1]) * MIB), " ".join(f"{step:.2f}" for step in steps),
            f"{prod(steps) ** (1 / DOUBLINGS):.2f}")


def instructions(bench, word):
    """The same without any noise, on smaller manifests: valgrind counts the instructions of the program."""
    print("### Growth: instructions of the program while the manifest doubles\n")
    if not shutil.which("valgrind"):
        print("Not counted: valgrind is not installed.\n")
        return
    head("layout", "largest", "instructions per byte", "for each doubling, ×")
    for name, layout, largest in LAYOUTS:
        if word not in name:
            continue
        manifests = [layout(size) for size in sizes(largest, 2, below=3)]
        counts = [count_instructions(bench, manifest) for manifest in manifests]
        steps = per_doubling(counts, manifests)
        row(name, mib(len(manifests[-1]) / 1024), f"{counts[-1] / len(manifests[-1]):.0f}",
            " ".join(f"{step:.3f}" for step in steps))
    print()


def count_instructions(bench, manifest):
    bench.new_node(manifest)
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    done = subprocess.run([*command, *bench.enable("--quiet")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    count = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode not in (0, 3) or not count:
        raise SystemExit(f"bench: under valgrind\n{done.stderr}")
    return int(count[1].replace(",", ""))
