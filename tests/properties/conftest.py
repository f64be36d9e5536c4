"""A store for many examples: each example keeps to waves and people of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.ingestion import Choices, Receipt
from pd_core.storage import Store, open_store, queries, reference
from tests.forms import forms_csv, forms_workbook, survey_headers

HEADERS = survey_headers()
KEY = b"a secret that only the tests know"
SCHOOLS = pl.DataFrame(
    {"school_id": ["lincoln", "madrona"], "name": ["Lincoln High", "Madrona K-8"], "headcount": [60, 12]}
).with_columns(aliases=pl.lit(""), level=pl.lit(""), region=pl.lit(""))


class Desk:
    """Takes exports of ROWS into waves of its own."""

    def __init__(self, codebook: Codebook, store: Store) -> None:
        self.codebook = codebook
        self.store = store

    def take(self, rows: list[list[Any]], *, as_workbook: bool = False) -> Receipt:
        data = forms_workbook(HEADERS, rows) if as_workbook else forms_csv(HEADERS, rows)
        receipt = self.take_file(data, "survey.xlsx" if as_workbook else "survey.csv")
        assert receipt.rows_read == len(rows)
        return receipt

    def take_file(self, data: bytes, file: str) -> Receipt:
        table = ingestion.read(file, data, self.codebook)
        preview = ingestion.prepare(table, self.codebook, self.store, KEY, EVERYTHING, Choices(date_order="mdy"))
        receipt = ingestion.commit(self.store, preview, "test")
        parts = (receipt.rows_added, receipt.rows_existing, receipt.rows_replaced, receipt.rows_set_aside)
        assert receipt.rows_read == sum(parts), f"the receipt does not add up: {receipt}"
        return receipt

    def table(self) -> pl.DataFrame:
        live = self.store.frame(f"select * exclude (number, response_id, upload_id) from ({queries.LIVE})")
        return live.sort("wave_id", "row_key")


@pytest.fixture(scope="module")
def shared_store(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(str(tmp_path_factory.mktemp("properties") / "pd.duckdb"), list(codebook.items.values()))
    yield store
    store.close()


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """A number for each example."""
    return count(1)


@pytest.fixture(scope="module")
def new_desk(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Desk]]:
    """A desk with a store of its own, which knows two schools."""
    folder: Path = tmp_path_factory.mktemp("exports")
    numbers, items = count(1), list(codebook.items.values())
    desks: list[Desk] = []

    def make() -> Desk:
        for desk in desks[:-1]:  # an example compares two at most
            desk.store.close()
        del desks[:-1]
        store = open_store(str(folder / f"{next(numbers)}.duckdb"), items)
        reference.set_schools(store, SCHOOLS, "test")
        desks.append(Desk(codebook, store))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()
