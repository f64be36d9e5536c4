"""A proposed plan as lines of text."""

from __future__ import annotations

from collections import Counter

from pd_core.planning.problem import Problem
from pd_core.planning.result import Plan
from pd_core.wording import percent, plural


def plan_text(problem: Problem, plan: Plan) -> str:
    """The plan in a few sentences, then a line for each session, in order of time."""
    reached = sum(session.reached for session in plan.sessions)
    buildings = {school_id for session in plan.sessions for school_id in session.school_ids}
    in_need = sum(problem.needs.values())
    lines = [
        f"{plural(len(plan.sessions), 'session')} reach {reached:,} of {in_need:,} people in need; {len(buildings)} of "
        f"{len(problem.schools)} buildings get one; {len(plan.resend)} should resend first.",
        "No better plan is possible."
        if plan.status == "optimal"
        else f"A better plan may be possible: at most {percent(plan.gap)} more. More time may find it.",
        f"Trainers give {plan.trainer_hours:,.1f} hours, ways included."
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
