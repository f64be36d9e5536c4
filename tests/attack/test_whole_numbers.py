"""What only one set of whole numbers fits: small tables whose every solution is tried."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pd_core.attack.weights import District, recovered
from pd_core.attack.whole_numbers import Puzzle, fixed


def test_a_sum_that_nobody_is_in_is_no_puzzle_and_no_find():
    puzzle = Puzzle.of(np.array([[True, True]]), np.array([0.0]), np.array([3, 4]))
    assert puzzle.cells.size == 0
    assert fixed([puzzle], [np.eye(2, dtype=np.bool_)], [np.array([0, 0])]) == []


def test_cells_that_many_numbers_fit_are_not_fixed():
    puzzle = Puzzle.of(np.array([[True, True]]), np.array([3.0]), np.array([3, 4]))
    assert fixed([puzzle], [np.eye(2, dtype=np.bool_)], [np.array([1, 2])]) == []


def test_cells_that_the_most_there_are_and_none_leave_one_number_are_found():
    """8 of 4, 4 at most and 6: 4 + 4 in the first row, and the second has what is left of the columns."""
    rows = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=np.bool_)
    people = np.array([4, 4, 30, 30])
    values = np.array([8.0, 20, 10, 18])
    puzzle = Puzzle(rows, values, people, np.arange(4))
    found = fixed([puzzle], [np.eye(4, dtype=np.bool_)[:2]], [np.array([4, 4, 6, 14])])
    assert {int(np.flatnonzero(cells)[0]) for _, cells in found} <= {0, 1}


def exact(people: list[int], staff: list[int], able: list[int], *, coarse: bool) -> District:
    n, big, x = np.array(people), np.array(staff), np.array(able)
    share, count = float((big * x / n).sum() / big.sum()), float(x.sum())
    known = np.arange(len(people)) == 0
    if coarse:
        return District(n, big, x, known, round(share, 2), 0.005, round(count / 5) * 5, 2.5)
    return District(n, big, x, known, share, 0.0, count, 0.0)


def test_an_exact_weighted_share_gives_the_counts_of_schools_that_are_not_seen():
    assert recovered(exact([20, 31, 17], [40, 60, 29], [9, 12, 5], coarse=False)) == [1, 2]


def test_a_share_in_whole_per_cents_and_a_count_in_steps_of_5_do_not():
    assert recovered(exact([20, 31, 17], [40, 60, 29], [9, 12, 5], coarse=True)) == []


@settings(max_examples=60)
@example(np.array([[4, 1, 1], [1, 1, 1], [7, 8, 1]]), True)
@given(st.integers(2, 3).flatmap(lambda n: arrays(np.int64, (n, 3), elements=st.integers(1, 12))), st.booleans())
def test_what_is_recovered_is_what_trying_all_numbers_recovers(table: np.ndarray, coarse: bool):
    people, extra, able = table.T
    able = np.minimum(able, people)
    district = exact(people.tolist(), (people + extra).tolist(), able.tolist(), coarse=coarse)
    shares, staff = able / people, district.headcount
    rest = float((staff * shares)[1:].sum() / staff[1:].sum())  # of the others, published for the school that is known
    rest = round(rest, 2) if coarse else rest

    def fits_all(numbers: tuple[int, ...]) -> bool:
        all_numbers = np.array([able[0], *numbers])
        by_staff = staff * all_numbers / people
        return (
            abs(all_numbers.sum() - district.count) <= district.count_step + 1e-9
            and abs(by_staff.sum() / staff.sum() - district.share) <= district.share_step + 1e-9
            and abs(by_staff[1:].sum() / staff[1:].sum() - rest) <= district.share_step + 1e-9
        )

    fits = [numbers for numbers in itertools.product(*[range(n + 1) for n in people[1:]]) if fits_all(numbers)]
    assume(fits)
    expected = [place for place in range(1, len(people)) if len({numbers[place - 1] for numbers in fits}) == 1]
    assert recovered(district) == pytest.approx(expected)
