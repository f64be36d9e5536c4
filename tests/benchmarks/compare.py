"""Says what got slower between two records: `python -m tests.benchmarks.compare BEFORE AFTER [TOLERANCE]`.

Ends with exit code 1 where something did. `python -m tests.benchmarks.compare RECORD` writes one as a table.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.record import differences, read

TOLERANCE = 0.25


def main(arguments: list[str]) -> int:
    if len(arguments) == 1:
        print(read(Path(arguments[0])).table())
        return 0
    if len(arguments) not in (2, 3):
        sys.exit(__doc__)
    before, after = (read(Path(file)) for file in arguments[:2])
    worse, better = differences(before, after, float(arguments[2]) if len(arguments) == 3 else TOLERANCE)
    for title, lines in (("Worse", worse), ("Better", better)):
        print(f"{title}:", *(lines or ["nothing"]), sep="\n  ")
    for title, names in (
        ("Only in the first", before.figures.keys() - after.figures.keys()),
        ("Only in the second", after.figures.keys() - before.figures.keys()),
    ):
        if names:
            print(f"{title}:", *sorted(names), sep="\n  ")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
