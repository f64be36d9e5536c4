"""Each person who can look is played with what they themselves see, and with the exports that they have.

A number that a visitor sees and a stranger does not is looked at by itself. The rest of what they see exactly is a part
of what the stranger had, and nothing follows from a part that did not follow from the whole: that it is a part is
checked, number by number. What is left is the district, of which they see whole percents and steps of 5 people: a
group of 1 to 4 is safe if two people in it and outside it could have given each other's answers and all that is seen
would be the same; else a solver of whole numbers looks for other answers that fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pd_core.access import Scope
from pd_core.attack.by_sums import own_cells
from pd_core.attack.by_whole_numbers import few_sets, is_fixed_with
from pd_core.attack.findings import ELSEWHERE, Found, finding
from pd_core.attack.linear_sums import Numbers, Sums, alike
from pd_core.attack.onlookers import Onlooker, onlookers
from pd_core.attack.published import Published, Question
from pd_core.attack.rounded import Rounded, district_weights
from pd_core.attack.sight import Sight, sights
from pd_core.attack.truth import RESPONSE_RATES
from pd_core.attack.weights import numbers_recovered
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import Flags
from pd_core.storage import Store

BY_UNNAMED = "since shares without a name tell which schools they are of"
_BY_WHAT_IS_SEEN = "by adding and subtracting"


@dataclass(frozen=True)
class Visits:
    """All who look at a store, and what they see.

    `visitors`: how many there are; of those who see and know the same, one is in `onlookers`. `seen_by`: what each
    scope sees.
    """

    visitors: int
    onlookers: tuple[Onlooker, ...]
    seen_by: Mapping[Scope, Sight]


def visits(store: Store, codebook: Codebook, target_share: float, published: Published) -> Visits:
    """Every visitor of `onlookers`, with what they see."""
    several = [
        frozenset(school for school, known in zip(published.school_ids, row, strict=True) if known)
        for row in published.knowers
        if row.sum() > 1
    ]
    people = list(onlookers(published.school_ids, several))
    different = {(one.scope, one.knows): one for one in reversed(people)}
    seen_by = sights(store, codebook, target_share, published, list(dict.fromkeys(one.scope for one in people)))
    return Visits(len(people), tuple(reversed(different.values())), seen_by)


def found_by_visitors(published: Published, looked: Visits) -> list[Found]:
    """What visitors find; it needs no store, and no `frames` of what is published."""
    figures = _Figures(published)
    found = [one for who in looked.onlookers for one in _found_by(published, who, looked.seen_by[who.scope], figures)]
    return list(dict.fromkeys(found))


def recovered_by_visitors(
    store: Store, codebook: Codebook, target_share: float, published: Published, looked: Visits
) -> int:
    """How many numbers visitors recover of schools that they do not see; 5 people or more answered in each of these."""
    return sum(
        numbers_recovered(store, codebook, target_share, wave_id, who.scope, who.knows)
        for who in looked.onlookers
        if who.knows and who.scope.others == "hidden"
        for wave_id in published.waves
    )


def _found_by(published: Published, one: Onlooker, seen: Sight, figures: _Figures) -> Iterator[Found]:
    known = np.isin(published.school_ids, sorted(one.knows))
    by, left = f", as {one.who} sees it", f"since no other answers fit what {one.who} sees"
    for question in published.questions:
        key = (question.wave_id, question.name)
        exact, odd = seen.exact[key], seen.odd[key]
        if key in seen.telling:
            yield finding(published, question, [(len(known), 0)], BY_UNNAMED + by)
        for place, role in np.argwhere(odd & question.hidden):
            yield finding(published, question, [(int(place), int(role))], ELSEWHERE + by)
        if (exact & ~question.shown).any():
            sums = Sums(question.people, np.concatenate([question.groups(exact), own_cells(question, known)]))
            for few in sums.few_together(np.broadcast_to(~known[:, None], question.people.shape)):
                yield finding(published, question, _cells(question, few), _BY_WHAT_IS_SEEN + by)
        # Those who know nothing else see a part of what a stranger does, exact: see `by_whole_numbers`.
        is_part = not known.any() and not (
            (exact & ~question.shown).any() or (seen.rounded[key] & ~question.shown[-1]).any()
        )
        if question.name != RESPONSE_RATES and question.truth.any() and not is_part:
            for stuck in figures.stuck(question, exact, seen.rounded[key], known):
                yield finding(published, question, _cells(question, np.flatnonzero(stuck).tolist()), left)


def _cells(question: Question, places: list[int]) -> list[tuple[int, int]]:
    return [(school, role + 1) for school, role in (divmod(place, question.people.shape[1]) for place in places)]


class _Figures:
    """What is worked out once for all visitors: the weights of the district's shares, and which answers could move."""

    def __init__(self, published: Published) -> None:
        self.published = published
        self._weights: dict[tuple[str, str, int], Numbers | None] = {}
        self._stuck: dict[tuple[str, str, bytes, bytes], list[Flags]] = {}
        self._puzzles: dict[tuple[str, str, int, bytes], Rounded] = {}

    def weights(self, question: Question, rounded: Flags) -> list[Numbers | None]:
        """As `district_weights`, of each filter under which the figures are rounded."""
        found = []
        for role in np.flatnonzero(rounded):
            key = (question.wave_id, question.name, int(role))
            if key not in self._weights:
                self._weights[key] = district_weights(self.published, question, int(role))
            found.append(self._weights[key])
        return found

    def for_all(self, question: Question, answer: int, exact: Flags, rounded: Flags) -> Rounded:
        """As `puzzle`, with nothing known: made once for all who see as much."""
        key = (question.wave_id, question.name, answer, exact.tobytes() + rounded.tobytes())
        if key not in self._puzzles:
            nobody = np.zeros(question.people.size, dtype=np.bool_)
            self._puzzles[key] = self.puzzle(question, answer, exact, rounded, nobody)
        return self._puzzles[key]

    def stuck(self, question: Question, exact: Flags, rounded: Flags, known: Flags) -> list[Flags]:
        """As `_stuck`, worked out once for all who see and know as much."""
        key = (question.wave_id, question.name, known.tobytes(), exact.tobytes() + rounded.tobytes())
        if key not in self._stuck:
            self._stuck[key] = list(_stuck(self, question, exact, rounded, known))
        return self._stuck[key]

    def puzzle(self, question: Question, answer: int, exact: Flags, rounded: Flags, known: Flags) -> Rounded:
        people = question.people.ravel()
        of_district = np.zeros_like(exact)
        of_district[-1] = rounded
        groups, figures = (question.groups(which).reshape(-1, people.size) for which in (exact, of_district))
        able = question.truth[:, :, answer].ravel()
        return Rounded(people, able, known, groups, figures, self.weights(question, rounded), question.people.shape)


