"""What rounded figures of the district leave open: whole numbers that fit shares in whole per cents, steps of 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Rounded:
    """One answer to a question as somebody sees it to whom the district's figures are rounded.

    By cell of school and role, raveled: the `people`, the `able` of them who gave the answer, and whether that is
    `known`; `exact` (group, cell) of which the number is seen; `figures` (filter, cell) of which the district's rounded
    count is, and by filter the `weights` (cell) that its rounded share gives each person (null: it shows none).
    """

    people: Counts
    able: Counts
    known: Flags
    exact: Flags
    figures: Flags
    weights: Sequence[Numbers | None]

    def partners(self, cells: Flags, roles: int) -> Flags:
        """The schools (places) with whose people somebody of these cells could have traded answers, unseen.

        In the cells' own school: two people of different roles, where no rounded figure tells. With another school: two
        pairs of such people, of the same two roles in each, so that no figure of a role changes either.
        """
        shape = (-1, self.people.size // roles, roles)
        exact, figures = self.exact.reshape(shape), self.figures.reshape(shape)
        people, able = self.people.reshape(shape[1:]), self.able.reshape(shape[1:])
        found = np.zeros(shape[1], dtype=np.bool_)
        for school, role in np.argwhere(cells.reshape(shape[1:]) & (people > 0)):
            alike = (exact == exact[:, :, [role]]).all(axis=0)  # by school: roles that are seen together with this one
            as_here = (figures == figures[:, [school], :]).all(axis=0)
            up, down = able < people, able > 0
            for one, other in ((up, down), (down, up)):
                if not one[school, role]:
                    continue
                partner = alike[school] & other[school]
                partner[role] = False
                for second in np.flatnonzero(partner):
                    pairs = other[:, role] & one[:, second] & alike[:, second] & as_here[:, role] & as_here[:, second]
                    found |= pairs & (np.arange(len(pairs)) != school)
                    step = 1 if one is up else -1
                    if self._stays(step, school * roles + role, school * roles + second):
                        found[school] = True
        return found

    def _stays(self, step: int, one: int, other: int) -> bool:
        """Whether all rounded figures stay if `step` people more gave the answer in one cell, fewer in other."""
        for figure, weights in zip(self.figures, self.weights, strict=True):
            for row, size in ((figure.astype(np.float64), STEP_OF_PEOPLE), (weights, 2 * HALF_PERCENT)):
                if row is not None and row[one] != row[other]:
                    number = float(row @ self.able)
                    if np.rint((number + step * (row[one] - row[other])) / size) != np.rint(number / size):
                        return False
        return True

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
        least, greatest = (
            milp(sign * wanted, constraints=limits, integrality=np.ones(most.size), bounds=bounds) for sign in (1, -1)
        )
        if least.x is None or greatest.x is None:  # not solved: it may be fixed
            return True
        return round(float(wanted @ least.x)) == round(float(wanted @ greatest.x))


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
