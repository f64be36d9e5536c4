"""Small groups: which are hidden, and that nobody finds out about them by adding and subtracting what is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pd_core.disclosure import suppression
from pd_core.disclosure.suppression import COMPLEMENT, REMAINDER, SHOWN, TOO_FEW
from tests.attack.attacking import found_out, hidden_cells_found_out, published_groups

districts = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=small)
)


def of_schools(*respondents: int, order: list[int] | None = None) -> tuple[list[int], int]:
    hidden = suppression.hide_schools(np.array(respondents), None if order is None else np.array(order))
    return hidden.schools.tolist(), hidden.district


def of_roles(*respondents: list[int]) -> tuple[list[list[int]], list[int]]:
    table = np.array(respondents)
    cells, roles = suppression.hide_roles(table, suppression.hide_schools(table.sum(axis=1)))
    return cells.tolist(), roles.tolist()


def test_a_group_of_four_is_hidden_and_a_group_of_five_is_not():
    assert of_schools(30, 30, 4, 4)[0] == [SHOWN, SHOWN, TOO_FEW, TOO_FEW]
    assert of_schools(30, 30, 5, 5)[0] == [SHOWN, SHOWN, SHOWN, SHOWN]


def test_a_school_that_nobody_answered_for_has_nothing_to_hide():
    assert of_schools(30, 0, 30) == ([SHOWN, SHOWN, SHOWN], SHOWN)


def test_a_total_that_leaves_four_people_beside_one_school_is_hidden():
    assert of_schools(30, 2, 2) == ([SHOWN, TOO_FEW, TOO_FEW], REMAINDER)
    assert of_schools(30, 2, 3) == ([SHOWN, TOO_FEW, TOO_FEW], SHOWN)
    assert of_schools(30) == ([SHOWN], SHOWN)


@settings(max_examples=100)
@given(districts)
def test_whoever_knows_the_answers_of_one_school_learns_none_of_a_few_elsewhere(table):
    """From the district's figures, for everybody and for each role; others' schools are not theirs to see."""
    groups = published_groups(table)
    of_district = [group for group in groups if group.reshape(table.shape).any(axis=1).all()]
    for school in range(table.shape[0]):
        own = [np.arange(table.size).reshape(table.shape) == cell for cell in range(table.size)]
        own = [one.ravel() for one in own if one[school].any()]
        known = np.array([*of_district, *own], dtype=np.bool_).reshape(-1, table.size)
        few = [cells for cells in found_out(table, known) if all(cell // table.shape[1] != school for cell in cells)]
        assert few == [], f"{table.tolist()}: school {school} learns of {few}"


def test_beside_a_single_hidden_group_the_next_smallest_is_hidden():
    assert of_schools(30, 3, 12, 20)[0] == [SHOWN, TOO_FEW, COMPLEMENT, SHOWN]


def test_hidden_groups_of_fewer_than_five_together_take_one_more_along():
    assert of_schools(30, 2, 2, 20)[0] == [SHOWN, TOO_FEW, TOO_FEW, COMPLEMENT]


def test_the_school_that_goes_along_can_be_the_same_for_all_items():
    assert of_schools(30, 3, 12, 20, order=[30, 3, 25, 20])[0] == [SHOWN, TOO_FEW, SHOWN, COMPLEMENT]


def test_a_district_of_four_people_is_hidden_as_a_whole():
    assert of_schools(2, 2) == ([TOO_FEW, TOO_FEW], TOO_FEW)
    assert of_roles([2, 0], [1, 1]) == ([[TOO_FEW, SHOWN], [TOO_FEW, TOO_FEW]], [TOO_FEW, TOO_FEW])


def test_a_district_without_answers_hides_nothing():
    assert of_schools(0, 0) == ([SHOWN, SHOWN], SHOWN)
    assert of_roles([0, 0]) == ([[SHOWN, SHOWN]], [SHOWN, SHOWN])


def test_a_small_role_in_one_school_hides_a_rectangle_so_that_no_row_and_no_column_gives_it_away():
    cells, roles = of_roles([30, 20, 3], [30, 20, 12], [30, 25, 14])
    assert cells == [[SHOWN, COMPLEMENT, TOO_FEW], [SHOWN, COMPLEMENT, COMPLEMENT], [SHOWN, SHOWN, SHOWN]]
    assert roles == [SHOWN, SHOWN, SHOWN]


def test_a_role_that_is_all_of_a_school_is_shown_like_the_school():
    cells, _ = of_roles([12, 0], [30, 20])
    assert cells[0] == [SHOWN, SHOWN]


def test_roles_of_a_hidden_school_are_hidden():
    cells, _ = of_roles([3, 0], [6, 1], [40, 30])
    assert cells[0] == [TOO_FEW, SHOWN]
    assert cells[1] == [COMPLEMENT, TOO_FEW], "the school of 7 is hidden beside the one of 3"


def test_more_roles_than_can_be_looked_at_in_all_combinations_hide_the_smallest_roles_totals():
    table = np.random.default_rng(1).integers(1, 9, (4, 14))
    _, roles = of_roles(*table.tolist())
    assert sum(rule == SHOWN for rule in roles) <= suppression.MOST_COLUMNS
    assert not found_out(table[:, :4], published_groups(table[:, :4]))


BRIDGES = [
    # Rows and columns are each safe, but two hidden rectangles hang together by one cell.
    [[3, 6, 9, 9], [6, 6, 2, 9], [9, 9, 6, 6], [9, 9, 6, 3]],
    [[2, 8, 8], [8, 2, 8], [8, 8, 2]],
    [[4, 4, 20], [20, 20, 4], [20, 20, 20]],
    [[3, 2, 6], [6, 6, 6], [2, 9, 6]],
]
small = st.one_of(st.integers(0, 9), st.sampled_from([0, 1, 4, 5, 20]))


@pytest.mark.parametrize("district", BRIDGES)
def test_nobody_is_found_out_through_rectangles_that_hang_together(district):
    table = np.array(district)
    assert found_out(table, published_groups(table)) == []
    assert hidden_cells_found_out(table, published_groups(table)) == []


@settings(max_examples=400)
@given(districts)
def test_no_sum_of_what_is_shown_tells_what_fewer_than_five_people_answered(table):
    groups = published_groups(table)
    assert found_out(table, groups) == [], f"{table.tolist()} gives away these cells together"
    assert hidden_cells_found_out(table, groups) == [], f"{table.tolist()} gives away hidden cells"


@settings(max_examples=200)
@given(districts)
def test_what_is_hidden_has_a_reason(table):
    hidden = suppression.hide_schools(table.sum(axis=1))
    cells, roles = suppression.hide_roles(table, hidden)
    for people, rules in ((table, cells), (table.sum(axis=0), roles), (table.sum(axis=1), hidden.schools)):
        assert (rules[people == 0] == SHOWN).all(), "a group of nobody is hidden"
        assert (rules[(people > 0) & (people < 5)] == TOO_FEW).all(), "a small group is not hidden as one"
    if (table[table > 0] >= 5).all():
        assert not cells.any(), "no group is small, but one is hidden"


def without(monkeypatch: pytest.MonkeyPatch, *rules: int) -> None:
    """Switches rules off."""
    first_rules = suppression._first_rules

    def fewer(respondents: np.ndarray, total: np.ndarray) -> np.ndarray:
        found = first_rules(respondents, total)
        found[np.isin(found, rules)] = SHOWN
        return found

    monkeypatch.setattr(suppression, "_first_rules", fewer)
    if REMAINDER in rules:
        monkeypatch.setattr(suppression, "_is_nearly_one", lambda people: np.zeros(people.shape[1:], dtype=np.bool_))
    if COMPLEMENT in rules:
        monkeypatch.setattr(suppression, "_complete", lambda *_: None)
        monkeypatch.setattr(suppression._Table, "hide_more", lambda _: False)


@pytest.mark.parametrize(
    ("rules", "district"),
    [
        ((TOO_FEW,), [[4, 0], [30, 0], [30, 0]]),
        ((TOO_FEW,), [[4, 30, 30], [30, 30, 30], [30, 30, 30]]),
        ((REMAINDER, COMPLEMENT), [[30, 0], [2, 0], [2, 0]]),
        ((REMAINDER, COMPLEMENT), [[30, 2, 2], [30, 9, 9]]),
        ((COMPLEMENT,), [[30, 0], [20, 0], [3, 0]]),
        ((COMPLEMENT,), [[30, 20, 3], [30, 20, 12]]),
    ],
)
def test_each_rule_is_needed(monkeypatch, rules, district):
    table = np.array(district)
    assert found_out(table, published_groups(table)) == []
    without(monkeypatch, *rules)
    assert found_out(table, published_groups(table)), "the attack finds nothing where it should: it proves nothing"


def test_rows_and_columns_alone_would_not_do(monkeypatch):
    """The third rule looks at what follows from several rows and columns together, not only at each of them."""
    table = np.array([[30, 20, 3], [30, 20, 12], [30, 25, 14]])
    monkeypatch.setattr(suppression._Table, "hide_more", lambda self: self._complete_rows())
    assert found_out(table, published_groups(table))