def _stuck(figures: _Figures, question: Question, exact: Flags, rounded: Flags, known: Flags) -> Iterator[Flags]:
    """The sets of 1 to 4 people, outside what is known, whose answers could not have been others'."""
    sets = few_sets(question, known)
    known_places = np.append(known, False)[:, None]
    own = known.repeat(question.people.shape[1])
    people = np.where(own, 0, question.people.ravel())
    truth = np.where(own[:, None], 0, question.truth.reshape(people.size, -1))
    # What is seen of the schools that are known makes no difference for others: so one look does for all who know some.
    with_all = exact | (question.shown & known_places) if known.any() else exact
    seen = exact.copy()
    seen[-1] |= rounded
    groups = question.groups(seen).reshape(-1, people.size)
    _, kind = alike(groups.T)
    kinds = np.eye(kind.max(initial=0) + 1)[kind]
    touched = groups.any(axis=0) @ kinds > 0
    # By kind of cell: the set's people, and all of them; and those of each who gave an answer.
    inside, everybody = (sets * people) @ kinds, people @ kinds
    for answer in range(truth.shape[1]):
        gave_inside, gave = (sets * truth[:, answer]) @ kinds, truth[:, answer] @ kinds
        outside, gave_outside = everybody - inside, gave - gave_inside
        could_swap = (gave_inside > 0) & (outside > gave_outside) | (gave_outside > 0) & (inside > gave_inside)
        agree = (gave == 0) | (gave == everybody)
        is_free = ((inside > 0) & (could_swap | ~touched)).any(axis=1) | ((inside == 0) | agree).all(axis=1)
        if is_free.all():
            continue
        for_all = figures.for_all(question, answer, with_all, rounded)
        for few in sets[~is_free]:
            if for_all.has_partner(few, ~known) or (for_all.at_home & few).any():
                continue
            # What exact sums leave open, rounded ones do too; what all of a larger sum agree on is accepted there.
            if not figures.puzzle(question, answer, exact, rounded, own).is_fixed(few):
                continue
            if is_fixed_with(figures.published, question, known, few):
                yield few
