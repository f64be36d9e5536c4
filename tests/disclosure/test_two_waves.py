"""What of people who answered in two waves is shown: by school, by role, and how much of their levels."""

from __future__ import annotations

import numpy as np

from pd_core.disclosure.two_waves import (
    HIDDEN,
    LEVELS,
    MOVES,
    PROFICIENT_OR_NOT,
    detail,
    shows_matched,
)


def shown(first: int, second: int, matched: int) -> bool:
    return bool(shows_matched(np.array(first), np.array(second), np.array(matched)))


def test_matched_people_are_shown_where_nobody_or_five_answered_only_once() -> None:
    assert shown(20, 25, 20)
    assert shown(10, 10, 10)
    assert not shown(9, 9, 9), "too few"
    assert not shown(21, 25, 20), "one left"
    assert not shown(20, 24, 20), "four came"
    assert not shown(30, 30, 0)


def test_as_much_of_the_levels_is_shown_as_has_no_row_of_one_to_four() -> None:
    full, halves, moves = np.zeros((3, 4, 4), dtype=np.int64)
    full[0, 1], full[2, 3] = 5, 6
    halves[0, 1], halves[1, 1], halves[3, 3] = 4, 3, 7
    moves[0, 1], moves[3, 3] = 3, 9
    tables = np.stack([full, halves, moves, full])
    found = detail(tables, np.array([True, True, True, False]), proficient=2)
    assert found.tolist() == [LEVELS, PROFICIENT_OR_NOT, MOVES, HIDDEN]
