"""How long briefs take: one of a server that has made some, and those of a whole district from the start."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pd_core.codebook import Codebook
from pd_core.reports.documents.documents import brief_of
from pd_core.reports.documents.files import rendered
from pd_core.reports.documents.source import Source
from pd_core.storage import Store, open_store
from tests.benchmarks.district import WAVES, fill
from tests.reports.documents.conftest import ADMINISTRATOR
from tests.reports.documents.reading import reader

pytestmark = pytest.mark.benchmarks
SCHOOLS, RESPONSES = 60, 15_000
AT = datetime(2026, 11, 28, 9, 30)


@pytest.fixture
def source(tmp_path: Path, codebook: Codebook) -> Iterator[Source]:
    store: Store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=RESPONSES, again=True)
    yield Source(store, codebook, ADMINISTRATOR, WAVES[-1], 0.6, AT, "https://pd.example.org")
    store.close()


def test_the_briefs_of_60_schools_take_less_than_20_seconds_and_a_further_one_less_than_300_ms(source: Source) -> None:
    began = time.perf_counter()
    documents = [brief_of(source, school_id) for school_id in source.names()]
    content = rendered("brief", documents, "pdf", AT.astimezone())
    took = time.perf_counter() - began
    began = time.perf_counter()
    rendered("brief", [brief_of(source, documents[7].name)], "pdf", AT.astimezone())
    again = time.perf_counter() - began
    print(f"{SCHOOLS} briefs: {took:.1f} s; a further one: {1000 * again:.0f} ms")
    assert len(reader(content).pages) == SCHOOLS
    assert took < 20 and again < 0.3
