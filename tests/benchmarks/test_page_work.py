"""How long a page waits for its numbers: cold, just after something was stored, and warm, looked at before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.codebook import Codebook
from pd_core.disclosure import suppression
from pd_core.presentation.comparison_sentences import comparison_sentence, grid_sentence
from pd_core.presentation.first_screen import overview
from pd_core.presentation.need_sentences import needs_sentence
from pd_core.presentation.samr_distribution import samr_sentence
from pd_core.presentation.training_planning import wishes_sentence
from pd_core.storage import Store, open_store
from pd_core.summaries import school_comparison
from pd_core.summaries.samr import samr_by_skill
from pd_core.summaries.school_comparison import district_share_of, one_skill
from pd_core.summaries.training_needs import needs_of, wishes_of
from pd_core.summaries.unnamed_schools import compared_schools
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import Survey, survey
from pd_core.wording import plural
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import WAVES, fill

pytestmark = pytest.mark.benchmarks
TARGET_SHARE = 0.6
SCHOOL = "school_0003"


def overview_page(wave: Survey, school_id: str) -> None:
    overview(wave, school_id)
    samr_sentence(samr_by_skill(wave, school_id))


def training_page(wave: Survey, school_id: str) -> None:
    for training in ("entry", "implementation"):
        needs_sentence(needs_of(wave, school_id, training), "")
    wishes_sentence(wishes_of(wave, school_id, "topics"), "")
    wishes_sentence(wishes_of(wave, school_id, "times"), "")


def comparison_page(wave: Survey, _: str) -> None:
    schools = compared_schools(wave)
    grid_sentence(school_comparison.grid(wave, schools))
    rows = one_skill(wave, "teams", schools)
    comparison_sentence(rows, district_share_of(wave, "teams"), "Teams")


NAMES = {overview_page: "Overview", training_page: "Training planning", comparison_page: "School comparison"}
PAGES = list(NAMES)


@pytest.fixture(scope="module")
def district_of_60(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[Store]:
    yield from filled(tmp_path_factory, codebook, schools=60, responses=60 * 5 * 30)


@pytest.fixture(scope="module")
def district_of_2000(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[Store]:
    yield from filled(tmp_path_factory, codebook, schools=2000, responses=1_000_000)


def filled(folders: pytest.TempPathFactory, codebook: Codebook, *, schools: int, responses: int) -> Iterator[Store]:
    store = open_store(str(folders.mktemp("store") / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=schools, responses=responses)
    yield store
    store.close()


def milliseconds(benchmark: BenchmarkFixture, action: Callable[[], object], rounds: int) -> float:
    """The shortest of some rounds, in milliseconds."""
    benchmark.pedantic(action, rounds=rounds, warmup_rounds=1)
    return float(benchmark.stats.stats.min) * 1000


def cold(store: Store, codebook: Codebook, page: Callable[[Survey, str], None]) -> Callable[[], None]:
    return lambda: page(Survey(DistrictSurvey(store, codebook, WAVES[-1], None, TARGET_SHARE), EVERYTHING), DISTRICT)


def warm(
    store: Store, codebook: Codebook, page: Callable[[Survey, str], None], school_id: str, scope: Scope = EVERYTHING
) -> Callable[[], None]:
    return lambda: page(survey(store, codebook, WAVES[-1], None, TARGET_SHARE, scope), school_id)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_60_schools_cold(
    benchmark: BenchmarkFixture, district_of_60: Store, codebook: Codebook, measured: Measured, page
):
    took = milliseconds(benchmark, cold(district_of_60, codebook, page), 10)
    measured(f"{NAMES[page]} of 60 schools, just after an upload", took, "ms", at_most=100)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_60_schools_warm(
    benchmark: BenchmarkFixture, district_of_60: Store, codebook: Codebook, measured: Measured, page
):
    took = milliseconds(benchmark, warm(district_of_60, codebook, page, SCHOOL), 20)
    measured(f"{NAMES[page]} of 60 schools", took, "ms", at_most=30)


@pytest.mark.parametrize("page", PAGES)
def test_a_principals_page_of_60_schools_warm(
    benchmark: BenchmarkFixture, district_of_60: Store, codebook: Codebook, measured: Measured, page
):
    scope = Scope(frozenset({SCHOOL}), "unnamed")
    took = milliseconds(benchmark, warm(district_of_60, codebook, page, SCHOOL, scope), 20)
    measured(f"{NAMES[page]} of 60 schools, for a principal", took, "ms", at_most=30)


@pytest.mark.parametrize("page", PAGES)
def test_a_district_page_of_a_million_answers_cold(
    benchmark: BenchmarkFixture, district_of_2000: Store, codebook: Codebook, measured: Measured, page
):
    took = milliseconds(benchmark, cold(district_of_2000, codebook, page), 5)
    measured(f"{NAMES[page]} of a million answers, just after an upload", took, "ms", at_most=400)


@pytest.mark.parametrize("page", [overview_page, training_page])
def test_a_schools_page_of_a_million_answers_warm(
    benchmark: BenchmarkFixture, district_of_2000: Store, codebook: Codebook, measured: Measured, page
):
    took = milliseconds(benchmark, warm(district_of_2000, codebook, page, SCHOOL), 20)
    measured(f"{NAMES[page]} of a million answers, a school", took, "ms", at_most=50)


@pytest.mark.parametrize("roles", [1, 7])
def test_hiding_small_groups_of_2000_schools_in_18_items(benchmark: BenchmarkFixture, measured: Measured, roles: int):
    people = np.random.default_rng(3).poisson(6, (18, 2000, roles))

    def hide() -> None:
        for respondents in people:
            schools = suppression.hide_schools(respondents.sum(axis=1))
            if roles > 1:
                suppression.hide_roles(respondents, schools)

    name = f"hiding small groups of 2,000 schools in 18 items, {plural(roles, 'role')}"
    measured(name, milliseconds(benchmark, hide, 3), "ms", at_most=1500 if roles > 1 else 50)
