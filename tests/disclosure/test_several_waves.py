"""Which groups may be shown next to those that are: they divide the people of a school without leaving a few over."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pd_core.attack.linear_sums import Sums
from pd_core.disclosure.several_waves import Alike, divides_safely, have_large_patterns

People = list[tuple[int, tuple[bool, ...]]]
"""A role, and of each group whether one is in it."""


def divides(kinds: list[int], inside: list[int], known: list[list[int]], *, are_schools: bool = True) -> bool:
    """Of one school."""
    flags = [np.array(one, dtype=np.bool_) for one in (inside, *known)]
    return bool(
        divides_safely(
            one_school(np.array(kinds)),
            flags[0],
            lambda places: (one[places] for one in flags[1:]),
            are_schools=are_schools,
        )[0]
    )


def one_school(kinds: np.ndarray) -> Alike:
    """One person an entry."""
    none = np.zeros(len(kinds), dtype=np.int64)
    return Alike(none, kinds, none + 1, np.arange(len(kinds)), 1)


def test_a_group_that_splits_a_kind_needs_five_inside_and_five_outside() -> None:
    assert divides([0] * 10, [1] * 5 + [0] * 5, [])
    assert not divides([0] * 10, [1] * 6 + [0] * 4, [])
    assert not divides([0] * 10, [1] * 4 + [0] * 6, [])
    assert divides([0] * 10 + [1] * 3, [1] * 5 + [0] * 5 + [1] * 3, []), "nothing follows of the three"


def test_a_group_that_splits_no_kind_must_be_known_or_leave_none_of_a_few() -> None:
    few = [0] * 10 + [1] * 3
    assert not divides(few, [1] * 10 + [0] * 3, [])
    assert divides(few, [1] * 10 + [0] * 3, [[1] * 10 + [0] * 3]), "known"
    assert divides(few, [1] * 10 + [0] * 3, [[0] * 10 + [1] * 3]), "as the rest"
    assert divides(few, [1] * 13, []), "everyone"
    assert divides(few, [0] * 13, []), "no one"
    assert divides([0] * 10 + [1] * 5, [1] * 10 + [0] * 5, [])
    assert not divides([0] * 10 + [1] * 5, [1] * 10 + [0] * 5, [], are_schools=False), "other roles may follow"


def test_no_one_or_five_answered_in_just_the_same_waves() -> None:
    units = np.repeat([0, 1], 10)
    patterns = np.array([3] * 5 + [1] * 5 + [3] * 6 + [2] * 4)
    assert have_large_patterns(units, patterns, 3).tolist() == [True, False, True]
    absent = np.where(np.arange(20) < 16, patterns, 0)
    assert have_large_patterns(units, absent, 3).tolist() == [True, True, True], "who answered no wave is in none"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.tuples(*[st.booleans()] * 3), st.sampled_from([1, 2, 5, 8])),
        min_size=1, max_size=10,
    )
)  # fmt: skip
def test_nothing_small_follows_from_groups_that_divide_one_after_the_other(
    cells: list[tuple[int, tuple[bool, ...], int]],
) -> None:
    people = [(role, groups) for role, groups, number in cells for _ in range(number)]
    role = np.array([role for role, _ in people])
    few = np.bincount(role, minlength=3)[role] < 5
    kinds = np.where(few, 3, role)
    shown = [np.ones(len(people), dtype=np.bool_), *(role == one for one in np.unique(role[~few]))]
    small = Sums(np.ones(len(people), dtype=np.int64), np.array(shown))
    if _few(small, shown):
        return  # so many small roles are merged with another
    added: list[np.ndarray] = []
    for place in range(3):
        inside = np.array([groups[place] for _, groups in people])
        if divides_safely(one_school(kinds), inside, lambda places: (one[places] for one in added), are_schools=True)[
            0
        ]:
            added.append(inside)
            shown.append(inside)
            kinds = kinds * 2 + inside
    assert not _few(None, shown)


def _few(_: object, shown: list[np.ndarray]) -> bool:
    """Whether a set of 1 to 4 people follows from these groups: any union of kinds, looked for one by one."""
    groups = np.array(shown)
    kinds, people = np.unique(groups, axis=1, return_counts=True)
    sums = Sums(people, kinds)
    sets = [
        np.isin(np.arange(len(people)), chosen)
        for size in range(1, 5)
        for chosen in combinations(np.flatnonzero(people < 5), size)
        if people[list(chosen)].sum() < 5
    ]
    single = kinds[kinds.sum(axis=1) == 1]
    known = any(people[row.argmax()] < 5 for row in single)
    return known or bool(sets and sums.follow(np.array(sets)).any())
