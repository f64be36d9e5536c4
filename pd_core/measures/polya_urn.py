"""A Pólya urn of whole rows of answers, from which the people of a school who have not answered are drawn.

The urn holds each respondent's whole row of answers once, so that skills stay correlated, and the rows of others, which
together weigh as much as PRIOR_WEIGHT respondents. Each person not yet seen draws a row and puts it back twice, so that
every draw makes rows like it a little likelier.

Source: Ghosh and Meeden, Bayesian Methods for Finite Population Sampling (1997); Ferguson (1973); the urn with a base
measure is Blackwell and MacQueen's (1973).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

PRIOR_WEIGHT: Final = 5
"""What the rows of others weigh together, in respondents."""
Answers = NDArray[np.int8]
"""(people, items): 1 yes, 0 no, -1 not answered."""
Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Group:
    """People who are drawn from one urn, such as the teachers of a school.

    answers int8 (respondents, items); unseen: how many of the group have not answered; others int8 (people, items):
    answers of people like them elsewhere, the base measure, which together weigh as much as `weight` respondents; the
    groups of one school share PRIOR_WEIGHT. Either may have no rows: without others the urn holds the respondents only,
    and with neither nothing can be drawn and the unseen add nothing to what is known.
    """

    answers: Answers
    unseen: int
    others: Answers
    weight: float = PRIOR_WEIGHT


class Urn:
    """The urns of a school's groups: a column for each unseen person, group after group.

    What a person draws is the place of a row in a pile: first all respondents, then rows of others as they are drawn.
    """

    def __init__(
        self, groups: Sequence[Group], source: np.random.Generator, items: Sequence[int] | slice = slice(None)
    ) -> None:
        self._source, self._items = source, items
        self._answers = np.concatenate([group.answers for group in groups])[:, items]
        self._pile = [self._answers]
        # Someone of whom nothing can be known draws a row without answers.
        nothing = np.full((1, groups[0].answers.shape[1]), -1, np.int8)
        self._others = [group.others if len(group.others) or len(group.answers) else nothing for group in groups]
        respondents = np.array([len(group.answers) for group in groups])
        of_others = [group.weight if len(rows) else 0 for group, rows in zip(groups, self._others, strict=True)]
        weight = respondents + np.array(of_others)
        self._unseen = np.array([group.unseen for group in groups])
        # From here on a number for each column.
        self._group = np.repeat(np.arange(len(groups)), self._unseen)
        self._respondents = respondents[self._group].astype(np.float32)
        self._weight = weight[self._group].astype(np.float32)
        self._first_respondent = (np.cumsum(respondents) - respondents)[self._group].astype(np.int32)
        self._first_column = (np.cumsum(self._unseen) - self._unseen)[self._group].astype(np.int32)

    def turns(self, schools: int) -> Whole:
        """(schools, unseen): when each answers, from 0, in a random order; within a group in the order of columns."""
        turns = self._source.permuted(np.tile(np.arange(len(self._group)), (schools, 1)), axis=1)
        for of_group in np.split(turns, np.cumsum(self._unseen)[:-1], axis=1):
            of_group.sort(axis=1)
        return turns

    def draw(self, runs: int) -> NDArray[np.int32]:
        """(runs, unseen): the place of a row in the pile, or ~index in the flat array of the earlier draw it repeats.

        One random number below respondents + weight of the others + earlier draws decides: it falls on a respondent,
        on the others or on an earlier draw.
        """
        columns = np.arange(len(self._group), dtype=np.int32)
        number = self._source.random((runs, len(columns)), np.float32)
        number *= self._weight + (columns - self._first_column)
        places = number.astype(np.int32)
        # Rounding must not make a draw the repeat of itself.
        earlier = np.minimum((number - self._weight).astype(np.int32), columns - self._first_column - 1)
        earlier += self._first_column
        earlier += np.arange(runs, dtype=np.int32)[:, None] * np.int32(len(columns))
        places += self._first_respondent
        # Few numbers fall beyond the respondents, and to handle those alone is faster than to choose for every number.
        repeats = np.flatnonzero(number >= self._weight)
        places.reshape(-1)[repeats] = ~earlier.reshape(-1)[repeats]
        of_others = np.flatnonzero((number >= self._respondents) & (number < self._weight))
        places.reshape(-1)[of_others] = self._draw_others(self._group[of_others % len(columns)])
        return places

    def _draw_others(self, group: Whole) -> Whole:
        """Put a random row of each group's others on the pile; return their places."""
        number = self._source.random(len(group))
        drawn = np.empty((len(group), self._answers.shape[1]), np.int8)
        for index, others in enumerate(self._others):
            wanted = np.flatnonzero(group == index)
            drawn[wanted] = others[(number[wanted] * len(others)).astype(np.int64)][:, self._items]
        first = sum(len(rows) for rows in self._pile)
        self._pile.append(drawn)
        return np.arange(first, first + len(group))

    def needs(self, places: NDArray[np.int32]) -> Numbers:
        """People with a yes, float64 (runs, items), of the whole headcount; places (runs, unseen) all in the pile."""
        runs, unseen = places.shape
        pile = np.concatenate(self._pile)
        is_all_known = bool((pile >= 0).all())
        starts = np.arange(runs + 1, dtype=np.int32) * np.int32(unseen)
        drawn = csr_array((np.ones(places.size, np.float32), places.ravel(), starts), shape=(runs, len(pile)))
        counts = drawn @ _yes_and_known(pile, is_all_known) + _yes_and_known(self._answers, is_all_known).sum(axis=0)
        yes, known = np.hsplit(counts, [pile.shape[1]])
        if is_all_known:
            return yes.astype(np.float64)
        with np.errstate(invalid="ignore"):
            return np.asarray((len(self._answers) + unseen) * yes.astype(np.float64) / known)


def _yes_and_known(answers: Answers, is_all_known: bool) -> NDArray[np.float32]:
    """A column for each item, 1 for yes; unless all is known, then one for each again, 1 for answered."""
    yes = answers == 1
    return (yes if is_all_known else np.hstack([yes, answers >= 0])).astype(np.float32)


def settle(places: NDArray[np.int32]) -> None:
    """Replace each repeat with what it repeats; each round looks back twice as far, so few are needed."""
    flat = places.reshape(-1)
    repeats = np.flatnonzero(flat < 0)
    while repeats.size:
        found = flat[~flat[repeats]]
        flat[repeats] = found
        repeats = repeats[found < 0]
