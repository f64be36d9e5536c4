"""Which sums of people are shown, so that no small one can be worked out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pd_core.disclosure.sums import RowSpace, follow, hidden_sums


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


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_what_follows_is_known_as_one_group_after_the_other_is_hidden(seed: int) -> None:
    source = np.random.default_rng(seed)
    shown, targets = source.random((9, 6)) < 0.4, source.random((7, 6)) < 0.4
    targets = np.vstack([targets, shown])
    space = RowSpace(shown, targets)
    while len(shown):
        assert space.follow.tolist() == follow(shown, targets).tolist()
        added_up = space.weights(shown) @ shown.astype(float)
        assert np.allclose(added_up, targets[space.follow])
        space.leave(shown[-1])
        shown = shown[:-1]
    assert space.follow.tolist() == (~targets.any(axis=1)).tolist()


def test_of_400_sessions_no_small_one_follows_and_most_are_shown() -> None:
    source = np.random.default_rng(3)
    people = source.integers(1, 14, 400)
    of = [source.integers(0, kinds, 400) for kinds in (60, 18, 44)]
    kinds = [np.arange(400), of[0] * 18 + of[1], *of, np.zeros(400, dtype=np.int64)]
    groups = np.vstack([np.unique(kind)[:, None] == kind[None, :] for kind in kinds])
    hidden, totals = hidden_sums(groups, people, kept=400), groups @ people
    small = totals < 5
    assert hidden[small].all() and 0.4 < (~hidden).mean() < 0.8
    whole = np.linalg.matrix_rank(groups[~hidden].astype(float))
    for group in groups[small][::20]:  # by another way: a group that followed would leave the rank as it is
        assert np.linalg.matrix_rank(np.vstack([groups[~hidden], group]).astype(float)) == whole + 1
