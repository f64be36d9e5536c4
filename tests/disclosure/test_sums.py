"""Which sums of people are shown, so that no small one can be worked out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pd_core.disclosure.sums import follow, hidden_sums


def test_a_small_group_is_hidden_and_so_is_the_sum_that_would_give_it_away() -> None:
    people = np.array([12, 3, 8])
    groups = np.vstack([np.eye(3, dtype=bool), np.ones((1, 3), dtype=bool)])
    assert hidden_sums(groups, people, kept=3).tolist() == [False, True, False, True]
    assert hidden_sums(groups, people).tolist() == [False, True, True, False]
    worth = np.array([0, 0, 1, 2])
    assert hidden_sums(groups, people, worth=worth).tolist() == [True, True, False, False]


def test_a_group_that_follows_from_shown_ones_all_the_same_is_shown() -> None:
    people = np.array([12, 3])
    groups = np.array([[1, 0], [0, 1], [1, 1], [1, 1]], dtype=bool)
    assert hidden_sums(groups, people, worth=np.array([0, 0, 1, 2])).tolist() == [True, True, False, False]
    assert hidden_sums(groups, people, worth=np.array([1, 0, 0, 0])).tolist() == [False, True, True, True]


def test_two_small_groups_hide_each_other_in_a_sum() -> None:
    people = np.array([12, 3, 4])
    groups = np.vstack([np.eye(3, dtype=bool), np.ones((1, 3), dtype=bool)])
    assert hidden_sums(groups, people).tolist() == [False, True, True, False]


def test_groups_of_no_one_are_shown() -> None:
    assert hidden_sums(np.ones((1, 2), dtype=bool), np.zeros(2, dtype=np.int64)).tolist() == [False]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nothing_small_follows_from_what_is_shown(data: st.DataObject) -> None:
    parts = data.draw(st.integers(1, 7))
    people = np.array(data.draw(st.lists(st.integers(0, 12), min_size=parts, max_size=parts)))
    rows = data.draw(st.lists(st.lists(st.booleans(), min_size=parts, max_size=parts), min_size=1, max_size=9))
    groups = np.array(rows, dtype=bool)
    hidden = hidden_sums(groups, people)
    totals = groups @ people
    assert hidden[(totals > 0) & (totals < 5)].all()
    small = groups[(totals > 0) & (totals < 5)]
    assert not follow(groups[~hidden & (totals > 0)], small).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_few_groups_of_many_parts_are_taken_apart_the_same_way_as_many_of_few(seed: int) -> None:
    source = np.random.default_rng(seed)
    shown = source.random((4, 4)) < 0.5
    targets = source.random((9, 4)) < 0.5
    wide = [np.hstack([flags, np.zeros((len(flags), 3), dtype=bool)]) for flags in (shown, targets)]
    assert follow(*wide).tolist() == follow(shown, targets).tolist()
