"""The attack finds what can be found: each rule that is switched off, each number too many; and nothing else."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import Bounds, LinearConstraint, milp

from pd_core.actions.sample import fill_with_sample
from pd_core.attack.attack import BY_PAIR, BY_SUMS, BY_WEIGHTS, ELSEWHERE, Attack, Found, attack
from pd_core.attack.linear_sums import Sums
from pd_core.codebook import Codebook
from pd_core.disclosure import suppressed_frames, suppression
from pd_core.needs import estimates
from pd_core.storage import open_store
from pd_core.summaries import tables
from tests.attack.attacking import SCHOOLS, published_groups, store_answers, store_wave, wide_district
from tests.disclosure.test_suppression import COMPLEMENT, REMAINDER, without
from tests.district import District

SMALL_ROLE = [[30, 20, 3, 0], [30, 20, 12, 0], [30, 25, 14, 0], [30, 25, 14, 0]]
SMALL_SCHOOL = [[3, 0, 0, 0], [20, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]
TWO_SMALL_SCHOOLS = [[2, 0, 0, 0], [2, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]
PROFICIENT, SUBSTITUTING = {"proficiency_word": 2}, {"samr_word": 1}


@pytest.fixture(scope="module")
def wide(shared_district: District) -> District:
    return wide_district(shared_district)


def attacked(district: District, table: list[list[int]]) -> Attack:
    """The attack on a new wave with so many people of each school and role."""
    wave = store_wave(district, np.array(table))
    return attack(district.store, district.codebook, 0.6, wave=wave)


def ways(found: Attack) -> set[str]:
    return {one.how for one in found.found}


@pytest.mark.parametrize("table", [SMALL_ROLE, SMALL_SCHOOL, TWO_SMALL_SCHOOLS])
def test_with_all_rules_on_nothing_is_found_though_groups_are_hidden(wide: District, table: list[list[int]]):
    found = attacked(wide, table)
    assert found.found == ()
    assert found.hidden > 0
    assert found.equations > 0


def test_without_the_rule_of_five_small_groups_are_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(suppression, "FEWEST", 1)
    found = attacked(wide, SMALL_ROLE)
    assert Found(
        found.waves[0], ("samr-levels",), "samr_word", "ada", "specialist", BY_SUMS
    ) in found.found, "a shown group of 3 is not found"  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "table"),
    [
        ((REMAINDER, COMPLEMENT), TWO_SMALL_SCHOOLS),
        ((COMPLEMENT,), SMALL_SCHOOL),
        ((COMPLEMENT,), SMALL_ROLE),
    ],
)
def test_without_the_rules_of_the_remainder_or_the_complement_the_rest_is_found(
    wide: District, monkeypatch: pytest.MonkeyPatch, rules: tuple[int, ...], table: list[list[int]]
):
    without(monkeypatch, *rules)
    assert BY_SUMS in ways(attacked(wide, table))


def test_without_a_look_at_sums_across_roles_a_school_is_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(suppression._Table, "hide_more", lambda self: self._complete_rows())
    found = attacked(wide, SMALL_ROLE)
    assert ("ada", "specialist") in {(one.school, one.role) for one in found.found if one.how == BY_SUMS}


def test_a_hidden_number_that_stands_in_another_table_is_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(tables.TABLES, "skill-summary", lambda wave: wave.skill_summary.with_columns(share_low=0.1))
    found = attacked(wide, SMALL_SCHOOL)
    assert {("proficiency_word", "ada", ELSEWHERE)} <= {(one.item, one.school, one.how) for one in found.found}


def test_schools_weighted_each_by_its_own_headcount_are_found(wide: District, monkeypatch: pytest.MonkeyPatch):
    columns = ["school_id", "level", "respondents", "headcount"]
    monkeypatch.setattr(
        suppressed_frames, "_hidden_together", lambda schools, by, count: schools.select(*by, *columns, count)
    )  # fmt: skip
    table = [[3, 0, 0, 0], [4, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]
    assert BY_WEIGHTS in ways(attacked(wide, table))


FEW_SAID_ONE_THING = [
    # Few people said nothing of the other item, in a school that is hidden; those who did all said the same.
    [("ada", 3, PROFICIENT | SUBSTITUTING), ("curie", 4, PROFICIENT | SUBSTITUTING), ("bell", 3, SUBSTITUTING)],
    [("bell", 4, PROFICIENT | SUBSTITUTING), ("darwin", 4, PROFICIENT | SUBSTITUTING), ("ada", 3, PROFICIENT)],
]


@pytest.mark.parametrize("said", FEW_SAID_ONE_THING)
def test_who_waits_tells_nothing_of_the_few_who_said_one_thing(
    wide: District, monkeypatch: pytest.MonkeyPatch, said: list[tuple[str, int, dict[str, object]]]
):
    large = next(school for school in SCHOOLS if school not in {school for school, _, _ in said})
    said = [*said, (large, 20, PROFICIENT | SUBSTITUTING)]
    wave = store_answers(wide, said)
    assert attack(wide.store, wide.codebook, 0.6, wave=wave).found == ()
    monkeypatch.setattr(estimates, "_without_remainders", lambda whole, rules, *_: rules)
    wave = store_answers(wide, said)
    assert BY_PAIR in ways(attack(wide.store, wide.codebook, 0.6, wave=wave))


def test_what_all_of_a_larger_sum_agree_on_is_counted_but_not_found(wide: District):
    hidden = [("ada", 3, {"proficiency_word": 0}), ("bell", 4, {"proficiency_word": 0})]
    shown = [("curie", 20, {"proficiency_word": 3}), ("darwin", 20, {"proficiency_word": 1})]
    wave = store_answers(wide, [*hidden, *shown])
    found = attack(wide.store, wide.codebook, 0.6, wave=wave)
    assert found.found == ()
    assert found.unanimous == 2 * 3, "of two hidden schools: nobody is at one of the other three levels"


def test_numbers_of_respondents_that_totals_give_away_are_counted_but_not_found(wide: District):
    """Ada's 3 and Bell's 6 are never hidden; all of Bell's are teachers, so Ada's teachers can be worked out."""
    found = attacked(wide, [[1, 2, 0, 0], [6, 0, 0, 0], [30, 20, 0, 0], [30, 20, 0, 0]])
    assert found.found == ()
    assert found.respondents > 0


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
    without(monkeypatch, COMPLEMENT)
    told = []
    for level in (0, 3):
        rest = [(school, 20, {"proficiency_word": 1}) for school in SCHOOLS[1:]]
        wave = store_answers(wide, [("ada", 3, {"proficiency_word": level}), *rest])
        found = attack(wide.store, wide.codebook, 0.6, wave=wave).found
        told.append({dataclasses.replace(one, wave_id="") for one in found})
    assert told[0] == told[1] != set()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[District]:
    opened = open_store(str(tmp_path_factory.mktemp("sample") / "pd.duckdb"), list(codebook.items.values()))
    fill_with_sample(opened, codebook)
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
