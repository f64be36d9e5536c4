"""Which groups are hidden: the one place that decides it, below every table, chart, file, link and command.

1. A group with fewer than `FEWEST` respondents is hidden.
2. So is a group when the people it leaves out of a visible total are fewer than `FEWEST`.
3. Every sum that can be had by adding and subtracting what is visible must hold no hidden group, or two of them or more
   with `FEWEST` people or more together. Where one does not, the next smallest group of it is hidden too.

A total that one school nearly is, with 1 to `FEWEST` - 1 people beside it, is hidden too: whoever uploaded that
school's answers knows them, and would know the others by subtraction.

A group without respondents has nothing to hide. Inside a visible group the counts by answer are shown.

The rules look at one wave, its schools and roles, and that is enough. Each answer is in one wave alone: the sums of
different waves hold different answers, so that adding or subtracting them tells nothing of either. Filters by level,
region or school, and the scope of whoever looks, leave rows out of tables that were hidden as a whole: nothing is added
up anew.

What people wrote is shown for schools with at least `FEWEST_FOR_COMMENTS` respondents, and never for one role. Texts
have no sum, so nothing follows from them for other schools.
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
FEWEST_FOR_COMMENTS = 10
TOO_FEW_FOR_COMMENTS = f"comments are shown from {FEWEST_FOR_COMMENTS} respondents on"
NO_COMMENTS_OF_A_ROLE = "comments are never shown for one role"
MOST_COLUMNS = 10
"""Role totals that may stand beside hidden cells: every set of them is looked at."""
Counts = npt.NDArray[np.int64]
Rules = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]


def why_no_comments(respondents: int, *, of_role: bool) -> str:
    """Why what a group of so many respondents wrote is hidden; empty where it is shown."""
    if of_role:
        return NO_COMMENTS_OF_A_ROLE
    return TOO_FEW_FOR_COMMENTS if respondents < FEWEST_FOR_COMMENTS else ""


@dataclass(frozen=True)
class Hidden:
    """The rule that hides each group (`SHOWN` where none does): of each school, and of the district as a whole."""

    schools: Rules
    district: int


def hide_schools(respondents: Counts, order: Counts | None = None, already: Hidden | None = None) -> Hidden:
    """What to hide of schools (their respondents, shape (schools,)) within a district total that is shown.

    `order` says which school goes first where one more must be hidden; by default the one with fewest respondents.
    What is `already` hidden stays hidden, and counts as such.
    """
    total = int(respondents.sum())
    if already is not None and already.district:
        return Hidden(either(already.schools, _all_hidden(respondents, already.district)), already.district)
    if 0 < total < FEWEST:
        return Hidden(_all_hidden(respondents, TOO_FEW), TOO_FEW)
    if _is_nearly_one(respondents):
        # Without the total, no group can be taken from it.
        rules = _first_rules(respondents, respondents)
        return Hidden(rules if already is None else either(rules, already.schools), REMAINDER)
    rules = _first_rules(respondents, np.asarray(total))
    if already is not None:
        rules = either(rules, already.schools)
    _complete(respondents, rules, respondents if order is None else order)
    return Hidden(rules, SHOWN)


def hide_roles(respondents: Counts, schools: Hidden, already: tuple[Rules, Rules] | None = None) -> tuple[Rules, Rules]:
    """What to hide of each school's roles, and of the district's roles: shapes (schools, roles) and (roles,).

    `respondents` has shape (schools, roles), everybody in one role; `schools` is what is hidden of their totals. Safe
    against all tables together: each school's and each role's total, the district's, and every cell that is shown.
    What is `already` hidden (in the same shapes) stays hidden, and counts as such.
    """
    none = np.zeros(respondents.shape, dtype=np.int8), np.zeros(respondents.shape[1], dtype=np.int8)
    hidden_cells, hidden_roles = already or none
    if schools.district:
        return (
            either(_all_hidden(respondents, schools.district), hidden_cells),
            either(_all_hidden(respondents.sum(axis=0), schools.district), hidden_roles),
        )
    table = _Table(respondents, schools.schools == SHOWN, hidden_cells, hidden_roles)
    while table.hide_more():
        pass
    return either(table.cells, hidden_cells), table.roles


def either(rules: Rules, others: Rules) -> Rules:
    """The rule that hides each group by one of two, the first before the other."""
    both: Rules = np.where(rules == SHOWN, others, rules).astype(np.int8)
    return both


class _Table:
    """Schools by roles, on the way to a set of hidden cells that no subtraction undoes.

    Hidden schools appear in what is visible only added up, so they are one row here; hidden role totals one column.
    Then the hidden cells of every row and of every column have a sum that can be had. What else follows from these sums
    is made up of: any columns B, taken from all the rows A that have a hidden cell in B, which leaves A's hidden cells
    outside B. (Rows and columns are the nodes of a bipartite graph and its hidden cells the edges: a set of edges
    follows if it is all that leaves a set of nodes, from rows to columns only.)
    """

    def __init__(self, respondents: Counts, school_shown: Flags, hidden_cells: Rules, hidden_roles: Rules) -> None:
        self.respondents = respondents
        self.school_shown = school_shown
        self.school_totals, self.role_totals = respondents.sum(axis=1), respondents.sum(axis=0)
        self.roles = either(_first_rules(self.role_totals, self.role_totals.sum()), hidden_roles)
        self.roles[(self.roles == SHOWN) & _is_nearly_one(respondents)] = REMAINDER
        # A role that is all of a shown school is that school's total: it is known anyway, hiding it protects nobody.
        self.known = school_shown[:, None] & (respondents == self.school_totals[:, None])
        left_over = self.role_totals - respondents
        cells = _first_rules(respondents, self.school_totals[:, None])
        cells[(cells == SHOWN) & (respondents > 0) & (left_over > 0) & (left_over < FEWEST)] = REMAINDER
        cells[~school_shown[:, None] & (cells != TOO_FEW) & (respondents > 0)] = COMPLEMENT
        cells = either(cells, hidden_cells)
        cells[self.known] = SHOWN
        self.cells = cells

    def hide_more(self) -> bool:
        """Hides at least one group more where a sum gives hidden ones away; false where none does."""
        _complete(self.role_totals, self.roles, self.role_totals)
        while self._hidden_roles_are_nearly_one() and self._hide_role_total(self.roles == SHOWN):
            pass
        self._complete_rows()
        people, groups, column_of = self._merged()
        columns = people.sum(axis=0)
        used = np.flatnonzero(columns)
        used = used[np.argsort(columns[used], kind="stable")]
        if used.size > MOST_COLUMNS:
            return self._hide_role_total(columns[:-1] > 0)
        # A set of columns is a number whose bits are its columns; so is what a row has hidden. Rows alike are added up.
        bits = 1 << np.arange(used.size)
        sets = np.arange(2**used.size)
        row_sets = (people[:, used] > 0) @ bits
        unsafe = np.flatnonzero(
            _unsafe(*(_remainders(table[:, used], row_sets, sets, bits) for table in (people, groups)))
        )
        if not unsafe.size:
            return False
        chosen = sets[unsafe[0]]
        self._mend((row_sets & chosen)[:-1] > 0, np.isin(column_of, used[(bits & chosen) > 0]))
        return True

    def _hidden_roles_are_nearly_one(self) -> bool:
        """Whether the role totals that are hidden, which follow from the others together, are nearly those of one
        school."""
        return bool(_is_nearly_one(self.respondents[:, self.roles != SHOWN].sum(axis=1)))

    def _complete_rows(self) -> None:
        """Rule 3 inside each school that is shown."""
        while True:
            hidden = (self.cells != SHOWN) & (self.respondents > 0)
            number, people = hidden.sum(axis=1), (self.respondents * hidden).sum(axis=1)
            unsafe = np.flatnonzero(self.school_shown & _unsafe(people, number))
            if not unsafe.size:
                return
            free = np.where(self._free()[unsafe], self.respondents[unsafe], np.iinfo(np.int64).max)
            self.cells[unsafe, free.argmin(axis=1)] = COMPLEMENT

    def _merged(self) -> tuple[Counts, Counts, Counts]:
        """People and number of hidden cells by shown school (and one row of all hidden ones, the last) and by column;
        the column of each role: its own number, or the one of all hidden role totals."""
        hidden = (self.cells != SHOWN) & (self.respondents > 0)
        column_of = np.where(self.roles == SHOWN, np.arange(self.roles.size), self.roles.size)
        into = np.zeros((self.roles.size, self.roles.size + 1), dtype=np.int64)
        into[np.arange(self.roles.size), column_of] = 1
        merged = []
        for cells in (self.respondents * hidden, hidden.astype(np.int64)):
            shown = cells * self.school_shown[:, None]
            rest = (cells - shown).sum(axis=0, keepdims=True)
            merged.append(np.vstack([shown, rest]) @ into)
        return merged[0], merged[1], column_of

    def _mend(self, touched: Flags, inside: Flags) -> None:
        """Makes the sum of the `touched` schools' cells outside the roles `inside` larger, or harder to have.

        A cell of those schools outside the roles is one more in the sum; one of those roles in another school brings
        that school into it.
        """
        free = np.argwhere(self._free() & (touched[:, None] != inside))
        if free.size:
            school, role = free[self.respondents[free[:, 0], free[:, 1]].argmin()]
            self.cells[school, role] = COMPLEMENT
            return
        self._hide_role_total(inside) or self._hide_role_total(~inside)

    def _hide_role_total(self, among: Flags) -> bool:
        free = np.flatnonzero(among & (self.roles == SHOWN) & (self.role_totals > 0))
        if free.size:
            self.roles[free[self.role_totals[free].argmin()]] = COMPLEMENT
        return bool(free.size)

    def _free(self) -> Flags:
        """Cells that can still be hidden."""
        free: Flags = (self.cells == SHOWN) & (self.respondents > 0) & ~self.known & self.school_shown[:, None]
        return free


def _is_nearly_one(respondents: Counts) -> Flags:
    """Whether a total over schools (the first axis) leaves only a few people beside those of its largest school."""
    beside = respondents.sum(axis=0) - respondents.max(axis=0, initial=0)
    nearly: Flags = (beside > 0) & (beside < FEWEST)
    return nearly


def _all_hidden(respondents: Counts, rule: int) -> Rules:
    """Every group that has respondents: the small ones as such, the others by the rule that hides their total."""
    rules = np.where(respondents < FEWEST, TOO_FEW, rule)
    return np.where(respondents > 0, rules, SHOWN).astype(np.int8)


def _unsafe(people: Counts, groups: Counts) -> Flags:
    """Whether a sum of hidden groups that can be had holds one of them only, or too few people."""
    unsafe: Flags = (groups == 1) | ((groups > 0) & (people < FEWEST))
    return unsafe


def _remainders(table: Counts, row_sets: Counts, sets: Counts, bits: Counts) -> Counts:
    """For each set of columns, the sum of the rows that have something in it, less the sum of its columns."""
    by_row_set = np.bincount(row_sets, weights=table.sum(axis=1), minlength=sets.size)
    touching = (sets[:, None] & sets) > 0
    remainders: Counts = np.rint(touching @ by_row_set - ((sets[:, None] & bits) > 0) @ table.sum(axis=0))
    return remainders.astype(np.int64)


def _first_rules(respondents: Counts, total: Counts) -> Rules:
    """Rules 1 and 2 within totals that are shown."""
    rules = np.zeros(respondents.shape, dtype=np.int8)
    left_over = total - respondents
    rules[(respondents > 0) & (left_over > 0) & (left_over < FEWEST)] = REMAINDER
    rules[(respondents > 0) & (respondents < FEWEST)] = TOO_FEW
    return rules


def _complete(respondents: Counts, rules: Rules, order: Counts) -> None:
    """Rule 3 within one total: hides more of its groups (in place) until the hidden ones can't be had from it."""
    while True:
        hidden = (rules != SHOWN) & (respondents > 0)
        if not _unsafe(respondents[hidden].sum(), hidden.sum()):
            return
        free = np.flatnonzero((rules == SHOWN) & (respondents > 0))
        if not free.size:
            return
        rules[free[np.argmin(order[free])]] = COMPLEMENT
