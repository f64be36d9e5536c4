"""Three waves or four, all pairs of them put together, give no group of 1 to 4 away; without a rule, they would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import numpy as np
import polars as pl
import pytest

from pd_core.attack.by_pairs import BACKWARD
from pd_core.attack.by_participation import BY_PATTERNS
from pd_core.attack.findings import BY_SUMS, Found
from pd_core.disclosure import two_waves
from pd_core.disclosure.several_waves import Alike
from pd_core.survey import divided_waves, pairs_together
from pd_core.survey.matched_people import MatchedPeople
from tests.attack.several_waves import Groups, found, waves_of
from tests.district import District
from tests.summaries.two_waves import LATER, NOW, THEN, grown

BACKWARD_AS_IT_IS = MatchedPeople.backward

STEADY: Groups = [("teacher", 15, (1, 2, 2)), ("teacher", 15, (2, 2, 3))]
"""Everyone answers each time."""
NEWCOMERS_LEAVE: Groups = [
    ("teacher", 15, (1, 2, 2)), ("teacher", 5, (2, 2, None)), ("teacher", 3, (None, 1, 2)),
    ("teacher", 2, (None, 2, None)), ("teacher", 5, (None, None, 1)),
]  # fmt: skip
"""Five came in the second wave, and two of them left again: each two waves alone let everything be shown."""
FEW_IN_A_ROLE: Groups = [
    *(("paraeducator", people, history) for _, people, history in NEWCOMERS_LEAVE),
    ("teacher", 12, (1, 2, 2)), ("teacher", 6, (1, 2, None)), ("teacher", 6, (None, 1, 2)),
    ("teacher", 6, (None, 2, None)),
]  # fmt: skip
"""The same of paraeducators, among teachers who come and go."""
ONCE_IN_THE_LAST: Groups = [
    ("teacher", 20, (1, 2, 2)), ("teacher", 10, (2, None, 2)), ("teacher", 5, (None, 2, 2)),
    ("teacher", 5, (None, 2, None)), ("teacher", 2, (None, None, 3)),
]  # fmt: skip
"""Two answered the last wave alone: that follows though no one's answers do."""
MOVED_A_LEVEL: Groups = [("teacher", 13, (1, 1, 2)), ("teacher", 12, (2, 2, 3)), ("teacher", 2, (1, 2, 1))]
"""Two rose a level between the first waves: the rows of two tables of the last wave differ by them."""
CHAIN: Groups = [
    ("teacher", 1, (1, 1, None, None)), ("teacher", 14, (1, 1, 2, None)), ("teacher", 14, (None, 1, 2, 2)),
    ("teacher", 3, (None, 1, None, 2)), ("teacher", 9, (None, 1, None, None)), ("teacher", 8, (2, None, None, None)),
    ("teacher", 8, (None, None, 1, None)), ("teacher", 6, (None, None, None, 1)),
]  # fmt: skip
"""Of the second wave, 15 answered the first, 28 the third, and 17 the fourth: added up by turns, that leaves four."""
COLUMN_OF_MANY: Groups = [("teacher", 14, (0, 1)), ("teacher", 3, (2, 3)), ("teacher", 9, (0, 3))]
"""Three started at level 2; of those at each level in the end, there are many."""


def ways(district: District, of: str) -> list[Found]:
    """What is found in this way, of all waves together."""
    return [one for one in found(district) if one.how.startswith(of) and LATER in one.wave_id]


def matched(district: District, one: str, other: str, role: str | None = None) -> int | None:
    rows = grown(district, from_wave=one, to_wave=other, role=role).changes
    (people,) = rows.filter(pl.col("school_id") == "lincoln")["matched"]
    return people


def everything_divides(alike: Alike, *_: object, **__: object) -> np.ndarray:
    return np.ones(alike.units, dtype=np.bool_)


def every_pattern(units: object, patterns: object, size: int) -> np.ndarray:
    return np.ones(size, dtype=np.bool_)


