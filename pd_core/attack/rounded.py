"""What rounded figures of the district leave open: whole numbers that fit shares in whole percents, steps of 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from pd_core.access import DISTRICT
from pd_core.attack.linear_sums import Numbers
from pd_core.attack.published import WEIGHTED, Published, Question
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE
from pd_core.disclosure.suppression import FEWEST, Counts, Flags

HALF_PERCENT = 0.005
_EXACT = 1e-9


class _RoundedSums(NamedTuple):
    """What is rounded: what each person adds to it (sum, cell), its number, and the size of its steps."""

    rows: Numbers
    numbers: Numbers
    sizes: Numbers


@dataclass(frozen=True)
class Rounded:
    """One answer to a question as a person sees it to whom the district's figures are rounded.

    By cell of school and role, raveled: the `people`, the `able` of them who gave the answer, and whether that is
    `known`; `exact` (group, cell) of which the number is seen; `figures` (filter, cell) of which the district's rounded
    count is, and by filter the `weights` (cell) that its rounded share gives each person (null: it shows none).
    `shape`: how many schools and roles.
    """

    people: Counts
    able: Counts
    known: Flags
    exact: Flags
    figures: Flags
    weights: Sequence[Numbers | None]
    shape: tuple[int, int]

    @cached_property
    def at_home(self) -> Flags:
        """The cells of whom one could have traded answers with another of their school, unseen: two people of
        different roles, where no rounded figure tells."""
        exact, figures = self.exact.reshape(-1, *self.shape), self._sums.rows.reshape(-1, *self.shape)
        people, able = self.people.reshape(self.shape), self.able.reshape(self.shape)
        alike = (exact[:, :, :, None] == exact[:, :, None, :]).all(axis=0)  # by school, role and other role
        more = figures[:, :, :, None] - figures[:, :, None, :]
        found = np.zeros(self.shape, dtype=np.bool_)
        for one, other, step in ((able < people, able > 0, 1), (able > 0, able < people, -1)):
            trades = alike & one[:, :, None] & other[:, None, :] & self._stays(step * more)
            trades &= ~np.eye(self.shape[1], dtype=np.bool_)
            found |= trades.any(axis=2)
        return found.ravel()

    def has_partner(self, cells: Flags, among: Flags) -> bool:
        """Whether one person of these cells could have traded answers, unseen, with people of another school (`among`
        these): two pairs of people of different roles, the same two roles in each, so that no figure of a role changes
        either."""
        exact, figures = self.exact.reshape(-1, *self.shape), self.figures.reshape(-1, *self.shape)
        people, able = self.people.reshape(self.shape), self.able.reshape(self.shape)
        for school, role in np.argwhere(cells.reshape(self.shape) & (people > 0)):
            alike = (exact == exact[:, :, [role]]).all(axis=0)  # by school: roles that are seen together with this one
            as_here = (figures == figures[:, [school], :]).all(axis=0)
            up, down = able < people, able > 0
            for one, other in ((up, down), (down, up)):
                partner = alike[school] & other[school] & one[school, role]
                partner[role] = False
                for second in np.flatnonzero(partner):
                    found = other[:, role] & one[:, second] & alike[:, second] & as_here[:, role] & as_here[:, second]
                    found[school] = False
                    if (found & among).any():
                        return True
        return False

    def _stays(self, moved: Numbers) -> Flags:
        """Whether all rounded figures stay if they change by as much as `moved` (sum, …)."""
        shape = (-1, *[1] * (moved.ndim - 1))
        numbers, sizes = self._sums.numbers.reshape(shape), self._sums.sizes.reshape(shape)
        stays: Flags = (np.rint((numbers + moved) / sizes) == np.rint(numbers / sizes)).all(axis=0)
        return stays

    @cached_property
    def _sums(self) -> _RoundedSums:
        shares = [one for one in self.weights if one is not None]
        rows = np.concatenate([self.figures.astype(np.float64), *(one[None] for one in shares)])
        sizes = [float(STEP_OF_PEOPLE)] * len(self.figures) + [2 * HALF_PERCENT] * len(shares)
        return _RoundedSums(rows, rows @ self.able, np.array(sizes))

    def is_fixed(self, cells: Flags) -> bool:
        """Whether the number of these cells is the same in all whole numbers that fit, and the rounded figures are why.

        What exact numbers fix by themselves a stranger has too, and `by_whole_numbers` judges it.
        """
        exact = [(row.astype(np.float64), float(row @ self.able), 0.0) for row in self.exact]
        return self._fix(exact + self._rounded(), cells) and not self._fix(exact, cells)

    def _rounded(self) -> list[tuple[Numbers, float, float]]:
        """What is seen rounded: what each person adds to it, the number, and how far it may be off."""
        found = []
        for figure, weights in zip(self.figures, self.weights, strict=True):
            seen = round(float(figure @ self.able) / STEP_OF_PEOPLE) * STEP_OF_PEOPLE
            found.append((figure.astype(np.float64), float(seen), STEP_OF_PEOPLE / 2))
            if weights is not None:
                found.append((weights, round(float(weights @ self.able), 2), HALF_PERCENT + _EXACT))
        return found

    def _fix(self, seen: Sequence[tuple[Numbers, float, float]], cells: Flags) -> bool:
        most = np.where((self.people > 0) & (self.people < FEWEST), FEWEST - 1, self.people)
        bounds = Bounds(np.where(self.known, self.able, 0), np.where(self.known, self.able, most))
        wanted = cells.astype(np.float64)
        rows, middle, step = (np.array(parts) for parts in zip(*seen, strict=True)) if seen else np.zeros((3, 0))
        limits = LinearConstraint(rows, middle - step, middle + step) if len(rows) else ()
        for sign in (1, -1):
            numbers = milp(sign * wanted, constraints=limits, integrality=np.ones(most.size), bounds=bounds).x
            if numbers is None:  # not solved: it may be fixed
                return True
            if round(float(wanted @ numbers)) != int(wanted @ self.able):
                return False
        return True


def district_weights(published: Published, question: Question, role: int) -> Numbers | None:
    """What each person of a cell who gives an answer adds to the district's share under a filter, by cell, raveled;
    null where no weighted share of it is shown."""
    table = {"proficiency": "skill-levels", "samr": "samr-levels"}.get(question.name.split("_")[0])
    frames = [
        frame
        for wave_id, name, of, frame in published.weighted
        if (wave_id, name, of) == (question.wave_id, published.filters[role], table) and table in WEIGHTED
    ]
    if not frames:
        return None
    rows = frames[0].filter(pl.col("question") == question.name)
    answers = rows["answer"].unique(maintain_order=True).to_list()
    rows = rows.filter((pl.col("answer") == answers[0]) & (pl.col("school_id") != DISTRICT))
    people = question.people.sum(axis=1) if role == 0 else question.people[:, role - 1]
    staff = np.zeros(len(published.school_ids))
    places = {school_id: place for place, school_id in enumerate(published.school_ids)}
    hidden = np.zeros(len(staff), dtype=np.bool_)
    for school_id, headcount, is_hidden in rows.select("school_id", "headcount", "suppressed").iter_rows():
        place = places[school_id]
        staff[place] = max(headcount, people[place]) if headcount is not None else 0
        hidden[place] = is_hidden
    counted = question.counted[:, role] & (people > 0)
    small = counted & hidden
    total = float(staff[counted].sum())
    if not total:
        each = np.where(counted, 1 / max(1, people[counted].sum()), 0)
    else:
        each = np.where(counted & ~hidden, staff / np.maximum(people, 1) / total, 0)
        each[small] = staff[small].sum() / max(1, people[small].sum()) / total
    cells = np.zeros(question.people.shape)
    which = slice(None) if role == 0 else [role - 1]
    cells[:, which] = each[:, None]
    return cells.ravel()
