"""Markdown tables, printed as they come, and figures as people read them."""


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(*cells):
    row(*cells)
    row(*("---" if i == 0 else "---:" for i in range(len(cells))))


def ms(seconds):
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def mib(kib):
    return f"{kib / 1024:.1f} MiB"
