"""How long a command takes from its start to its end, as people wait for it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.sample import write_sample
from pd_core.storage import open_store
from tests.benchmarks.conftest import Measured
from tests.benchmarks.large_export import ROWS, SCHOOLS, write_large_export

pytestmark = pytest.mark.benchmarks
READ_AS_TEXT = """
import sys, fastexcel
frame = fastexcel.read_excel(sys.argv[1]).load_sheet(0, header_row=None, dtypes="string").to_polars()
assert frame.height > 50_000  # headers too
"""


def run(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return done.stdout


def pd(*arguments: object) -> str:
    return run("-m", "pd_core", *arguments)


def seconds(*arguments: object, rounds: int = 7) -> float:
    """The shortest of several runs: what else the machine does only ever adds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run(*arguments)
        taken.append(time.perf_counter() - start)
    return min(taken)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_come_at_once(measured: Measured, option: str) -> None:
    measured(f"the command {option}", seconds("-m", "pd_core", option), "s", at_most=0.4)


def test_a_table_of_the_sample_is_written_in_less_than_a_second(
    measured: Measured, tmp_path: Path, codebook: Codebook
) -> None:
    files, store = write_sample(tmp_path, codebook), ["--store", tmp_path / "pd.duckdb"]
    pd("schools", files.schools, *store)
    pd("roster", files.roster, *store)
    pd("ingest", *files.exports, *store)
    taken = seconds("-m", "pd_core", "export", "response-rates", *store)
    measured("the command export response-rates", taken, "s", at_most=1)


def test_a_large_export_is_stored_in_little_more_than_twice_the_time_of_reading_it(
    measured: Measured, tmp_path: Path, codebook: Codebook
) -> None:
    export = write_large_export(tmp_path)
    schools = tmp_path / "schools.csv"
    listed = [f"{school_id},{name},,,," for school_id, name in SCHOOLS.items()]
    schools.write_text("\n".join(["school_id,name,aliases,level,region,headcount", *listed]), encoding="utf-8")
    ours, text = [], []
    for number in range(4):  # in turn, so that a busy moment of the machine slows both
        store = tmp_path / f"{number}.duckdb"
        open_store(str(store), list(codebook.items.values())).close()
        pd("schools", schools, "--store", store)
        start = time.perf_counter()
        assert f'"rows_added": {ROWS}' in pd("ingest", export, "--json", "--store", store)
        ours.append(time.perf_counter() - start)
        text.append(seconds("-c", READ_AS_TEXT, export, rounds=1))
    peer = "a process reading it as text"
    measured("the command ingest of a large export", min(ours), "s", peer=min(text), peer_name=peer, at_most=2.2)
