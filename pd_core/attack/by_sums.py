"""What follows by adding and subtracting: for a stranger, and for those who know the answers of a school or several."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pd_core.attack.findings import BY_SUMS, ELSEWHERE, Found, finding, knowing
from pd_core.attack.linear_sums import Sums
from pd_core.attack.published import Published, Question
from pd_core.attack.truth import RESPONSE_RATES
from pd_core.disclosure.suppression import Flags


def shown_groups(question: Question) -> Flags:
    """The cells of each group of which a number is shown; of response rates, only under a role filter."""
    shown = question.shown
    if question.name == RESPONSE_RATES:
        shown = shown & of_roles(question)
    return np.concatenate([question.groups(shown), question.together])


def of_roles(question: Question) -> Flags:
    """Marks every group of one role."""
    marked: Flags = np.broadcast_to(np.arange(question.shown.shape[1]) > 0, question.shown.shape)
    return marked


def shown_elsewhere(published: Published, question: Question) -> Iterator[Found]:
    """Groups that one table hides and another shows."""
    for place, role in np.argwhere(question.hidden & question.shown):
        yield finding(published, question, [(int(place), int(role))], ELSEWHERE)


def found_by_sums(published: Published, question: Question, stranger: Sums) -> Iterator[Found]:
    """Sets of 1 to 4 people that follow, for a stranger and for all who know a school with something hidden."""
    schools = len(published.school_ids)
    nobody = np.zeros(schools, dtype=np.bool_)
    yield from _few(published, question, stranger, nobody)
    unknown = np.zeros(question.people.size, dtype=np.bool_)
    unknown[stranger.unknown] = True
    is_open = unknown.reshape(question.people.shape).any(axis=1)
    groups = shown_groups(question)
    for known in published.knowers:
        if (known & is_open).any():
            sums = Sums(question.people, np.concatenate([groups, own_cells(question, known)]))
            yield from _few(published, question, sums, known)


def own_cells(question: Question, known: Flags) -> Flags:
    """Every cell of the schools that are known, as a group of its own."""
    cells = np.broadcast_to(known[:, None], question.people.shape) & (question.people > 0)
    own = np.eye(question.people.size, dtype=np.bool_)[cells.ravel()]
    return own.reshape(len(own), *question.people.shape)


def _few(published: Published, question: Question, sums: Sums, known: Flags) -> Iterator[Found]:
    others = np.broadcast_to(~known[:, None], question.people.shape)
    for few in sums.few_together(others):
        cells = [divmod(cell, question.people.shape[1]) for cell in few]
        groups = [(school, role + 1) for school, role in cells]
        yield finding(published, question, groups, BY_SUMS + knowing(published, known))


def respondents_that_follow(question: Question, sums: Sums) -> int:
    """How many hidden groups' numbers of people follow from the totals of schools, which are never hidden."""
    totals = question.groups(question.shown & ~of_roles(question))
    with_totals = Sums(question.people, np.concatenate([shown_groups(question), totals]))
    return len(_following(question, with_totals)) - len(_following(question, sums))


def _following(question: Question, sums: Sums) -> list[tuple[int, int]]:
    """The hidden groups (place, filter) that follow, without those of the very people of a shown one."""
    which = question.hidden & ~question.shown
    which[-1] = False
    groups = question.groups(which) & (question.people > 0)
    shown = {cells.tobytes() for cells in shown_groups(question) & (question.people > 0)}
    rows = zip(np.argwhere(which).tolist(), groups, sums.follow(groups), strict=True)
    return [(place, role) for (place, role), cells, follows in rows if follows and cells.tobytes() not in shown]


def unanimous(question: Question, sums: Sums) -> int:
    """How many numbers of hidden groups, by answer, follow only once what can only be 0 is left out."""
    groups = question.groups(question.hidden[:-1])
    groups = groups[~sums.follow(groups)]
    number = 0
    for answer in range(question.counts.shape[2]):
        counts = question.counts[:, :, answer]
        is_shown = ~np.isnan(counts)
        more = sums.can_be_more_than_0(question.groups(is_shown), counts[is_shown])
        number += int(sums.follow(groups, more).sum()) if not more.all() else 0
    return number
