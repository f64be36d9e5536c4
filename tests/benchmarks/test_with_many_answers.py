"""What becomes slower as answers pile up: a thousand to ten million, each with one plain query of the same file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pd_core import ingestion
from pd_core.access import DISTRICT, EVERYTHING
from pd_core.codebook import Codebook
from pd_core.storage import open_store
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import Survey
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import WAVES, fill
from tests.benchmarks.test_page_work import comparison_page, overview_page
from tests.forms import survey_workbook

pytestmark = pytest.mark.benchmarks
AMOUNTS = {1_000: "1 thousand", 10_000: "10 thousand", 100_000: "100 thousand", 1_000_000: "1 million",
           10_000_000: "10 million"}  # fmt: skip
BYTES_EACH = 1_500
"""What making one answer up takes of memory."""
PLAIN = "select school_id, wave_id, count(*), avg(samr_word) from store.response group by all"
KEY = b"a key for tests that is long enough"


def milliseconds(action: Callable[[], object], rounds: int = 3) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        took.append(time.perf_counter() - began)
    return 1000 * min(took)


@pytest.mark.parametrize("answers", AMOUNTS)
def test_pages_and_an_upload_with_so_many_answers(
    measured: Measured, tmp_path: Path, codebook: Codebook, answers: int
) -> None:
    if answers * BYTES_EACH > os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
        pytest.skip(f"making up {AMOUNTS[answers]} answers takes {answers * BYTES_EACH / 1e9:.0f} GB of memory")
    store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=max(10, min(2000, answers // 150)), responses=answers)

    def cold(page: Callable[[Survey, str], None], place: str) -> float:
        return milliseconds(
            lambda: page(Survey(DistrictSurvey(store, codebook, WAVES[-1], None, 0.6), EVERYTHING), place)
        )

    numbers = iter(range(100))

    def upload() -> None:
        data = survey_workbook(n=60, seed=next(numbers), school="School 0003")
        table = ingestion.read("survey.xlsx", data, codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, KEY, EVERYTHING), "benchmark")

    def plain() -> None:
        with store.cursor() as cursor:
            cursor.execute(PLAIN).fetchall()

    try:
        peer = {"peer": milliseconds(plain), "peer_name": "one plain query of all answers"}
        measured(f"Overview of the district, {AMOUNTS[answers]} answers", cold(overview_page, DISTRICT), "ms", **peer)
        measured(f"School comparison, {AMOUNTS[answers]} answers", cold(comparison_page, DISTRICT), "ms", **peer)
        measured(f"60 rows read and stored, {AMOUNTS[answers]} answers", milliseconds(upload), "ms", **peer)
    finally:
        store.close()
