"""Someone who reads everything that is published and does sums with it, to learn what a few people answered."""

import numpy as np
import numpy.typing as npt

from pd_core.summaries import suppression
from pd_core.summaries.suppression import FEWEST, SHOWN

Groups = npt.NDArray[np.bool_]


def published_groups(respondents: np.ndarray) -> Groups:
    """Each group of schools × roles whose answers are shown, as a row: over no role filter and each single role."""
    hidden = suppression.hide_schools(respondents.sum(axis=1))
    cells, roles = suppression.hide_roles(respondents, hidden)
    groups = []
    for school, role in np.ndindex(*respondents.shape):
        if cells[school, role] == SHOWN:
            groups.append(_group(respondents.shape, school, role))
    groups += [_group(respondents.shape, school, slice(None)) for school in np.flatnonzero(hidden.schools == SHOWN)]
    groups += [_group(respondents.shape, slice(None), role) for role in np.flatnonzero(roles == SHOWN)]
    if hidden.district == SHOWN:
        groups.append(_group(respondents.shape, slice(None), slice(None)))
    return np.array(groups, dtype=np.bool_).reshape(len(groups), respondents.size)


def found_out(respondents: np.ndarray, groups: Groups) -> list[list[int]]:
    """The sets of cells, 1 to 4 people together, whose answers follow from those of `groups` by adding and subtracting.

    A set follows exactly if the row that marks its cells is a sum of multiples of the rows of `groups`.
    """
    people = respondents.ravel()
    few = np.flatnonzero((people > 0) & (people < FEWEST))
    bits = (np.arange(1, 2**few.size)[:, None] >> np.arange(few.size)) & 1
    sets = bits[(bits * people[few]).sum(axis=1) < FEWEST]
    marks = np.zeros((len(sets), people.size))
    marks[:, few] = sets
    return [np.flatnonzero(mark).tolist() for mark in marks[_follows(people, groups, marks)]]


def hidden_cells_found_out(respondents: np.ndarray, groups: Groups) -> list[int]:
    """The cells that are not among `groups` but whose answers follow from them."""
    people = respondents.ravel()
    follows = _follows(people, groups, np.eye(people.size)) & (people > 0)
    alone = {int(np.flatnonzero(group & (people > 0))[0]) for group in groups if (group & (people > 0)).sum() == 1}
    return [int(cell) for cell in np.flatnonzero(follows) if int(cell) not in alone]


def _follows(people: np.ndarray, groups: Groups, marks: np.ndarray) -> Groups:
    answered = people > 0
    _, sizes, base = np.linalg.svd(groups[:, answered].astype(float), full_matrices=False)
    base = base[sizes > 1e-9]
    wanted = marks[:, answered]
    return np.abs(wanted - wanted @ base.T @ base).max(axis=1, initial=0) < 1e-7


def _group(shape: tuple[int, ...], school: int | slice, role: int | slice) -> np.ndarray:
    group = np.zeros(shape, dtype=np.bool_)
    group[school, role] = True
    return group.ravel()
