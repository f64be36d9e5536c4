"""Which groups are hidden: the one place that decides it, for every table, chart, file, link and command.

A group is the respondents of a school, or of a school and role; “no answer” is one more answer that they may give.

1. A school with 1 to `FEWEST` - 1 respondents is hidden, and no other school for its sake.
2. Hidden schools are in the district's figures only as one row, “small schools together”: two schools or more, with
   `FEWEST` people or more even without the largest of them, and without the schools of any one person who knows several
   (who has their exports). Otherwise they are in no sum at all, and nothing can be subtracted from it.
3. An item that 1 to `FEWEST` - 1 people of a school answered is hidden there, and left out of that item's sum.
4. The roles of a shown school with 1 to `FEWEST` - 1 people are shown merged, as “other roles together”; where they are
   fewer than `FEWEST` together, the smallest other role is merged with them.
5. A role of the district is the sum of the cells that are shown, with the merged ones of all schools added as one row
   if that row is as in rule 2. A set of 1 to `FEWEST` - 1 people may still follow from several such sums together, for
   everyone or for a person who knows a school's answers: then the smallest row is not added, until none follows.

A group without respondents has nothing to hide. Inside a shown group the counts by answer are shown.

The rules look at one wave, its schools and roles. Each answer is in one wave only: the sums of different waves hold
different answers, so that adding or subtracting them reveals nothing. People who answered in two waves are in both:
what is shown of them has rules of its own, in `two_waves`. Filters by level, region or school, and a person's scope,
leave rows out of tables that were hidden as a whole: nothing is added up again.

What people wrote is shown for schools with at least `FEWEST_FOR_COMMENTS` respondents, and never for one role. Texts
have no sum, so nothing follows from them for other schools.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FEWEST = 5
SHOWN, TOO_FEW, TOO_FEW_ANSWERS, MERGED, NOT_ENOUGH_SCHOOLS, PART_HIDDEN = range(6)
REASONS = {
    SHOWN: "",
    TOO_FEW: f"fewer than {FEWEST} answers",
    TOO_FEW_ANSWERS: f"fewer than {FEWEST} answers to this question",
    MERGED: f"counted in other roles together, with a role of fewer than {FEWEST}",
    NOT_ENOUGH_SCHOOLS: "too few schools can be counted together",
    PART_HIDDEN: "one of the two questions it rests on is hidden",
}
FEWEST_FOR_COMMENTS = 10
TOO_FEW_FOR_COMMENTS = f"comments are shown from {FEWEST_FOR_COMMENTS} respondents on"
NO_COMMENTS_OF_A_ROLE = "comments are never shown for one role"
MOST_COLUMNS = 10
"""The most role totals that merged cells are added to: every set of them is checked."""
Counts = npt.NDArray[np.int64]
Rules = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]


def why_no_comments(respondents: int, *, of_role: bool) -> str:
    """Why the comments of a group with this many respondents are hidden; empty if they are shown."""
    if of_role:
        return NO_COMMENTS_OF_A_ROLE
    return TOO_FEW_FOR_COMMENTS if respondents < FEWEST_FOR_COMMENTS else ""


@dataclass(frozen=True)
class Schools:
    """What is hidden of an item by school.

    `rules` (school) is the rule that hides each (`SHOWN`: none), `counted` (school) whose people are in the district's
    figure: the shown ones and, where there is such a row, the small schools together. `district` is the rule that hides
    the district's figure.
    """

    rules: Rules
    counted: Flags
    district: int

    @property
    def together(self) -> Flags:
        """The schools of the row “small schools together”; none where there is no such row."""
        together: Flags = self.counted & (self.rules != SHOWN)
        return together


@dataclass(frozen=True)
class Roles:
    """What is hidden of an item by school and role.

    `rules` and `counted` (school, role) are as in `Schools`, for each role's district figure; `merged` (school, role)
    are the cells of each shown school's “other roles together”. `districts` (role) is the rule that hides each role's
    figure of the district.
    """

    rules: Rules
    counted: Flags
    merged: Flags
    districts: Rules


def no_knowers(schools: int) -> Flags:
    """The `knowers` of a district in which no one has the exports of several schools: shape (0, schools)."""
    return np.zeros((0, schools), dtype=np.bool_)


def hide_schools(respondents: Counts, answered: Counts | None = None, knowers: Flags | None = None) -> Schools:
    """What to hide of an item by school (rules 1 to 3).

    `respondents` (school) are all of each school, `answered` (school) those who answered the item (null: the item is
    whether they answered anything); `knowers` (person, school) the schools whose answers one person knows.
    """
    knowers = no_knowers(len(respondents)) if knowers is None else knowers
    of_item = respondents if answered is None else answered
    if not of_item.any():  # an item that no one was asked
        return Schools(np.zeros(len(respondents), dtype=np.int8), np.zeros(len(respondents), dtype=np.bool_), SHOWN)
    is_small = _is_few(respondents)
    rules = np.full(len(respondents), SHOWN, dtype=np.int8)
    rules[_is_few(of_item)] = TOO_FEW_ANSWERS
    rules[is_small] = TOO_FEW
    counted = (rules == SHOWN) & (of_item > 0)
    if all(_may_stand_together(people * is_small, knowers) for people in (respondents, of_item)):
        counted |= is_small & (of_item > 0)
    has_nothing = not counted.any() and bool(of_item.any())
    return Schools(rules, counted, NOT_ENOUGH_SCHOOLS if has_nothing else SHOWN)


def hide_roles(
    respondents: Counts, schools: Schools, answered: Counts | None = None, knowers: Flags | None = None
) -> Roles:
    """What to hide of an item by school and role (rules 4 and 5).

    `respondents` and `answered` are as in `hide_schools`, by school and role, each person in one; `schools` is what is
    hidden of their totals. Safe against all tables together: each school's and each role's figures, other roles
    together, the district's, and every cell that is shown.
    """
    knowers = no_knowers(len(respondents)) if knowers is None else knowers
    of_item = respondents if answered is None else answered
    if not of_item.any():
        none = np.zeros(respondents.shape, dtype=np.bool_)
        return Roles(none.astype(np.int8), none, none, np.zeros(respondents.shape[1], dtype=np.int8))
    is_shown = schools.rules == SHOWN
    merged = merged_roles(respondents, of_item) & is_shown[:, None]
    rules = np.where(respondents > 0, schools.rules[:, None], SHOWN).astype(np.int8)
    rules[merged & (respondents > 0)] = MERGED
    rules[merged & _is_few(of_item)] = TOO_FEW_ANSWERS
    rules[_is_few(respondents)] = TOO_FEW
    cells = of_item * (merged | schools.together[:, None])
    added = _safe_to_add(cells, is_shown, knowers)
    counted = (of_item > 0) & ((is_shown[:, None] & ~merged) | ((cells > 0) & added))
    districts = np.where(of_item.any(axis=0) & ~counted.any(axis=0), NOT_ENOUGH_SCHOOLS, SHOWN).astype(np.int8)
    return Roles(rules, counted, merged & (respondents > 0), districts)


def merged_roles(respondents: Counts, answered: Counts) -> Flags:
    """Rule 4: which roles of each school (row) are merged; arguments as in `hide_roles`."""
    merged = _with_smallest_other(_is_few(respondents), respondents)
    return _with_smallest_other(merged | _is_few(answered), answered)


def either(rules: Rules, others: Rules) -> Rules:
    """The rule that hides each group by one of two, the first before the other."""
    both: Rules = np.where(rules == SHOWN, others, rules).astype(np.int8)
    return both


def _is_few(people: Counts) -> Flags:
    is_few: Flags = (people > 0) & (people < FEWEST)
    return is_few


def _may_stand_together(people: Counts, knowers: Flags) -> bool:
    """Whether the schools with these people (school) may be one row, or are none; rule 2."""
    left_by_one = people.sum() - people
    left_by_several = people.sum() - knowers @ people
    return not people.any() or bool(min(left_by_one.min(), left_by_several.min(initial=FEWEST)) >= FEWEST)


def _with_smallest_other(merged: Flags, people: Counts) -> Flags:
    """Rule 4: merges one more role of each school (row) whose `merged` ones are 1 to FEWEST - 1 people together."""
    rows = np.flatnonzero(_is_few((people * merged).sum(axis=1)))
    free = np.where(merged[rows] | (people[rows] == 0), np.iinfo(np.int64).max, people[rows])
    found = merged.copy()
    has_other = free.min(axis=1, initial=np.iinfo(np.int64).max) < np.iinfo(np.int64).max
    found[rows[has_other], free[has_other].argmin(axis=1)] = True
    return found


def _safe_to_add(cells: Counts, is_shown: Flags, knowers: Flags) -> Flags:
    """Rule 5: to which roles' totals their cells (school, role) that are not shown may be added as one row."""
    added = cells.any(axis=0) & np.array([_may_stand_together(of_role, knowers) for of_role in cells.T], dtype=np.bool_)
    sizes = cells.sum(axis=0)
    order = np.flatnonzero(added)
    order = order[np.argsort(sizes[order], kind="stable")]
    added[order[: max(0, len(order) - MOST_COLUMNS)]] = False
    while added.any() and _gives_a_few_away(cells, is_shown, added, knowers):
        added[min(np.flatnonzero(added), key=lambda role: sizes[role])] = False
    return added


