"""Small groups: which are hidden, and that nobody finds out about them by adding and subtracting what is shown."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pd_core.disclosure import suppression
from pd_core.disclosure.suppression import (
    FEWEST,
    MERGED,
    NOT_ENOUGH_SCHOOLS,
    SHOWN,
    TOO_FEW,
    TOO_FEW_ANSWERS,
    Counts,
    Flags,
)
from tests.attack.attacking import found_out, published_groups

small = st.one_of(st.integers(0, 9), st.sampled_from([0, 1, 4, 5, 20]))
districts = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=small)
)


def of_schools(
    *respondents: int, answered: list[int] | None = None, knows: tuple[int, ...] = ()
) -> suppression.Schools:
    knowers = np.isin(np.arange(len(respondents)), knows)[None] if knows else None
    return suppression.hide_schools(np.array(respondents), None if answered is None else np.array(answered), knowers)


def of_roles(*respondents: list[int], answered: list[list[int]] | None = None) -> suppression.Roles:
    table, of_item = np.array(respondents), None if answered is None else np.array(answered)
    totals = None if of_item is None else of_item.sum(axis=1)
    return suppression.hide_roles(table, suppression.hide_schools(table.sum(axis=1), totals), of_item)


def test_a_school_of_four_is_hidden_and_no_other_for_its_sake():
    assert of_schools(30, 12, 4).rules.tolist() == [SHOWN, SHOWN, TOO_FEW]
    assert of_schools(30, 12, 5).rules.tolist() == [SHOWN, SHOWN, SHOWN]


def test_a_school_that_nobody_answered_for_has_nothing_to_hide():
    found = of_schools(30, 0, 30)
    assert found.rules.tolist() == [SHOWN, SHOWN, SHOWN]
    assert found.counted.tolist() == [True, False, True]


def test_small_schools_count_in_the_district_together_if_five_are_left_without_the_largest():
    assert of_schools(30, 4, 4, 1).counted.tolist() == [True, True, True, True]
    assert of_schools(30, 4, 3, 2).together.tolist() == [False, True, True, True]
    assert of_schools(30, 4, 3, 1).counted.tolist() == [True, False, False, False]
    assert of_schools(30, 4, 4).counted.tolist() == [True, False, False]


def test_small_schools_whose_answers_one_person_has_are_not_counted_together():
    assert of_schools(30, 4, 4, 4).counted.all()
    assert of_schools(30, 4, 4, 4, knows=(1, 2)).counted.tolist() == [True, False, False, False]
    assert of_schools(30, 4, 4, 4, knows=(0, 1)).counted.all()


def test_a_district_of_small_schools_alone_is_hidden_unless_they_count_together():
    assert of_schools(2, 2).district == NOT_ENOUGH_SCHOOLS
    assert of_schools(4, 4, 4).district == SHOWN
    assert of_schools(0, 0).district == SHOWN


def test_an_item_that_four_answered_is_hidden_in_that_school_and_in_no_sum():
    found = of_schools(30, 20, answered=[4, 20])
    assert found.rules.tolist() == [TOO_FEW_ANSWERS, SHOWN]
    assert found.counted.tolist() == [False, True]


def test_a_small_school_is_hidden_in_an_item_that_nobody_there_answered():
    assert of_schools(30, 3, answered=[30, 0]).rules.tolist() == [SHOWN, TOO_FEW]


def test_small_schools_of_which_few_answered_an_item_are_not_in_its_sum():
    assert of_schools(30, 4, 4, 4, answered=[30, 4, 4, 4]).counted.all()
    assert of_schools(30, 4, 4, 4, answered=[30, 2, 2, 2]).counted.tolist() == [True, False, False, False]


def test_small_roles_of_a_school_are_merged():
    found = of_roles([30, 3, 4], [30, 20, 20])
    assert found.rules.tolist() == [[SHOWN, TOO_FEW, TOO_FEW], [SHOWN, SHOWN, SHOWN]]
    assert found.merged.tolist() == [[False, True, True], [False, False, False]]


def test_a_single_small_role_is_merged_with_the_smallest_other():
    found = of_roles([30, 20, 3], [30, 20, 12])
    assert found.rules[0].tolist() == [SHOWN, MERGED, TOO_FEW]
    assert found.merged[0].tolist() == [False, True, True]


def test_a_role_that_is_all_of_a_school_is_shown_like_the_school():
    assert of_roles([12, 0], [30, 20]).rules[0].tolist() == [SHOWN, SHOWN]


def test_roles_of_a_hidden_school_are_hidden_and_not_merged():
    found = of_roles([3, 0], [40, 30])
    assert found.rules[0].tolist() == [TOO_FEW, SHOWN]
    assert not found.merged.any()


def test_a_role_of_which_few_answered_an_item_is_merged_for_that_item():
    found = of_roles([30, 20, 12], answered=[[30, 20, 4]])
    assert found.rules[0].tolist() == [SHOWN, MERGED, TOO_FEW_ANSWERS]


def test_a_role_of_the_district_is_what_is_shown_and_the_merged_where_these_are_enough():
    few = of_roles([30, 20, 3], [30, 20, 12])
    assert few.counted[:, 2].tolist() == [False, True]
    assert few.counted[:, 0].all()
    enough = of_roles(*[[30, 20, 3]] * 6)
    assert enough.counted[:, 2].all()
    assert enough.districts.tolist() == [SHOWN, SHOWN, SHOWN]


def test_a_role_that_is_merged_everywhere_and_can_not_be_added_is_hidden_for_the_district():
    assert of_roles([30, 3, 4], [30, 0, 0]).districts.tolist() == [SHOWN, NOT_ENOUGH_SCHOOLS, NOT_ENOUGH_SCHOOLS]


def test_more_roles_than_can_be_looked_at_in_all_combinations_leave_the_smallest_out():
    table = np.random.default_rng(1).integers(1, 5, (9, 14))
    found = suppression.hide_roles(table, suppression.hide_schools(table.sum(axis=1)))
    assert found.counted.any(axis=0).sum() <= suppression.MOST_COLUMNS


BRIDGES = [
    [[3, 6, 9, 9], [6, 6, 2, 9], [9, 9, 6, 6], [9, 9, 6, 3]],
    [[2, 8, 8], [8, 2, 8], [8, 8, 2]],
    [[4, 4, 20], [20, 20, 4], [20, 20, 20]],
    [[3, 2, 6], [6, 6, 6], [2, 9, 6]],
    [[4, 4, 4], [4, 4, 4], [4, 4, 4], [2, 4, 4]],
    [[4, 3, 30], [3, 4, 30], [4, 4, 30], [1, 4, 30], [2, 4, 4]],
]


def follows_by_trying_all_sets(table: Counts, groups: Flags) -> list[tuple[int, ...]]:
    """The sets of whole cells, 1 to 4 people together, that are in the span of the groups: every set is tried."""
    few = [int(cell) for cell in np.flatnonzero((table.ravel() > 0) & (table.ravel() < FEWEST))]
    rows = groups[:, table.ravel() > 0].astype(float)
    rank = np.linalg.matrix_rank(rows) if rows.size else 0
    found = []
    for size in range(1, FEWEST):
        for cells in itertools.combinations(few, size):
            if table.ravel()[list(cells)].sum() < FEWEST:
                mark = np.isin(np.arange(table.size), cells)[table.ravel() > 0]
                if np.linalg.matrix_rank(np.vstack([rows, mark])) == rank:
                    found.append(cells)
    return found


def with_known(table: Counts, groups: Flags, *schools: int) -> Flags:
    """The groups, and every cell of these schools: what somebody has who knows their answers."""
    cells = np.eye(table.size, dtype=np.bool_).reshape(-1, *table.shape)
    own = [cell.ravel() for cell in cells if cell[list(schools)].any()]
    return np.array([*groups, *own], dtype=np.bool_).reshape(-1, table.size)


@pytest.mark.parametrize("district", BRIDGES)
def test_no_set_of_a_few_follows_as_exact_enumeration_finds(district):
    table = np.array(district)
    groups = published_groups(table)
    assert follows_by_trying_all_sets(table, groups) == []
    for school in range(len(table)):
        found = follows_by_trying_all_sets(table, with_known(table, groups, school))
        assert all(any(cell // table.shape[1] == school for cell in cells) for cells in found), (
            f"{school} learns {found}"
        )


@settings(max_examples=400)
@given(districts)
def test_no_sum_of_what_is_shown_tells_what_fewer_than_five_people_answered(table):
    assert found_out(table, published_groups(table)) == [], f"{table.tolist()} gives away these cells together"


def others_found(table: Counts, groups: Flags, *schools: int) -> list[list[int]]:
    return [
        few
        for few in found_out(table, with_known(table, groups, *schools))
        if all(cell // table.shape[1] not in schools for cell in few)
    ]


@settings(max_examples=150)
@given(districts)
def test_whoever_knows_the_answers_of_one_school_learns_none_of_a_few_elsewhere(table):
    groups = published_groups(table)
    for school in range(table.shape[0]):
        assert others_found(table, groups, school) == [], f"{table.tolist()}: school {school}"


@settings(max_examples=150)
@given(districts.filter(lambda table: len(table) > 2), st.data())
def test_whoever_knows_the_answers_of_two_schools_learns_none_of_a_few_elsewhere(table, data):
    known = data.draw(st.lists(st.integers(0, len(table) - 1), min_size=2, max_size=2, unique=True))
    groups = published_groups(table, np.isin(np.arange(len(table)), known)[None])
    assert others_found(table, groups, *known) == [], f"{table.tolist()}: {known}"


@settings(max_examples=200)
@given(districts)
def test_what_is_hidden_has_a_reason_and_small_groups_alone_are_hidden(table):
    schools = suppression.hide_schools(table.sum(axis=1))
    roles = suppression.hide_roles(table, schools)
    for people, rules in ((table, roles.rules), (table.sum(axis=1), schools.rules)):
        assert (rules[people == 0] == SHOWN).all(), "a group of nobody is hidden"
        assert (rules[(people > 0) & (people < FEWEST)] == TOO_FEW).all(), "a small group is not hidden as one"
    assert (schools.rules[table.sum(axis=1) >= FEWEST] == SHOWN).all(), "a school is hidden for another's sake"
    merged = (table * roles.merged).sum(axis=1)
    assert ((merged == 0) | (merged >= FEWEST)).all(), "other roles together are too few"
    assert set(np.unique([*roles.rules.ravel(), *schools.rules])) <= set(suppression.REASONS)
    if (table[table > 0] >= FEWEST).all():
        assert not roles.rules.any(), "no group is small, but one is hidden"


def without(monkeypatch: pytest.MonkeyPatch, *rules: str) -> None:
    """Switches rules off: schools (1), together (2), answers (3), roles (4), null_space (5)."""
    never: dict[str, Callable[..., object]] = {
        "together": lambda people, knowers: True,
        "null_space": lambda *_: False,
        "roles": lambda merged, people: merged,
    }
    names = {"together": "_may_stand_together", "null_space": "_gives_a_few_away", "roles": "_with_smallest_other"}
    for rule in rules:
        monkeypatch.setattr(suppression, names[rule], never[rule])


@pytest.mark.parametrize(
    ("rules", "district", "known"),
    [
        (("together",), [[30, 0], [2, 0], [2, 0]], ()),
        (("together",), [[30, 0], [4, 0], [3, 0]], (1,)),
        (("roles",), [[30, 20, 3], [30, 20, 12]], ()),
        (("together", "null_space"), [[30, 20, 3], [30, 20, 12]], ()),
    ],
)
def test_each_rule_is_needed(monkeypatch, rules, district, known):
    table = np.array(district)
    assert others_found(table, published_groups(table), *known) == []
    without(monkeypatch, *rules)
    assert others_found(table, published_groups(table), *known), "nothing is found where it should: it proves nothing"


def test_sums_of_several_roles_are_looked_at_together(monkeypatch):
    """Each role's merged cells may be added alone; both together would leave the third school's few."""
    table = np.array([[30, 4, 4, 0], [30, 4, 4, 0], [30, 4, 4, 2], [30, 4, 4, 0]])
    assert found_out(table, published_groups(table)) == []
    without(monkeypatch, "null_space")
    assert found_out(table, published_groups(table)), "nothing is found where it should: it proves nothing"
