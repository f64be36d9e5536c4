"""The attack finds what can be found: each rule that is switched off, each number too many; and nothing else."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import Bounds, LinearConstraint, milp

from pd_core.attack.attack import Attack, attack
from pd_core.attack.findings import BY_SUMS, BY_WEIGHTS, ELSEWHERE, Found
from pd_core.attack.linear_sums import Sums
from pd_core.codebook import Codebook
from pd_core.disclosure import suppressed_frames, suppression
from pd_core.storage import open_store, roles
from pd_core.summaries import tables
from pd_core.survey import scoped_survey
from tests.attack.attacking import SCHOOLS, published_groups, store_answers, store_wave, wide_district
from tests.disclosure.test_suppression import without
from tests.district import District

SMALL_ROLE = [[30, 20, 3, 0], [30, 20, 12, 0], [30, 25, 14, 0], [30, 25, 14, 0]]
TWO_SUMS_OF_ROLES = [[30, 4, 4, 0], [30, 4, 4, 0], [30, 4, 4, 2], [30, 4, 4, 0]]
SMALL_SCHOOL = [[3, 0, 0, 0], [20, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]
TWO_SMALL_SCHOOLS = [[2, 0, 0, 0], [2, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]
THREE_SMALL_SCHOOLS = [[4, 0, 0, 0], [4, 0, 0, 0], [4, 0, 0, 0], [40, 0, 0, 0]]
FOUR_AND_THREE = [[4, 0, 0, 0], [3, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]
HIDING = [SMALL_ROLE, TWO_SUMS_OF_ROLES, SMALL_SCHOOL, TWO_SMALL_SCHOOLS, THREE_SMALL_SCHOOLS, FOUR_AND_THREE]
PROFICIENT, SUBSTITUTING = {"proficiency_word": 2}, {"samr_word": 1}


@pytest.fixture(scope="module")
def wide(shared_small: District) -> District:
    return wide_district(shared_small)


def attacked(district: District, table: list[list[int]]) -> Attack:
    """The attack on a new wave with so many people of each school and role."""
    wave = store_wave(district, np.array(table))
    return attack(district.store, district.codebook, 0.6, wave=wave)


def ways(found: Attack) -> set[str]:
    return {one.how for one in found.found}


@pytest.mark.parametrize("table", HIDING)
def test_with_all_rules_on_no_visitor_finds_anything_though_groups_are_hidden(wide: District, table: list[list[int]]):
    """Each of the tests below takes away a rule, and finds something in one of these tables."""
    found = attacked(wide, table)
    assert found.found == ()
    assert found.visitors == 3 * (len(SCHOOLS) + 1 + 2 * len(SCHOOLS))
    assert found.hidden > 0
    assert found.equations > 0


def test_without_the_rule_of_five_small_groups_are_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(suppression, "FEWEST", 1)
    found = attacked(wide, SMALL_ROLE)
    assert Found(
        found.waves[0], ("samr-levels",), "samr_word", "ada", "specialist", BY_SUMS
    ) in found.found, "a shown group of 3 is not found"  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("together", TWO_SMALL_SCHOOLS),
        ("roles", SMALL_ROLE),
        ("null_space", TWO_SUMS_OF_ROLES),
    ],
)
def test_without_a_rule_the_rest_of_these_is_found(
    wide: District, monkeypatch: pytest.MonkeyPatch, rule: str, table: list[list[int]]
):
    without(monkeypatch, rule)
    assert BY_SUMS in ways(attacked(wide, table))


def test_in_two_processes_the_same_is_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    without(monkeypatch, "roles")
    found = attacked(wide, SMALL_ROLE)
    assert found.found
    assert attack(wide.store, wide.codebook, 0.6, wave=found.waves[0], in_two_processes=True) == found


def test_without_a_look_at_what_schools_know_a_few_are_found_by_one_of_them(
    wide: District, monkeypatch: pytest.MonkeyPatch
):
    """Of 4, 4 and 1 in small schools, a principal of 4 learns of 5; of 4 and 3, of the others' 3 or 4."""
    monkeypatch.setattr(suppression, "_may_stand_together", lambda people, knowers: people.sum() >= suppression.FEWEST)
    found = attacked(wide, FOUR_AND_THREE).found
    assert {one.how for one in found if one.item == "proficiency_word"} == {
        f"{BY_SUMS}, with the answers of ada",
        f"{BY_SUMS}, with the answers of bell",
    }


