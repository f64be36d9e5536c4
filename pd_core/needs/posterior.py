"""What all staff of a school would most likely say, including those who have not answered; only for this package.

The missing staff are drawn from an urn (`measures.polya_urn`). If the staff list has roles, people are drawn from the
urn of their role. That never reveals a hidden group: a role has its own urn in a school only if it is shown there,
under a filter by role, for every question; all others are drawn together. From other schools an urn holds the answers
of the role if the role is shown for the whole district, otherwise those of all roles. No urn holds an answer to a
question that is hidden at the respondent's school, or an answer from another school to one that is hidden for the whole
district. All urns of a school together hold as many answers of others as weigh `PRIOR_WEIGHT` respondents.

Whole responses are drawn, so that a person's skills stay together. Probabilities therefore depend a little on which
answers belong to one person, which no table shows; hence whole people and whole percents.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppression import FEWEST, Counts
from pd_core.measures import polya_posterior, polya_urn
from pd_core.measures.response_rates import needed_answers
from pd_core.needs.certainty import ENOUGH, Certainty, certainty_of
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION, trainings
from pd_core.needs.respondents import Respondents
from pd_core.storage import queries
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district

DRAWS = 2000
BUILDINGS, BUILDING_DRAWS, OFTEN = 60, 25, 0.8
"""Simulated schools with more answers, how often each is completed, and the share of them that must be safe."""
MOST_STAFF = 2_000
"""No school has more: a larger headcount is a mistake, and its draws would fill the memory."""
DECIDED = ("behind", "on target")
"""Response statuses of schools with draws: enough answers to show, and a headcount that fits."""
Answers = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Posterior:
    """One school's needs, among those that are shown.

    `columns` are (training, skill_id). For each of them:

    - `people` of the `headcount` who would take the training, with the ends of its 80% range, in whole people
    - `expected`: the same unrounded, to order needs by; not to be shown
    - `in_top_two`: the probability that it is among the two greatest of its kind of training, or tied with them: 0 to 1
      in whole percents, rounded down, at most 0.99 while someone has not answered

    NaN if hidden or without answers; `in_top_two` is then NaN for all classes of that kind, and `certainties` lacks the
    kind.
    """

    columns: tuple[tuple[str, str], ...]
    headcount: int
    expected: Numbers
    people: Numbers
    people_low: Numbers
    people_high: Numbers
    in_top_two: Numbers
    certainties: Mapping[str, Certainty]


def posterior(whole: DistrictSurvey, school_id: str) -> Posterior | None:
    """A school's posterior, worked out when first asked for.

    Null if nothing can be said: without a headcount or with more respondents than it counts, with too few answers to
    show, or if no entry class is shown.
    """
    return of_whole(whole).of(school_id)


@kept_by_district
def of_whole(whole: DistrictSurvey) -> Posteriors:
    """The posteriors of a survey's schools, one object for all callers."""
    return Posteriors(whole)


