"""One wave's people in cells: those alike in item, school, role and in what is shown of them.

A large district has many people and few cells, so what may be shown is decided about cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from pd_core.disclosure.two_waves import MIN_GROUP, Counts, Flags
from pd_core.survey.matched_people import Answers

OUTCOMES: Final = 9
"""How many outcomes a person can have in a pair of waves."""
PARTS: Final = 8
"""How many parts cells can be divided into at once."""

_SPARSE: Final = 16
"""From so many times as many codes as occur on, sorting them is quicker than a table of all."""


class WaveCells:
    """The people who answered a wave, and what of them was decided before.

    - of each cell its `item`, the `row` of the wave's answers of one of its people, and its `kind`: a number for item,
      school, role and what is shown of them, the same for all roles of a school that fewer than `MIN_GROUP` people have
    - `known`: groups of a school's people that are shown, a flag for each cell; `known_of_roles`: of a role of a school
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        roles = sorted(answers.roles())
        units, row, unit = np.unique(
            answers.school * len(roles) + answers.role_places(roles), return_index=True, return_inverse=True
        )
        items, answered = len(answers.levels), answers.levels >= 0
        cell = np.arange(items)[:, None] * len(units) + unit
        people = np.bincount(cell[answered], minlength=items * len(units)).reshape(items, len(units))
        schools, role = np.divmod(units, len(roles))
        school = np.unique(schools, return_inverse=True)[1]
        schools = school.max(initial=-1) + 1
        kind = np.where(people < MIN_GROUP, 0, role + 1)
        self.item, self.row = np.repeat(np.arange(items), len(units)), np.tile(row, items)
        self.kind = numbered(((np.arange(items)[:, None] * schools + school) * (len(roles) + 1) + kind).ravel())
        self.known: list[Flags] = []
        self.known_of_roles: list[Flags] = []
        self._code = (np.where(answered, cell, -1) + 1) * OUTCOMES

    def alike(self, rows: Counts, outcomes: Counts) -> tuple[Counts, Counts, Counts]:
        """The cell, the outcome (0 to `OUTCOMES` - 1) and the number of those in one cell with one outcome.

        `rows` of the wave's answers are looked at; `outcomes` has the axes item, place in `rows`.
        """
        people = np.bincount((self._code[:, rows] + outcomes).ravel(), minlength=OUTCOMES)
        people[:OUTCOMES] = 0  # who didn't answer
        found = np.flatnonzero(people)
        return found // OUTCOMES - 1, found % OUTCOMES, people[found]

    def divide(self, rows: Counts, outcomes: Counts, cell: Counts, outcome: Counts, parts: Sequence[Counts]) -> Counts:
        """Divide cells and kinds by `parts` (0 to `PARTS` - 1) of each cell and outcome; gives the new cell of each.

        `rows` and `outcomes` are as in `alike`. A cell that is divided must be given with all its outcomes; the others
        stay as they are.
        """
        new, kind = cell, self.kind[cell]
        for part in parts:
            new, kind = numbered(new * PARTS + part), numbered(kind * PARTS + part)
        is_parent = np.unique(new, return_index=True)[1]
        parent = cell[is_parent]
        self.kind = np.append(self.kind, self.kind.max(initial=-1) + 1 + kind[is_parent])
        codes = np.arange((len(self.item) + 1) * OUTCOMES) // OUTCOMES * OUTCOMES
        new = new + len(self.item)
        codes[(cell + 1) * OUTCOMES + outcome] = (new + 1) * OUTCOMES
        self._code[:, rows] = codes[self._code[:, rows] + outcomes]
        self.item, self.row = np.append(self.item, self.item[parent]), np.append(self.row, self.row[parent])
        self.known = [np.append(one, one[parent]) for one in self.known]
        self.known_of_roles = [np.append(one, one[parent]) for one in self.known_of_roles]
        return new


def numbered(codes: Counts) -> Counts:
    """The codes (0 or more) as numbers from 0 without a gap."""
    if codes.max(initial=0) > _SPARSE * codes.size:
        return np.unique(codes, return_inverse=True)[1]
    occurs = np.zeros(codes.max(initial=-1) + 1, dtype=np.bool_)
    occurs[codes] = True
    return (np.cumsum(occurs) - 1)[codes]
