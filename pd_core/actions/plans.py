"""Proposes a training plan, for people to decide on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pd_core.access import EVERYTHING, Visitor
from pd_core.actions.plan_record import record_proposal
from pd_core.codebook import Codebook, fold
from pd_core.errors import UnknownName, UserError
from pd_core.planning.decided import decided_rules
from pd_core.planning.plan import SECONDS, plan
from pd_core.planning.problem import Problem, Rule
from pd_core.planning.record import replay
from pd_core.planning.result import Plan
from pd_core.storage import Store, queries
from pd_core.storage.plans import plan_changes
from pd_core.summaries.planning_problem import planning_problem
from pd_core.survey.scoped_survey import survey

FEWEST = 5
MOST_SECONDS = 3_600


def propose(
    store: Store,
    visitor: Visitor,
    codebook: Codebook,
    wave: str,
    *,
    target_share: float,
    now: datetime,
    rules: Sequence[Rule] = (),
    seconds: float = SECONDS,
    fewest: int = FEWEST,
    budget: float | None = None,
    rate: float | None = None,
) -> tuple[Problem, Plan]:
    """The problem of a wave at `now` (local time), and the best plan found for it in `seconds`, put into the record.

    Sessions that are agreed or scheduled stay; earlier proposals that no one agreed to are withdrawn.

    `fewest` people a session; `budget` and `rate` (an hour and person) in money (null: no limit).
    Raises RefusedAccess; UnknownName for a wave that isn't there; UserError for a number that cannot be used; NoPlan.
    """
    visitor.require("plan")
    require_numbers(seconds, fewest, budget, rate)
    problem = planning_problem(
        survey(store, codebook, _known_wave(store, wave), None, target_share, EVERYTHING),
        now=now,
        rules=rules,
        fewest=fewest,
        budget=budget,
        rate=rate or 0.0,
    )
    decided = decided_rules(problem, replay(plan_changes(store)).sessions())
    problem = replace(problem, rules=(*problem.rules, *decided))
    return problem, record_proposal(store, visitor, plan(problem, seconds), now)


def _known_wave(store: Store, wave: str) -> str:
    known = [str(wave_id) for wave_id in queries.waves(store)["wave_id"]]
    for wave_id in known:
        if fold(wave_id) == fold(wave):
            return wave_id
    raise UnknownName(f"There is no wave “{wave}” with answers.", f"Known: {', '.join(known) or 'none yet'}.")


def require_numbers(seconds: float, fewest: int, budget: float | None, rate: float | None) -> None:
    """Raises UserError for a number that cannot be planned with."""
    if not 0 < seconds <= MOST_SECONDS:
        raise UserError(
            f"The time limit is {seconds:g} seconds.", f"Give more than 0 and at most {MOST_SECONDS:,} seconds."
        )
    if fewest < 1:
        raise UserError(f"The fewest people in a session is {fewest}.", "Give 1 or more.")
    if budget is not None and not 0 <= budget < float("inf"):
        raise UserError(f"The budget is {budget:g}.", "Give an amount of money, 0 or more.")
    if rate is not None and not 0 <= rate < float("inf"):
        raise UserError(f"The rate is {rate:g}.", "Give the money paid for an hour of one person, 0 or more.")
    if budget is not None and rate is None:
        raise UserError("A budget needs a rate.", "Add the money paid for an hour of one person: --rate MONEY.")