def test_without_a_look_at_who_has_several_schools_a_few_are_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    roles.put_person(wide.store, "mie@district.org", "mie", ["ada", "bell"], "test")
    try:
        assert attacked(wide, THREE_SMALL_SCHOOLS).found == ()
        may = suppression._may_stand_together
        monkeypatch.setattr(suppression, "_may_stand_together", lambda people, knowers: may(people, knowers[:0]))
        found = attacked(wide, THREE_SMALL_SCHOOLS).found
        assert f"{BY_SUMS}, with the answers of ada and bell" in {one.how for one in found}
    finally:
        roles.remove_person(wide.store, "mie@district.org", "test")


def test_exact_shares_of_the_district_tell_of_schools_that_are_not_seen(
    wide: District, monkeypatch: pytest.MonkeyPatch
):
    table = [[6, 0, 0, 0], [23, 0, 0, 0], [0, 0, 0, 0], [40, 0, 0, 0]]
    in_whole_per_cents = attacked(wide, table).recovered
    monkeypatch.setattr(scoped_survey, "coarse", lambda frame: frame)
    assert attacked(wide, table).recovered > in_whole_per_cents


def test_a_hidden_number_that_stands_in_another_table_is_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(tables.TABLES, "skill-summary", lambda wave: wave.skill_summary.with_columns(share_low=0.1))
    found = attacked(wide, SMALL_SCHOOL)
    assert {("proficiency_word", "ada", ELSEWHERE)} <= {(one.item, one.school, one.how) for one in found.found}


def test_schools_weighted_each_by_its_own_headcount_are_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    def each_alone(schools: pl.DataFrame, by: list[str], count: str) -> pl.DataFrame:
        return schools.filter(pl.col("counted") & (pl.col("rule") != suppression.SHOWN))

    monkeypatch.setattr(suppressed_frames, "together", each_alone)
    assert BY_WEIGHTS in ways(attacked(wide, THREE_SMALL_SCHOOLS))


def test_what_all_of_a_larger_sum_agree_on_is_counted_but_not_found(wide: District):
    said = [(school, 4, {"proficiency_word": 0}) for school in SCHOOLS[:3]]
    wave = store_answers(wide, [*said, ("darwin", 20, {"proficiency_word": 1})])
    found = attack(wide.store, wide.codebook, 0.6, wave=wave)
    assert found.found == ()
    assert found.unanimous == 3 * 3, "of three hidden schools: nobody is at one of the other three levels"


def test_totals_of_schools_do_not_tell_the_numbers_of_their_small_roles(wide: District):
    """Ada's 3 and Bell's 6 are never hidden, and all of Bell's are teachers; Ada's are in no sum."""
    found = attacked(wide, [[1, 2, 0, 0], [6, 0, 0, 0], [30, 20, 0, 0], [30, 20, 0, 0]])
    assert (found.found, found.respondents) == ((), 0)


def test_the_attack_reads_every_wave_every_role_and_every_table_with_numbers(store, codebook: Codebook):
    district = District(store, codebook)
    district.answers("lincoln", 7, wave="Fall 2026", proficiency_word=1)
    district.answers("madrona", 3, wave="Spring 2027", proficiency_word=1)
    found = attack(store, codebook, 0.6)
    assert found.waves == ("Fall 2026", "Spring 2027")
    assert found.filters == ("", *codebook.labels("role"))
    one_wave = {name: table(district.survey()) for name, table in tables.TABLES.items()}
    with_numbers = {name for name, table in one_wave.items() if any(dtype.is_numeric() for dtype in table.dtypes)}
    assert set(found.tables) == with_numbers - {"verdicts"}, "verdicts are no sums: see `published.collect`"
    assert found.numbers > 1000