Switched = tuple[tuple[ModuleType, str, Callable[..., object]], ...]
DIVIDES: Switched = ((divided_waves, "divides_safely", everything_divides),)
PATTERNS: Switched = ((pairs_together, "have_large_patterns", every_pattern),)
RULES: dict[str, tuple[Switched, Groups, str]] = {
    "4: a pair divides a wave": (DIVIDES, NEWCOMERS_LEAVE, BY_SUMS),
    "4: so does each role of it": (DIVIDES, FEW_IN_A_ROLE, BY_SUMS),
    "4 and 6: three pairs with one wave": ((*DIVIDES, *PATTERNS), CHAIN, BY_SUMS),
    "6: no one or five in each pattern of waves": (PATTERNS, ONCE_IN_THE_LAST, BY_PATTERNS),
    "5: rows of levels divide a wave": (DIVIDES, MOVED_A_LEVEL, BY_SUMS),
}
FIRST, *OTHERS = RULES


@pytest.mark.parametrize("rule", [FIRST, *(pytest.param(rule, marks=pytest.mark.slow) for rule in OTHERS)])
def test_each_rule_is_needed(small_district: District, monkeypatch: pytest.MonkeyPatch, rule: str):
    switched, groups, how = RULES[rule]
    waves_of(small_district, groups)
    assert found(small_district) == ()
    for module, name, instead in switched:
        monkeypatch.setattr(module, name, instead)
    small_district.answers("madison", 6, wave="Another", proficiency_excel=1)  # a new version: nothing is kept
    assert ways(small_district, how), "nothing is found where it should: it proves nothing"


def test_a_wave_is_followed_to_the_next_and_what_was_shown_stays_shown(small_district: District):
    waves_of(small_district, [(role, people, history[:2]) for role, people, history in NEWCOMERS_LEAVE])
    assert matched(small_district, THEN, NOW) == 20
    assert matched(small_district, THEN, NOW, "teacher") == 20
    waves_of(small_district, NEWCOMERS_LEAVE)
    assert matched(small_district, THEN, NOW) == 20
    assert matched(small_district, NOW, LATER) is None, "three of five came again"
    assert matched(small_district, THEN, LATER) is None, "nor is who left told by leaving the second out"


def test_where_the_same_people_answer_each_time_every_pair_is_shown(small_district: District):
    waves_of(small_district, STEADY)
    rows = grown(small_district, from_wave=THEN, to_wave=LATER).transitions
    assert matched(small_district, THEN, LATER) == 30
    assert rows.filter(pl.col("school_id") == "lincoln").height == 16, "all levels"
    assert found(small_district) == ()


def test_people_who_come_and_go_are_followed_from_each_wave_to_the_next(small_district: District):
    patterns = {(1, 1, 1): 18, (1, 1, 0): 7, (0, 1, 1): 6, (1, 0, 1): 3, (1, 0, 0): 9, (0, 1, 0): 4, (0, 0, 1): 8}
    waves_of(
        small_district,
        [("teacher", people, tuple(2 if there else None for there in of)) for of, people in patterns.items()],
    )
    assert matched(small_district, THEN, NOW) == 25
    assert matched(small_district, NOW, LATER) == 24
    assert matched(small_district, NOW, LATER, "teacher") == 24
    rows = grown(small_district, from_wave=THEN, to_wave=LATER)
    assert matched(small_district, THEN, LATER) is None, "three of them did not answer in between"
    (reason,) = rows.transitions.filter(pl.col("school_id") == "lincoln")["reason"]
    assert "another pair of waves" in reason
    change = rows.changes.filter(pl.col("school_id") == "lincoln")
    assert change["change_low"].null_count() == 0, "the change is that of all who answered"


def test_a_school_that_left_out_a_wave_is_followed_over_it(small_district: District):
    waves_of(small_district, [("teacher", 20, (1, None, 2)), ("teacher", 6, (2, None, None))])
    assert matched(small_district, THEN, LATER, "teacher") == 20


@pytest.mark.slow
def test_backward_nothing_more_is_shown(small_district: District, monkeypatch: pytest.MonkeyPatch):
    waves_of(small_district, COLUMN_OF_MANY)
    assert found(small_district) == ()
    monkeypatch.setattr(MatchedPeople, "backward", counted_backward)
    small_district.answers("madison", 6, wave="Another", proficiency_excel=1)
    assert BACKWARD in {one.how for one in found(small_district)}


def counted_backward(people: MatchedPeople) -> MatchedPeople:
    """The pair the other way round, as if there were no other way."""
    found = BACKWARD_AS_IT_IS(people)
    return replace(found, details=two_waves.detail(found.all_tables, found.shown, 2))
