"""How much work it is to read and preview the export of one school, in a district of 60."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import fill
from tests.forms import survey_workbook

pytestmark = pytest.mark.benchmarks


def test_reading_and_previewing_90_rows_takes_less_than_a_second_of_work(
    measured: Measured, tmp_path: Path, codebook: Codebook
) -> None:
    content = survey_workbook(n=90, seed=3, school="School 0001", blank_share=0.1)
    store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=60, responses=60 * 5 * 30)
    took = []
    for _ in range(3):
        began = time.process_time()
        table = ingestion.read("ninety.xlsx", content, codebook)
        preview = ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING)
        took.append(time.process_time() - began)
    store.close()
    assert preview.responses.height == 90
    measured("90 rows read and previewed, longest of three", max(took), "s of work", at_most=1)