def test_an_empty_store_has_nothing_to_find(store, codebook: Codebook):
    found = attack(store, codebook, 0.6)
    assert (found.waves, found.equations, found.hidden, found.found) == ((), 0, 0, ())


def test_what_is_found_does_not_say_what_was_answered(wide: District, monkeypatch: pytest.MonkeyPatch):
    without(monkeypatch, "together")
    told = []
    for level in (0, 3):
        rest = [(school, 20, {"proficiency_word": 1}) for school in SCHOOLS[1:]]
        wave = store_answers(wide, [("ada", 3, {"proficiency_word": level}), *rest])
        found = attack(wide.store, wide.codebook, 0.6, wave=wave).found
        told.append({dataclasses.replace(one, wave_id="") for one in found})
    assert told[0] == told[1] != set()


@pytest.fixture(scope="module")
def sample(sample_district: Path, tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[District]:
    copy = shutil.copy(sample_district, tmp_path_factory.mktemp("attacked") / "pd.duckdb")
    opened = open_store(str(copy), list(codebook.items.values()))
    yield District(opened, codebook)
    opened.close()


def test_nothing_is_found_in_the_sample_district(sample: District):
    found = attack(sample.store, sample.codebook, 0.6)
    assert found.hidden > 1000
    assert found.found == ()


small = st.one_of(st.integers(0, 9), st.sampled_from([0, 1, 1, 2, 4, 20]))
districts = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=small)
)


@settings(max_examples=200)
@given(districts, st.data())
def test_a_set_of_few_is_found_exactly_if_trying_all_sets_finds_one(table: np.ndarray, data: st.DataObject):
    """Any groups at all: no rules have chosen them."""
    shown = data.draw(arrays(np.bool_, (data.draw(st.integers(1, 6)), table.size)))
    few = np.flatnonzero((table.ravel() > 0) & (table.ravel() < 5))
    sets = (np.arange(1, 2**few.size)[:, None] >> np.arange(few.size)) & 1
    sets = sets[(sets * table.ravel()[few]).sum(axis=1) < 5]
    answered = shown[:, table.ravel() > 0].astype(float)
    rank = np.linalg.matrix_rank(answered)

    def follows(cells: list[int]) -> bool:
        mark = np.isin(np.arange(table.size), cells)[table.ravel() > 0]
        return np.linalg.matrix_rank(np.vstack([answered, mark])) == rank

    found = Sums(table, shown).few_together()
    assert all(follows(cells) for cells in found)
    assert bool(found) == any(follows(few[one.astype(bool)].tolist()) for one in sets)


@settings(max_examples=25)
@given(districts.filter(np.any), st.data())
def test_the_numbers_that_agreement_gives_away_are_those_whose_smallest_and_greatest_values_are_one(
    table: np.ndarray, data: st.DataObject
):
    """A solver of whole numbers looks for the smallest and the greatest value of each hidden cell."""
    groups = published_groups(table)
    answers = np.array([data.draw(st.integers(0, min(int(people), 3))) for people in table.ravel()])
    values = (groups @ answers).astype(float)
    sums = Sums(table, groups)
    more = sums.can_be_more_than_0(groups, values)
    cells = np.eye(table.size, dtype=np.bool_)[sums.unknown]
    limits = LinearConstraint(groups.astype(float), values, values) if len(groups) else ()
    people = Bounds(0, np.where(table.ravel() > 0, np.inf, 0))
    for cell, follows in zip(cells, sums.follow(cells, more), strict=True):
        least, most = (
            milp(sign * cell, constraints=limits, integrality=np.ones(table.size), bounds=people) for sign in (1, -1)
        )
        assert follows == (most.status == 0 and round(least.fun) == round(-most.fun))
