"""What the record of the plan asks of the next proposal: what people decided stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pd_core.entities import PlanSession
from pd_core.planning.broken_limits import broken_limits, by_party, unknown_parts
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Problem, Rule
from pd_core.planning.record import option_of


def decided_rules(problem: Problem, sessions: Sequence[PlanSession]) -> tuple[Rule, ...]:
    """A lock for each session that is agreed or scheduled and still to come.

    One that a proposal could not contain, because people overruled a limit or the need has gone, keeps its trainer and
    its schools free at its time instead. Sessions of schools, trainers or slots that are no longer listed are left out.
    """
    listed = Eligibility(problem)
    coming = [
        one for one in sessions if one.is_decided and one.starts_at > problem.now and not unknown_parts(listed, one)
    ]
    locks = {one.session_id: _lock(one) for one in coming}
    about = Eligibility(replace(problem, rules=(*problem.rules, *locks.values())))
    related = by_party(coming)
    rules: list[Rule] = []
    for one in coming:
        if _is_possible(about, one) and not broken_limits(about, one, related(one)):
            rules.append(locks[one.session_id])
        else:
            rules += _kept_free(about, one)
    return tuple(rules)


def _lock(session: PlanSession) -> Rule:
    return Rule("lock", session.school_ids[0], session.training_id, session.trainer_id, session.slot_id)


def _is_possible(about: Eligibility, session: PlanSession) -> bool:
    training = about.trainings[session.training_id]
    trainers = {trainer_id for trainer_id, _ in about.trainers_for(training, session.school_ids[0])}
    return (
        about.is_enough(session.school_ids, training)
        and session.trainer_id in trainers
        and session.slot_id in about.slots_for(session.trainer_id, training)
        and not about.is_forbidden(option_of(session))
    )


def _kept_free(about: Eligibility, session: PlanSession) -> list[Rule]:
    at_once = [slot for slot in about.open_slots if slot.overlaps(about.slots[session.slot_id])]
    return [
        rule
        for slot in at_once
        for rule in (
            Rule("forbid", trainer_id=session.trainer_id, slot_id=slot.slot_id),
            *(Rule("forbid", school_id=school_id, slot_id=slot.slot_id) for school_id in session.school_ids),
        )
    ]
