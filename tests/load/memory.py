"""Memory of a server under load: `python -m tests.load.memory [MINUTES] [PEOPLE]`, by default 20 minutes and 30 people.

Each minute other people open the dashboard, choose one school after another, and leave. Ends with exit code 1 where a
visitor saw an error, or where the server keeps growing: the last third of the minutes is compared with the second,
since in the first it fills what it keeps.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT
from pd_core.storage import open_store
from tests.benchmarks.district import fill, put_plan
from tests.benchmarks.visitors import memory_of, visit
from tests.server import started

MINUTES, PEOPLE = 20, 30
SCHOOLS, MINUTE, THINK = 60, 60.0, 4.0
WIDGET = "filter_school"
MOST_GROWN = 1.1
"""The memory of the last third of the minutes may be a tenth more than that of the second."""


def main(minutes: int, people: int) -> int:
    codebook = load_codebook(ROOT / "data" / "codebook")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pd.duckdb"
        store = open_store(str(path), list(codebook.items.values()))
        fill(store, codebook, schools=SCHOOLS, responses=SCHOOLS * 5 * 30)
        put_plan(store, codebook, sessions=2 * SCHOOLS)
        store.close()
        megabytes, clicks, errors = [], 0, []
        with started(path, {"PD_START_TOKEN": "off"}) as server:
            for minute in range(1, minutes + 1):
                took = visit(server.address, WIDGET, people=people, seconds=MINUTE, think=THINK, process=server.process)
                megabytes.append(memory_of(server.process) / 1e6)
                clicks, errors = clicks + len(took.seconds), errors + took.errors
                late = round(1000 * took.percentile(0.95)) if took.seconds else None
                print(json.dumps({"minute": minute, "memory MB": round(megabytes[-1]), "p95 ms": late}), flush=True)
    times = grown(megabytes)
    print(json.dumps({"people": minutes * people, "clicks": clicks, "errors": len(errors), "grown": round(times, 3)}))
    return 1 if errors or times > MOST_GROWN else 0


def grown(megabytes: Sequence[float]) -> float:
    """How many times as much memory the last third of the minutes has as the second."""
    third = max(1, len(megabytes) // 3)
    return statistics.median(megabytes[-third:]) / statistics.median(megabytes[-2 * third : -third] or megabytes[:1])


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*(given + [MINUTES, PEOPLE][len(given) :])))
