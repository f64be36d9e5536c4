"""Whether those who know a school's answers can work the other schools' out of the district's weighted shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from pd_core.access import DISTRICT, Scope
from pd_core.attack.linear_sums import Numbers
from pd_core.codebook import Codebook
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.storage import Store
from pd_core.survey.beyond_scope import unscoped
from pd_core.survey.scoped_survey import Survey, survey

_EXACT = 1e-9
"""Half a step of a share that is published as it is."""
_ROUNDED = (0.005, STEP_OF_PEOPLE / 2)


@dataclass(frozen=True)
class District:
    """One share of the district as a person sees it who knows the schools marked `known` (school).

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


def numbers_recovered(
    store: Store, codebook: Codebook, target_share: float, wave_id: str, scope: Scope, knows: frozenset[str]
) -> int:
    """How many numbers of the proficient, of schools outside `scope`, its people can work out who know the answers of
    `knows`: the weights and the numbers of respondents known."""
    own = survey(store, codebook, wave_id, None, target_share, scope)
    exact = own.kept((__name__, "exact districts"), lambda: _exact_districts(own))
    seen = own.skill_summary.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null())
    number = 0
    for skill_id, share, count in seen.select("skill_id", "share", "proficient").iter_rows():
        if skill_id in exact:
            school_ids, district = exact[skill_id]
            is_exact = share == district.share and count == district.count
            share_step, count_step = (0.0, 0.0) if is_exact else _ROUNDED
            known = np.array([*(school_id in knows for school_id in school_ids), False])
            of_own = replace(
                district, known=known, share=share, share_step=share_step, count=count, count_step=count_step
            )
            number += sum(place < len(school_ids) for place in recovered(of_own))
    return number


def _exact_districts(of_wave: Survey) -> dict[str, tuple[list[str], District]]:
    """By skill, its shown schools and the district as it is: of these and, last, what is left of its sums: small
    schools together. Skills whose district has no headcount are absent."""
    rows = unscoped(of_wave, "skill_shares").filter(pl.col("share").is_not_null())
    found = {}
    for (skill_id,), of_skill in rows.group_by("skill_id"):
        district, schools = of_skill.row(-1, named=True), of_skill.head(-1)
        if district["headcount"]:
            columns = ("respondents", "headcount", "proficient")
            people, staff, able = (np.append(schools[name].fill_null(0).to_numpy(), 0) for name in columns)
            for numbers, name in ((people, "respondents"), (able, "proficient")):
                numbers[-1] = district[name] - numbers.sum()
            staff[:-1] = np.where(staff[:-1] > 0, np.maximum(staff, people)[:-1], 0)
            staff[-1] = district["headcount"] - staff.sum()
            nothing_known = np.zeros(len(people), dtype=np.bool_)
            share, count = district["share"], district["proficient"]
            exact = District(people, staff, able, nothing_known, share, 0.0, count, 0.0)
            found[str(skill_id)] = schools["school_id"].to_list(), exact
    return found


def recovered(district: District) -> list[int]:
    """The places of the schools, not known, whose number can only be what it is, the people and weights known.

    It first tries numbers with one more or fewer, or with one in another school; only where each of them shows, a
    solver of whole numbers looks for other numbers that fit.
    """
    unknown = np.flatnonzero(~district.known & (district.people > 0))
    if not unknown.size:
        return []
    steps = _steps(district, unknown)
    moved = (steps[_fits(district, district.able + steps)] != 0).any(axis=0)
    stuck = [int(place) for place in unknown if not moved[place]]
    return [place for place in stuck if _is_fixed(district, unknown, place)]


def _steps(district: District, unknown: Counts) -> Counts:
    """By what numbers differ (step, school) that are looked at first."""
    up = unknown[district.able[unknown] < district.people[unknown]]
    down = unknown[district.able[unknown] > 0]
    unit = np.eye(len(district.people), dtype=np.int64)
    swaps = (unit[up][:, None] - unit[down][None]).reshape(-1, len(unit))
    steps = [unit[up], -unit[down], swaps[swaps.any(axis=1)]]
    return np.concatenate(steps)


def _seen(district: District) -> Iterator[tuple[Numbers, float, float]]:
    """What is seen as sums: what each person adds to it, by school, the number, and how far it may be off.

    The count, the share, and for each school that is known the share of the rest of the district.
    """
    total = district.headcount.sum()
    weights: Numbers = district.headcount / np.maximum(district.people, 1) / total
    yield np.ones(len(weights)), district.count, district.count_step
    yield weights, district.share, district.share_step + _EXACT
    for place in np.flatnonzero(district.known & (district.headcount > 0) & (district.headcount < total)):
        rest = np.where(np.arange(len(weights)) == place, 0, weights) / (1 - district.headcount[place] / total)
        exact = float(rest @ district.able)
        yield rest, round(exact, 2) if district.share_step else exact, district.share_step + _EXACT


def _fits(district: District, able: Counts) -> Flags:
    """Which numbers (row, school) cannot be told from the truth."""
    rows, middle, step = (np.array(parts) for parts in zip(*_seen(district), strict=True))
    fits: Flags = (np.abs(able @ rows.T - middle) <= step).all(axis=1)
    return fits


def _is_fixed(district: District, unknown: Counts, place: int) -> bool:
    """Whether the school's number is the same in all whole numbers that fit."""
    rows, middle, step = (np.array(parts) for parts in zip(*_seen(district), strict=True))
    middle = middle - rows[:, district.known] @ district.able[district.known]
    limits = LinearConstraint(rows[:, unknown], middle - step, middle + step)
    wanted = (unknown == place).astype(np.float64)
    bounds = Bounds(0, district.people[unknown])
    for sign in (1, -1):
        numbers = milp(sign * wanted, constraints=limits, integrality=np.ones(unknown.size), bounds=bounds).x
        if numbers is None or round(float(wanted @ numbers)) != district.able[place]:
            return False
    return True
