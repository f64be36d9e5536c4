"""An export goes in as a person would drop it: `look` reads and previews it, `take` also stores it."""

import re
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest

from pd_core import ingestion
from pd_core.access import EVERYTHING, Scope
from pd_core.codebook import Codebook
from pd_core.ingestion import Choices, Preview, Receipt
from pd_core.storage import Store, queries


@dataclass
class Desk:
    """Where files are dropped in these tests, by somebody who uploads for the schools in `reach`."""

    codebook: Codebook
    store: Store
    key: bytes
    reach: Scope = EVERYTHING
    owner: str | None = None

    def of(self, *school_ids: str, owner: str = "mia@example.org") -> "Desk":
        """The same desk with somebody at it who has these buildings."""
        return replace(self, reach=Scope(frozenset(school_ids)), owner=owner)

    def look(self, data: bytes, file: str = "survey.xlsx", **choices: Any) -> Preview:
        table = ingestion.read(file, data, self.codebook)
        return ingestion.prepare(table, self.codebook, self.store, self.key, self.reach, Choices(**choices), self.owner)

    def take(self, data: bytes, file: str = "survey.xlsx", **choices: Any) -> Receipt:
        receipt = ingestion.commit(self.store, self.look(data, file, **choices), "tester")
        parts = receipt.rows_added + receipt.rows_existing + receipt.rows_replaced + receipt.rows_set_aside
        assert receipt.rows_read == parts, f"the receipt does not add up: {receipt}"
        return receipt

    def stored(self) -> pl.DataFrame:
        """The answers that count, by row key."""
        return self.store.frame(f"select * exclude (number, response_id, upload_id) from ({queries.LIVE})").sort(
            "row_key"
        )


@pytest.fixture
def desk(codebook: Codebook, store: Store, key: bytes) -> Desk:
    return Desk(codebook, store, key)


def saved_by_excel(set_aside: pl.DataFrame, *corrections: tuple[str, str]) -> bytes:
    """Rows that were set aside as Excel saves them again, without seconds; `corrections`: what is wrong, and right."""
    text = set_aside.write_csv()
    for wrong, right in corrections:
        text = text.replace(wrong, right)
    return re.sub(
        r"(?<!\d)(\d{4})[-/](\d\d?)[-/](\d\d?)[ T](\d\d?:\d\d):\d\d",
        lambda time: f"{int(time[2])}/{int(time[3])}/{time[1]} {time[4]}",
        text,
    ).encode()
