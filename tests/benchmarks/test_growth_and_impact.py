"""How long Growth and Impact take, just after something was stored."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.codebook import Codebook
from pd_core.presentation import growth as said
from pd_core.presentation.impact import answer_sections, board_section
from pd_core.storage import open_store
from pd_core.summaries.growth import Growth, growth
from pd_core.summaries.impact_figures import Impact
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import Survey
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import WAVES, fill
from tests.measures.panels import outcomes as made_up
from tests.measures.panels import random_starts
from tests.summaries.trained_schools import fill as fill_outcomes

pytestmark = pytest.mark.benchmarks


def test_growth_of_60_schools_between_two_waves(measured: Measured, tmp_path: Path, codebook: Codebook) -> None:
    store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=60, responses=60 * 5 * 30, again=True)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        earlier, later = (Survey(DistrictSurvey(store, codebook, wave, None, 0.6), EVERYTHING) for wave in WAVES[-2:])
        pair = Growth(earlier, later)
        said.opening(pair, DISTRICT)
        said.changes_section(pair, DISTRICT)
        said.samr_section(pair, DISTRICT)
        took.append(time.perf_counter() - began)
    store.close()
    measured("Growth of 60 schools, just after an upload", 1000 * min(took), "ms", at_most=300)


def test_growth_of_2000_schools_between_two_waves(measured: Measured, tmp_path: Path, codebook: Codebook) -> None:
    store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=2000, responses=1_000_000, again=True)
    began = time.perf_counter()
    found = growth(store, codebook, target_share=0.6, scope=EVERYTHING)
    assert found.changes.height >= 2000 * len(codebook.skills)
    assert found.transitions.height
    took = time.perf_counter() - began
    store.close()
    measured("Growth of 2,000 schools and 400,000 answers, just after an upload", took, "s", at_most=10)


def test_impact_of_60_schools_in_18_months(measured: Measured, tmp_path: Path, codebook: Codebook) -> None:
    store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    source = np.random.default_rng(30)
    fill_outcomes(store, made_up(source), random_starts(source))
    began = time.perf_counter()
    found = Impact(store, ["attendance"], "all")
    answer_sections(found)
    board_section(found, None, date(2026, 11, 29))
    took = time.perf_counter() - began
    store.close()
    measured("Impact of 60 schools and 18 months, with every check, worked out once", took, "s", at_most=5)
