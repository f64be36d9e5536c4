"""How long the verdicts of all schools take, once after each upload: each school's urn, 2,000 draws of 18 needs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.needs import verdicts
from pd_core.needs.background import progress
from pd_core.presentation.first_screen import overview
from pd_core.storage import Store, open_store, queries, reference
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import Survey
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import WAVES, fill

pytestmark = pytest.mark.benchmarks


@dataclass
class District:
    store: Store
    codebook: Codebook

    def survey(self) -> Survey:
        """A survey of which nothing has been worked out."""
        return Survey(DistrictSurvey(self.store, self.codebook, WAVES[-1], None, 0.6), EVERYTHING)


@pytest.fixture
def district_of(tmp_path, codebook: Codebook) -> Iterator[object]:
    opened: list[Store] = []

    def make(schools: int, responses: int, *, with_roster: bool) -> District:
        store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
        opened.append(store)
        fill(store, codebook, schools=schools, responses=responses)
        if with_roster:
            reference.set_roster(store, roster(store, codebook), "test")
        return District(store, codebook)

    yield make
    for store in opened:
        store.close()


def roster(store: Store, codebook: Codebook) -> pl.DataFrame:
    """As many staff as the list of schools says, a role each."""
    random, roles = np.random.default_rng(5), list(codebook.labels("role"))
    staff = queries.schools(store, EVERYTHING).select("school_id", "headcount").rows()
    school_ids = [school_id for school_id, headcount in staff for _ in range(headcount)]
    return pl.DataFrame(
        {
            "respondent": [f"r{number}" for number in range(len(school_ids))],
            "school_id": school_ids,
            "role": random.choice(roles, len(school_ids)),
            "grade_band": None,
        },
        schema_overrides={"grade_band": pl.String},
    )


@pytest.mark.parametrize("with_roster", [False, True])
def test_all_verdicts_of_60_schools(benchmark: BenchmarkFixture, measured: Measured, district_of, with_roster):
    district = district_of(60, 60 * 5 * 30, with_roster=with_roster)

    def work_out() -> None:
        verdicts.verdicts(district.survey())

    benchmark.pedantic(work_out, rounds=3, warmup_rounds=1)
    name = f"posterior: the verdicts of 60 schools, {'with' if with_roster else 'without'} a staff list"
    measured(name, benchmark.stats.stats.min, "s", at_most=1)


def test_verdicts_that_are_known_cost_nothing(benchmark: BenchmarkFixture, measured: Measured, district_of):
    survey = district_of(60, 60 * 5 * 30, with_roster=False).survey()
    verdicts.verdicts(survey)
    benchmark.pedantic(lambda: verdicts.verdicts(survey), rounds=20, warmup_rounds=1)
    measured("posterior: known verdicts", 1000 * benchmark.stats.stats.min, "ms", at_most=30)


def test_verdicts_of_2000_schools_come_in_the_background_while_a_page_is_looked_at(
    benchmark: BenchmarkFixture, measured: Measured, district_of
):
    district = district_of(2000, 2000 * 5 * 30, with_roster=False)
    survey = district.survey()
    school_id = survey.schools["school_id"][7]
    overview(survey, school_id)
    waits: list[float] = []

    def work_out() -> float:
        began = time.perf_counter()
        while progress(survey)[0] < 2000:
            asked = time.perf_counter()
            overview(survey, school_id)
            waits.append(time.perf_counter() - asked)
            time.sleep(0.5)  # somebody reads
        return time.perf_counter() - began

    taken = benchmark.pedantic(work_out, rounds=1)
    late = 1000 * float(np.quantile(waits, 0.95))
    measured("posterior: the verdicts of 2,000 schools", taken, "s", at_most=20)
    measured("posterior: a page that is looked at meanwhile, p95", late, "ms", at_most=500)
