"""Which figures of matched people are hidden because of what else is shown of the same people.

`two_waves` looks at one group of one pair. Its roles and tables are shown next to it, and with three waves or more a
person can ask for several pairs, and put them together: 25 people answered in waves 1 and 2, 23 of them in 3, so 2 did
not come back. Everything is decided in a fixed order: each new wave with the one before it first, so that what was once
shown stays shown when the next wave comes; of a pair the roles, then their school, then the tables of levels.

4. A group is shown if it *divides* safely those who answered the same wave in its school, or in its role there. These
   are of *kinds*: by role, those of fewer than `MIN_GROUP` taken as one, and by what is shown of them before. Adding
   and subtracting groups, of which one is new, gives all or none of each kind that the new group does not split, and of
   all kinds that it splits either the part inside or the part outside. So no small group follows if both parts have
   `MIN_GROUP` people or more. A group that splits no kind is shown if it is known already, or if every kind of its
   school has `MIN_GROUP`. Where a school's group doesn't divide safely next to its roles, the smallest role goes first.
5. So does each row of a table of levels those who answered the later wave; where a school's rows don't, the table of
   its smallest role goes first.
6. With three waves or more, the *next* pair of a school are a wave and the last one before it in which the school
   answered. Any other pair is shown for all roles together, and only where no one or at least `MIN_GROUP` people
   answered in just the same of all waves so far: who took part in which is then given away by no sum. Next pairs alone
   don't give that away: whatever several of them leave open between those who answered a wave and the one before, and
   those who answered it and the one after, fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pd_core.disclosure.two_waves import MIN_GROUP, Flags

TOGETHER_HIDDEN: Final = "with another pair of waves, these figures would give a few people away"
Codes = npt.NDArray[np.int64]
Known = Callable[[Codes], Iterable[Flags]]
"""Groups that are known: of some places, a flag each for whether they are in it."""


@dataclass(frozen=True)
class Alike:
    """People who answered a wave, an entry those who are alike in all that matters.

    How many `people` they are (1 or more), their `unit`, a school or a role of it (0 to `units` - 1), their `kind` (0
    to a number not far above that of kinds; no two units share one), and their `place` in what groups are made of.
    """

    unit: Codes
    kind: Codes
    people: Codes
    place: Codes
    units: int


def divides_safely(alike: Alike, inside: Flags, known: Known, *, are_schools: bool) -> Flags:
    """Rule 4: of each unit, whether the group of its people who are `inside` may be shown.

    `inside` has a flag for each place; `known` groups are shown already, and whole units are: a kind that the group
    doesn't split is wholly inside or outside of each. `are_schools`: a unit is a whole school, not a role of it.
    """
    unit, kind, people = alike.unit, alike.kind, alike.people
    group, size = inside[alike.place], alike.units
    if not group.any():
        return np.ones(size, dtype=np.bool_)
    of_kind = _people(kind, people)
    within = _people(kind[group], people[group], of_kind.size)
    is_split = (within > 0) & (within < of_kind)
    unit_of = np.zeros(of_kind.size, dtype=np.int64)
    unit_of[kind] = unit
    part_inside = _people(unit_of, np.where(is_split, within, 0), size)
    part_outside = _people(unit_of, np.where(is_split, of_kind - within, 0), size)
    safe: Flags = (part_inside >= MIN_GROUP) & (part_outside >= MIN_GROUP)
    whole = part_inside == 0
    if are_schools:
        is_few = (of_kind > 0) & (of_kind < MIN_GROUP)
        safe |= whole & (np.bincount(unit_of[is_few], minlength=size) == 0)
    left = (whole & ~safe)[unit]
    place, unit, group = alike.place[left], unit[left], group[left]
    everybody = np.bincount(unit, minlength=size)
    for other in (np.ones_like(group), *known(place)):
        differ = np.bincount(unit[group != other], minlength=size)
        safe |= whole & ((differ == 0) | (differ == everybody))
    return safe


def have_large_patterns(units: Codes, patterns: Codes, size: int) -> Flags:
    """Rule 6: of each of `size` units, whether each pattern of waves (one bit a wave) that its people answered in is of
    `MIN_GROUP` people or more; an entry is a person, without those of pattern 0."""
    kinds = np.int64(patterns.max(initial=0)) + 1
    people = pl.Series("code", (units * kinds + patterns)[patterns > 0]).value_counts(name="people")
    few = people.filter(pl.col("people") < MIN_GROUP)["code"].to_numpy() // kinds
    large: Flags = np.bincount(few, minlength=size) == 0
    return large


def _people(places: Codes, people: Codes, size: int = 0) -> Codes:
    return np.bincount(places, people, minlength=size).astype(np.int64)
