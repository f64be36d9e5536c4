"""Whether whoever knows one school's answers can work the other schools' out of the district's weighted shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from pd_core.attack.linear_sums import Numbers
from pd_core.disclosure.suppression import Counts, Flags

_EXACT = 1e-9
"""Half a step of a share that is published as it is."""


@dataclass(frozen=True)
class District:
    """One share of the district as somebody sees it who knows the schools marked `known` (school).

    By school: `people` who answered, their `headcount` and how many of them are `able`; `share`, `count` and their half
    steps: what is published of the district, exact to so much on either side.
    """

    people: Counts
    headcount: Counts
    able: Counts
    known: Flags
    share: float
    share_step: float
    count: float
    count_step: float


def recovered(district: District) -> list[int]:
    """The places of the schools, not known, whose number can only be what it is, the people and weights known.

    It first tries whether one more or fewer, or one in another school, is told from the truth; only where none is not,
    a solver of whole numbers looks for other numbers that fit.
    """
    unknown = np.flatnonzero(~district.known & (district.people > 0))
    if not unknown.size:
        return []
    moved = np.zeros(len(district.people), dtype=np.bool_)
    for step in _steps(district, unknown):
        if _fits(district, district.able + step):
            moved |= step != 0
    stuck = [int(place) for place in unknown if not moved[place]]
    return [place for place in stuck if _is_fixed(district, unknown, place)]


def _steps(district: District, unknown: Counts) -> Iterator[Counts]:
    up = unknown[district.able[unknown] < district.people[unknown]]
    down = unknown[district.able[unknown] > 0]
    unit = np.eye(len(district.people), dtype=np.int64)
    yield from (unit[place] for place in up)
    yield from (-unit[place] for place in down)
    yield from (unit[one] - unit[other] for one in up for other in down if one != other)


def _weights(district: District) -> Numbers:
    weights: Numbers = district.headcount / np.maximum(district.people, 1) / district.headcount.sum()
    return weights


def _fits(district: District, able: Counts) -> bool:
    share, count = float(_weights(district) @ able), float(able.sum())
    return (
        abs(share - district.share) <= district.share_step + _EXACT
        and abs(count - district.count) <= district.count_step
    )


def _is_fixed(district: District, unknown: Counts, place: int) -> bool:
    """Whether the school's number is the same in all whole numbers that fit."""
    known = int(district.able[district.known].sum())
    of_known = float(_weights(district)[district.known] @ district.able[district.known])
    rows = np.stack([np.ones(unknown.size), _weights(district)[unknown]])
    middle = np.array([district.count - known, district.share - of_known])
    step = np.array([district.count_step, district.share_step + _EXACT])
    limits = LinearConstraint(rows, middle - step, middle + step)
    wanted = (unknown == place).astype(np.float64)
    least, most = (
        milp(
            sign * wanted,
            constraints=limits,
            integrality=np.ones(unknown.size),
            bounds=Bounds(0, district.people[unknown]),
        )
        for sign in (1, -1)
    )
    if least.x is None or most.x is None:
        return False
    return bool(round(float(wanted @ least.x)) == round(float(wanted @ most.x)))
