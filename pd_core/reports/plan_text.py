"""A proposed plan as lines of text."""

from __future__ import annotations

from collections import Counter

from pd_core.planning.problem import Problem
from pd_core.planning.result import Plan
from pd_core.presentation.plan_left import trained_sentence
from pd_core.presentation.plan_words import headline, how_good
from pd_core.wording import plural


def plan_text(problem: Problem, plan: Plan) -> str:
    """The plan in a few sentences, then a line for each session, in order of time."""
    lines = [
        f"{headline(problem, plan)}.",
        *filter(None, [trained_sentence(problem)]),
        how_good(plan),
        f"Trainers give {plan.trainer_hours:,.1f} hours, travel included."
        + (f" People's hours cost {plan.cost:,.2f}." if problem.rate else ""),
    ]
    slots = {slot.slot_id: slot for slot in problem.slots}
    titles = {training.training_id: training.title for training in problem.trainings}
    names = {school.school_id: school.name for school in problem.schools}
    trainers = {trainer.trainer_id: trainer.name for trainer in problem.trainers}
    for session in plan.sessions:
        there = " with ".join(names[school_id] for school_id in session.school_ids)
        lines.append(
            f"{slots[session.slot_id].starts_at:%Y-%m-%d %H:%M}  {there}: {titles[session.training_id]}, "
            f"{trainers[session.trainer_id]}, {plural(session.reached, 'seat')} taken"
        )
    for resend in plan.resend:
        more = f": about {resend.more_answers} more answers" if resend.more_answers else ""
        lines.append(f"Resend the form at {names[resend.school_id]}{more}.")
    reasons = Counter[str]()
    for unmet in plan.unmet:
        reasons[unmet.reason] += unmet.people
    if reasons:
        told = ", ".join(f"{people:,} ({reason})" for reason, people in reasons.most_common())
        lines.append(f"Not reached, by reason: {told}.")
    return "\n".join(lines)
