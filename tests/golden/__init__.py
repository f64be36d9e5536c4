"""Every exported table of the sample district and of look-alike exports, as they are meant to be.

After a change that is meant to move figures: `.venv/bin/python -m tests.golden` writes them again. Read the difference
line by line before you commit it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.actions.sample import fill_with_sample
from pd_core.codebook import Codebook
from pd_core.reports.files import render
from pd_core.storage import Store, open_store, queries, reference
from pd_core.summaries.growth_tables import Filters, growth_table
from pd_core.summaries.tables import GROWTH, IMPACT, TABLES, TRANSITIONS, export_table
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook

FOLDER = Path(__file__).parent
TARGET_SHARE = 0.6
ROLE = "teacher"
_LOOK_ALIKES = (("Lincoln High", 40), ("Washington Elementary", 25), ("JMS", 3), ("Madrona K-8", 9))


def stores(codebook: Codebook) -> Iterator[tuple[str, Store]]:
    """The sample district, and a small one of exports as Forms writes them; each is closed after its turn."""
    with tempfile.TemporaryDirectory() as folder:
        for name, fill in (("sample", fill_with_sample), ("look-alikes", _fill_with_look_alikes)):
            store = open_store(
                str(Path(folder) / f"{name}.duckdb"),
                list(codebook.items.values()),
                secret=lambda _: b"the draws of the golden tables",
            )
            fill(store, codebook)
            yield name, store
            store.close()


def tables(store: Store, codebook: Codebook) -> dict[str, str]:
    """Name to content of every table, for everybody and for one role."""
    found = {}
    for table in TABLES:
        for role in (None, ROLE):
            frame = export_table(store, codebook, table, role=role, target_share=TARGET_SHARE, scope=EVERYTHING)
            name = f"{table}-{role}" if role else table
            found[name] = render(_rounded(frame), "csv").decode()
    if len(queries.waves(store)) > 1:
        for table in (GROWTH, TRANSITIONS, IMPACT):
            made = growth_table(store, codebook, table, Filters(), target_share=TARGET_SHARE, scope=EVERYTHING)
            found[table] = render(_rounded(made.frame), "csv").decode()
    return found


def _rounded(frame: pl.DataFrame) -> pl.DataFrame:
    """Twelve digits: another processor may add up in another order."""
    floats = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    return frame.with_columns(pl.col(floats).round_sig_figs(12))


def _fill_with_look_alikes(store: Store, codebook: Codebook) -> None:
    reference.set_schools(store, SCHOOLS, "test")
    for number, (school, people) in enumerate(_LOOK_ALIKES, start=1):
        table = ingestion.read(f"{school}.xlsx", survey_workbook(school=school, n=people, seed=number), codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING), "test")