def _gives_a_few_away(cells: Counts, is_shown: Flags, added: Flags, knowers: Flags) -> bool:
    """Whether 1 to FEWEST - 1 people follow from the sums of rows and of columns of `cells`, for anyone.

    A row is a shown school's other roles together, or all small schools together; a column is a role that is `added`,
    or all others together, which is what the rows leave. (Rows and columns are the nodes of a bipartite graph and the
    cells its edges. Whatever set of cells follows is made up of such: the cells outside some columns, of all rows that
    have a cell in them.) Someone who knows the cells of a school, or of several, has the same sums without them.
    """
    columns = [cells[:, role] for role in np.flatnonzero(added)] + [cells[:, ~added].sum(axis=1)]
    table = np.stack([column for column in columns if column.any()], axis=1)
    sets = (np.arange(2 ** table.shape[1])[:, None] >> np.arange(table.shape[1])) & 1
    rows, small = table[is_shown & table.any(axis=1)], table[~is_shown]
    outside = _outside(rows, sets)
    of_small = _outside(small.sum(axis=0, keepdims=True), sets)[0]
    everything = outside.sum(axis=0) + of_small
    if _is_few(everything).any() or _is_few(everything - outside.max(axis=0, initial=0)).any():
        return True
    if _is_few(everything - of_small + _outside(small.sum(axis=0) - small, sets)).any():
        return True
    place = np.cumsum(is_shown & table.any(axis=1)) - 1
    for known in knowers:
        own = place[known & is_shown & table.any(axis=1)]
        rest = _outside((small[~known[~is_shown]]).sum(axis=0, keepdims=True), sets)[0]
        if _is_few(everything - outside[own].sum(axis=0) - of_small + rest).any():
            return True
    return False


def _outside(rows: Counts, sets: Counts) -> Counts:
    """By row and set of columns: the row's people outside the set if it has some in it, otherwise 0."""
    inside = rows @ sets.T
    outside: Counts = np.where(inside > 0, rows.sum(axis=1, keepdims=True) - inside, 0)
    return outside