class Posteriors:
    """The posteriors of a survey's schools, each worked out once."""

    def __init__(self, whole: DistrictSurvey) -> None:
        self._whole = whole
        self._found: dict[str, Posterior | None] = {}
        self._more: dict[str, int | None] = {}
        self._working = threading.Lock()

    def knows(self, school_id: str) -> bool:
        """Whether everything about a school is worked out."""
        return school_id in self._more or school_id not in self._decided

    def work_out(self, school_ids: Sequence[str]) -> None:
        """Work out all of these schools, two at a time: most of the work is numpy's, which does not block the other."""
        with self._working:  # others who ask for the same schools wait, and find them done
            missing = [school_id for school_id in school_ids if school_id not in self._more]
            if missing:
                self.more_answers(missing.pop())  # makes what all of them share
            if missing:
                with ThreadPoolExecutor(2) as both:
                    list(both.map(self.more_answers, missing))

    def of(self, school_id: str) -> Posterior | None:
        """As `posterior`. Two threads may both work out a school; they get the same result."""
        if school_id not in self._found:
            self._found[school_id] = self._work_out(school_id)
        return self._found[school_id]

    def more_answers(self, school_id: str) -> int | None:
        """How many more answers would probably make it safe to decide; null if it is, or if that cannot be said."""
        if school_id not in self._more:
            found, more = self.of(school_id), None
            entry = found.certainties.get(ENTRY) if found else None
            if found is not None and entry is not None and entry.verdict != "safe":
                answered = self._answered(school_id)
                target = max(needed_answers(self._whole.target_share, found.headcount), FEWEST)
                more = polya_posterior.more_answers(
                    self._groups(school_id), entry=self._places(school_id, ENTRY), enough=ENOUGH,
                    fewest=target - answered, often=OFTEN, buildings=BUILDINGS, draws=BUILDING_DRAWS,
                    seed=self._seed(school_id),
                )  # fmt: skip
            self._more[school_id] = more
        return self._more[school_id]

    def _work_out(self, school_id: str) -> Posterior | None:
        staff, shown = self._decided.get(school_id), self._shown.get(school_id, frozenset())
        if staff is None or not self._places(school_id, ENTRY):
            return None
        groups = self._groups(school_id)
        draws = polya_posterior.complete(groups, draws=DRAWS, seed=self._seed(school_id))
        draws[:, [place for place, column in enumerate(self._columns) if column not in shown]] = np.nan
        low, high = polya_posterior.likely_range(draws)
        expected = draws.mean(axis=0)
        most = 0.99 if any(group.unseen for group in groups) else 1.0
        in_top_two, certainties = np.full(len(self._columns), np.nan), {}
        for training in (ENTRY, IMPLEMENTATION):
            places = self._places(school_id, training)
            if not places or (school_id, training) in self._hidden_in_part or np.isnan(draws[:, places]).any():
                continue
            skills = [self._columns[place][1] for place in places]
            certainty = certainty_of(draws[:, places], skills, self._answered(school_id), staff, most)
            certainties[training], in_top_two[places] = certainty, certainty.in_top_two
        return Posterior(
            columns=tuple(self._columns),
            headcount=staff,
            expected=expected,
            people=np.clip(np.rint(expected), low, high) + 0.0,  # never “-0”
            people_low=low + 0.0,
            people_high=high + 0.0,
            in_top_two=in_top_two,
            certainties=certainties,
        )

    def _answered(self, school_id: str) -> int:
        """How many of the school are in its urns."""
        school = self._whole.school_ids.index(school_id)
        return int((self._people.school == school).sum())

    def _seed(self, school_id: str) -> int:
        """The same for a school whatever other schools there are, and secret.

        With it, someone could try out which answers give the numbers that are shown.
        """
        digest = hmac.digest(self._whole.store.secret(), f"urn of {school_id}".encode(), "sha256")
        return int.from_bytes(digest[:16])

    def _places(self, school_id: str, training: str) -> list[int]:
        """The columns of a kind of training for which the school has a number that is shown."""
        shown = self._shown.get(school_id, frozenset())
        return [place for place, column in enumerate(self._columns) if column in shown and column[0] == training]

    def _groups(self, school_id: str) -> list[polya_urn.Group]:
        """The urns of a school's staff: one for each role on its own, and one for all others."""
        school, staff = self._whole.school_ids.index(school_id), self._decided[school_id]
        here = np.flatnonzero(self._people.school == school)
        roles = self._people.role[here]
        alone = [int(role) for role in np.flatnonzero(self._people.stands_alone[school])]
        of_groups = [here[roles == role] for role in alone] + [here[~np.isin(roles, alone)]]
        listed = [self._listed[school, role] for role in alone]
        missing = [max(0, n - len(people)) for n, people in zip(listed, of_groups, strict=False)]
        missing.append(max(0, staff - sum(listed) - len(of_groups[-1])))
        unseen = shared_out(staff - len(here), missing)
        others = [self._people.elsewhere(school, role) for role in [*alone, None]]
        return [
            polya_urn.Group(
                self._people.answers[people], number, base, polya_urn.PRIOR_WEIGHT * number / max(1, sum(unseen))
            )
            for people, number, base in zip(of_groups, unseen, others, strict=True)
            if len(people) or number
        ]

    @cached_property
    def _decided(self) -> dict[str, int]:
        """School to headcount, of those that can be drawn for."""
        rows = self._whole.response_rates.filter(
            pl.col("status").is_in(DECIDED)
            & ~pl.col("suppressed")
            & (pl.col("school_id") != DISTRICT)
            & (pl.col("headcount") <= MOST_STAFF)
        )
        return {str(school): int(staff) for school, staff in rows.select("school_id", "headcount").iter_rows()}

    @cached_property
    def _shown(self) -> dict[str, frozenset[tuple[str, str]]]:
        """School to the columns for which it has a number that is shown."""
        rows = trainings(self._whole).filter(pl.col("people").is_not_null())
        found: dict[str, set[tuple[str, str]]] = {}
        for school, training, skill in rows.select("school_id", "training", "skill_id").iter_rows():
            found.setdefault(school, set()).add((training, skill))
        return {school: frozenset(columns) for school, columns in found.items()}

    @cached_property
    def _hidden_in_part(self) -> frozenset[tuple[str, str]]:
        """School and kind of training with a hidden class, which may be needed by more people than those shown."""
        rows = trainings(self._whole).filter("suppressed")
        return frozenset(rows.select("school_id", "training").unique().iter_rows())

    @cached_property
    def _columns(self) -> list[tuple[str, str]]:
        return self._people.columns

    @cached_property
    def _people(self) -> Respondents:
        return Respondents(self._whole)

    @cached_property
    def _listed(self) -> Counts:
        """Staff on the roster by school and role, in the order of the roles of `_people`."""
        found = np.zeros(self._people.stands_alone.shape, dtype=np.int64)
        schools = {school_id: place for place, school_id in enumerate(self._whole.school_ids)}
        roles = {role: place for place, role in enumerate(self._people.roles)}
        for school, role, staff in queries.roster_headcounts(self._whole.store).iter_rows():
            if school in schools and role in roles:
                found[schools[school], roles[role]] = staff
        return found


def shared_out(total: int, shares: Sequence[int]) -> list[int]:
    """Split a number of people by shares, in whole people: the largest remainders get one more. All go to the last if
    every share is 0.
    """
    if not sum(shares):
        return [*([0] * (len(shares) - 1)), total]
    exact = [total * share / sum(shares) for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda place: parts[place] - exact[place])
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
