"""Which groups are hidden: the one place that decides it, below every table, chart, file, link and command.

1. A group with fewer than `FEWEST` respondents is hidden.
2. So is a group when the people it leaves out of a visible total are fewer than `FEWEST`.
3. Where hidden groups could be had by taking the visible ones from their total (one of them is hidden, or all of them hold fewer
   than `FEWEST` people together), the next smallest is hidden too.

A group without respondents has nothing to hide. Inside a visible group the counts by answer are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FEWEST = 5
SHOWN, TOO_FEW, REMAINDER, COMPLEMENT = 0, 1, 2, 3
REASONS = {
    SHOWN: "",
    TOO_FEW: f"fewer than {FEWEST} answers",
    REMAINDER: f"fewer than {FEWEST} people would be left over",
    COMPLEMENT: "it would give away a smaller group",
}
Counts = npt.NDArray[np.int64]
Rules = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hidden:
    """The rule that hides each group (`SHOWN` where none does): of each school, and of the district as a whole."""

    schools: Rules
    district: int


def hide_schools(respondents: Counts, order: Counts | None = None) -> Hidden:
    """What to hide of schools (their respondents, shape (schools,)) within a district total that is shown.

    `order` says which school goes first where one more must be hidden; by default the one with fewest respondents.
    """
    rules = _first_rules(respondents, respondents.sum(), total_shown=True)
    total = int(respondents.sum())
    district = TOO_FEW if 0 < total < FEWEST else SHOWN
    if not district and not _complete(respondents, rules, respondents if order is None else order, ~_any(respondents)):
        district = COMPLEMENT
    return Hidden(rules, district)


def hide_roles(respondents: Counts, schools: Hidden) -> tuple[Rules, Rules]:
    """What to hide of each school's roles, and of the district's roles: shapes (schools, roles) and (roles,).

    `respondents` has shape (schools, roles), everybody in one role; `schools` is what is hidden of their totals. Each school's roles
    add up to the school, each role's schools to the district's role, and those to the district: each such sum is made safe.
    """
    of_school, of_role, total = respondents.sum(axis=1), respondents.sum(axis=0), int(respondents.sum())
    school_shown = schools.schools == SHOWN
    by_role = _first_rules(of_role, total, total_shown=not schools.district)
    cells = np.where(school_shown[:, None], SHOWN, COMPLEMENT).astype(np.int8) * (respondents > 0)
    for index in np.flatnonzero(school_shown):
        cells[index] = _first_rules(respondents[index], of_school[index], total_shown=True)
    left_over = of_role[None, :] - respondents
    cells[(cells == SHOWN) & (respondents > 0) & (left_over > 0) & (left_over < FEWEST)] = REMAINDER
    # A role that is all of a shown school is that school's total: it is known anyway, so hiding it protects nobody.
    known = school_shown[:, None] & (respondents == of_school[:, None]) & (respondents > 0)
    cells[known] = SHOWN
    while True:
        before = cells.copy(), by_role.copy()
        for index in np.flatnonzero(school_shown):
            _complete(respondents[index], cells[index], respondents[index], known[index])
        for role in np.flatnonzero(by_role == SHOWN):
            if not _complete(respondents[:, role], cells[:, role], respondents[:, role], known[:, role]):
                by_role[role] = COMPLEMENT
        if not schools.district:
            _complete(of_role, by_role, of_role, ~_any(of_role))
        if np.array_equal(before[0], cells) and np.array_equal(before[1], by_role):
            return cells, by_role


def _first_rules(respondents: Counts, total: int | np.int64, *, total_shown: bool) -> Rules:
    rules = np.zeros(respondents.shape, dtype=np.int8)
    left_over = total - respondents
    if total_shown:
        rules[(respondents > 0) & (left_over > 0) & (left_over < FEWEST)] = REMAINDER
    rules[(respondents > 0) & (respondents < FEWEST)] = TOO_FEW
    return rules


def _complete(respondents: Counts, rules: Rules, order: Counts, known: Flags) -> bool:
    """Hides more of one total's groups (in place) until the hidden ones can't be had from it; false where none is left to hide.

    `known` groups cannot be hidden, since they are shown elsewhere.
    """
    while True:
        hidden = (rules != SHOWN) & (respondents > 0)
        number = int(hidden.sum())
        if number == 0 or (number > 1 and int(respondents[hidden].sum()) >= FEWEST):
            return True
        free = np.flatnonzero((rules == SHOWN) & (respondents > 0) & ~known)
        if not free.size:
            return False
        rules[free[np.argmin(order[free])]] = COMPLEMENT


def _any(respondents: Counts) -> Flags:
    return np.ones(respondents.shape, dtype=np.bool_)
