"""Unrendered templates and broken files: each is refused or patched rightly; none crashes, hangs or is half done."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus_test  # noqa: E402
from corpus_test import testing  # noqa: E402


def main():
    testing.use_program(sys.argv[1])
    folder = testing.SHARED / "corpus/manifests-templates"
    if not folder.is_dir():
        testing.skip_all(f"no corpus at {folder} (set KAUDIT_SHARED)")
    wrong = 0
    for path in sorted(folder.iterdir()):
        verdict, found, reason = corpus_test.run_one(path, "file", timeout=10)
        print(f"{verdict} {path.name}: {reason}")
        if found:
            wrong += 1
            print("    WRONG:", *found, sep="\n    ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
