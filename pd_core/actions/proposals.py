"""Proposals of a wave: each searched for once, in the background, and kept by the store's version and its inputs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pd_core.access import EVERYTHING, Visitor
from pd_core.actions.plans import FEWEST, require_numbers
from pd_core.background import MOST_SCHOOLS_AT_ONCE
from pd_core.codebook import Codebook
from pd_core.entities import PlanSession
from pd_core.needs.background import progress
from pd_core.needs.verdicts import are_known
from pd_core.planning.background import Job
from pd_core.planning.decided import decided_rules
from pd_core.planning.problem import Problem, Rule
from pd_core.planning.record import replay
from pd_core.planning.staffing import Staffing, staffing
from pd_core.planning.what_if import Variant, variant
from pd_core.storage import Store
from pd_core.storage.plans import plan_changes
from pd_core.summaries.planning_problem import planning_problem
from pd_core.summaries.taught import taught
from pd_core.survey.scoped_survey import survey

MOST_KEPT = 40
"""Proposals that are kept of one version; the ones not asked for longest go first."""


@dataclass(frozen=True)
class Asked:
    """What a proposal depends on besides the store: rules, the fewest people in a session, money (`rate` an hour and
    person, `budget`; null: no limit), seconds to search (null: as long as a district of its size needs), and in which
    way it differs from the district as it is (null: in none).

    `begun` are the slots that have begun, `decided` the sessions that people agreed to: `Proposals` sets them.
    """

    rules: tuple[Rule, ...] = ()
    fewest: int = FEWEST
    rate: float | None = None
    budget: float | None = None
    seconds: float | None = None
    variant: Variant | None = None
    begun: tuple[str, ...] = ()
    decided: tuple[PlanSession, ...] = ()


class Proposals:
    """The proposals of one wave at one version."""

    def __init__(self, base: Problem) -> None:
        self._base = base
        self._decided: tuple[PlanSession, ...] = ()
        self._problems: OrderedDict[Asked, Problem] = OrderedDict()
        self._jobs: OrderedDict[Asked, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._staffing: tuple[datetime, Staffing] | None = None

    def at(self, now: datetime, asked: Asked) -> tuple[Problem, Asked]:
        """The problem of what is asked at `now` (local time), and what is asked, with the slots that have begun."""
        key = self._key(now, asked)
        with self._lock:
            if key in self._problems:
                return self._problems[key], key
        problem = replace(
            self._base, now=now, rules=asked.rules, fewest=asked.fewest, budget=asked.budget, rate=asked.rate or 0.0
        )
        problem = replace(problem, rules=(*problem.rules, *decided_rules(problem, key.decided)))
        problem = variant(problem, asked.variant) if asked.variant else problem
        with self._lock:
            self._problems[key] = problem
            while len(self._problems) > MOST_KEPT:
                self._problems.popitem(last=False)
        return problem, key

    def _key(self, now: datetime, asked: Asked) -> Asked:
        begun = tuple(slot.slot_id for slot in self._base.slots if slot.starts_at <= now)
        return replace(asked, begun=begun, decided=self._decided)

    def plan_around(self, sessions: Sequence[PlanSession]) -> None:
        """From now on plans around those of the plan's sessions that people agreed to."""
        self._decided = tuple(one for one in sessions if one.is_decided)

    @property
    def decided(self) -> tuple[PlanSession, ...]:
        """The sessions of the plan that people agreed to and that are still to be held."""
        return self._decided

    def known(self, now: datetime, asked: Asked) -> Job | None:
        """The search for what is asked, if it was begun."""
        key = self._key(now, asked)
        with self._lock:
            if key in self._jobs:
                self._jobs.move_to_end(key)
            return self._jobs.get(key)

    def begin(self, now: datetime, asked: Asked, *, again: bool = False) -> Job:
        """The search for what is asked, begun if it was not; with `again` also if it has ended."""
        problem, key = self.at(now, asked)
        before = _before(asked)
        after = self.begin(now, before) if before is not None else None
        with self._lock:
            job = self._jobs.get(key)
            if job is None or (again and job.is_done):
                job = self._jobs[key] = Job(problem, asked.seconds or usual_seconds(problem), after)
            self._jobs.move_to_end(key)
            while len(self._jobs) > MOST_KEPT:
                self._jobs.popitem(last=False)[1].cancel()
        return job

    def staffing(self, now: datetime) -> Staffing:
        """What the lists can do, worked out once until a slot begins."""
        begun = [slot.starts_at for slot in self._base.slots if slot.starts_at <= now]
        mark = max(begun, default=datetime.min)
        if self._staffing is None or self._staffing[0] != mark:
            self._staffing = mark, staffing(replace(self._base, now=now))
        return self._staffing[1]


def _before(asked: Asked) -> Asked | None:
    """The proposal that another one starts from, so that little changes: without its condition, else without its rules.

    It depends on nothing else, so that the same address has the same plan.
    """
    if asked.variant is not None:
        return replace(asked, variant=None)
    return replace(asked, rules=()) if asked.rules else None


def usual_seconds(problem: Problem) -> float:
    """How long to search: a small district's best plan is found before its time ends."""
    schools = len(problem.schools)
    return 10.0 if schools <= 30 else 20.0 if schools <= 100 else 60.0


def verdicts_to_come(
    store: Store, visitor: Visitor, codebook: Codebook, wave_id: str, *, target_share: float
) -> tuple[int, int] | None:
    """How many schools' verdicts are known, and of how many, where a page should not wait for them: they are worked out
    in the background. Null where they are known, or there in a few seconds. Raises RefusedAccess."""
    visitor.require("view")
    whole = survey(store, codebook, wave_id, None, target_share, EVERYTHING)
    if whole.schools.height <= MOST_SCHOOLS_AT_ONCE or are_known(whole):
        return None
    return progress(whole)


def proposals(
    store: Store, visitor: Visitor, codebook: Codebook, wave_id: str, now: datetime, *, target_share: float
) -> Proposals:
    """The proposals of a wave at `now` (the district's time), for anyone who may see its pages; what they see of one is
    for `summaries.plan_tables`. Raises RefusedAccess; NoPlan where the lists contradict the list of schools."""
    visitor.require("view")
    whole = survey(store, codebook, wave_id, None, target_share, EVERYTHING)
    found = whole.kept(
        (__name__, "proposals", taught(store).mark),
        lambda: Proposals(planning_problem(whole, now=now, fewest=FEWEST)),
    )
    found.plan_around(replay(plan_changes(store)).sessions())
    return found


def begin(found: Proposals, visitor: Visitor, now: datetime, asked: Asked, *, again: bool = False) -> Job:
    """Begins a search, or returns the one that was begun. Only those who plan may ask for anything but the usual
    proposal, or for a second search. Raises RefusedAccess; UserError for a number that cannot be used."""
    if again or replace(asked, begun=(), decided=()) != Asked():
        visitor.require("plan")
    require_numbers(asked.seconds or usual_seconds(found.at(now, asked)[0]), asked.fewest, asked.budget, asked.rate)
    return found.begin(now, asked, again=again)
