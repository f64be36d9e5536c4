"""Speed of taking exports, as ratios to other programs in the same run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import fastexcel
import pandas
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.ingestion import commit, prepare, read
from pd_core.storage import Store, open_store, reference
from tests.benchmarks.conftest import Measured
from tests.benchmarks.large_export import ROWS, SCHOOLS, write_large_export
from tests.forms import survey_workbook

pytestmark = [pytest.mark.benchmarks, pytest.mark.filterwarnings("ignore")]
KEY = b"a key for tests that is long enough"
MEMORY = """
import resource, sys
from pathlib import Path
from pd_core.access import EVERYTHING
from pd_core.codebook_files import load_codebook
from pd_core.ingestion import commit, prepare, read
from pd_core.storage import open_store
codebook = load_codebook(Path("data/codebook"))
store = open_store(sys.argv[2], list(codebook.items.values()))
table = read("survey.xlsx", Path(sys.argv[1]).read_bytes(), codebook)
assert commit(store, prepare(table, codebook, store, b"k" * 32, EVERYTHING), "benchmark").rows_added == int(sys.argv[3])
status = Path("/proc/self/status").read_text() if sys.platform == "linux" else ""
found = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
# Of a process that another one started, the system's own figure begins with the memory of that one.
print((found[0] if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024)
"""


@pytest.fixture(scope="module")
def large_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_large_export(tmp_path_factory.mktemp("large"))


def school(school_id: str, name: str) -> dict[str, object]:
    return {"school_id": school_id, "name": name, "aliases": "", "level": "", "region": "", "headcount": None}


@contextmanager
def fresh_store(path: Path, codebook: Codebook) -> Iterator[Store]:
    store = open_store(str(path), list(codebook.items.values()))
    for school_id, name in SCHOOLS.items():
        reference.put_school(store, school(school_id, name), "benchmark")
    yield store
    store.close()


def seconds(action: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken)


def ingest(data: bytes, store: Store, codebook: Codebook) -> None:
    table = read("survey.xlsx", data, codebook)
    assert commit(store, prepare(table, codebook, store, KEY, EVERYTHING), "benchmark").rows_added == ROWS


def test_a_large_export_is_stored_faster_than_others_only_read_it(
    benchmark: BenchmarkFixture, measured: Measured, large_export: Path, tmp_path: Path, codebook: Codebook
) -> None:
    data = large_export.read_bytes()
    with ExitStack() as stack:
        stores = [stack.enter_context(fresh_store(tmp_path / f"{number}.duckdb", codebook)) for number in range(4)]
        ingest(data, stores.pop(), codebook)  # what is loaded on first use is no part of the comparison
        benchmark.pedantic(ingest, setup=lambda: ((data, stores.pop(), codebook), {}), rounds=3)
    text = seconds(lambda: fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string").to_polars(), 3)
    ours = benchmark.stats.stats.min
    openpyxl = seconds(lambda: pandas.read_excel(large_export, engine="openpyxl"), 1)
    name = "a large export stored"
    measured(name, ours, "s", peer=openpyxl, peer_name="pandas + openpyxl reading it", at_most=1 / 4)
    measured(f"{name}, and text", ours, "s", peer=text, peer_name="fastexcel reading it as text", at_most=2.5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts a process's memory otherwise")
def test_a_large_export_needs_less_than_a_gigabyte(
    measured: Measured, large_export: Path, tmp_path: Path, codebook: Codebook
) -> None:
    path = tmp_path / "memory.duckdb"
    with fresh_store(path, codebook):
        pass
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(large_export), str(path), str(ROWS)],
        capture_output=True,
        text=True,
        check=True,
    )
    measured("memory for a large export", float(done.stdout), "MB", at_most=1000)


def test_a_buildings_export_is_stored_in_a_moment(
    benchmark: BenchmarkFixture, measured: Measured, tmp_path: Path, codebook: Codebook
) -> None:
    numbers = iter(range(10_000))
    with fresh_store(tmp_path / "pd.duckdb", codebook) as store:

        def one_more() -> tuple[tuple[bytes], dict[str, object]]:
            return (survey_workbook(n=60, seed=next(numbers), school="Lincoln High"),), {}

        def take(data: bytes) -> None:
            commit(store, prepare(read("survey.xlsx", data, codebook), codebook, store, KEY, EVERYTHING), "benchmark")

        benchmark.pedantic(take, setup=one_more, rounds=20, warmup_rounds=2)
    measured("an export of 60 rows stored", 1000 * benchmark.stats.stats.median, "ms", at_most=150)
