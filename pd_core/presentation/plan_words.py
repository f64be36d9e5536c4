"""The sentences of a plan: its headline, how good it is, why a need is left, what a rule asks for."""

from __future__ import annotations

import math

from pd_core.codebook import Codebook
from pd_core.planning.changes import Change
from pd_core.planning.comparison import Differences
from pd_core.planning.found import Found
from pd_core.planning.measure import Measure, in_need
from pd_core.planning.problem import Problem, Rule
from pd_core.planning.result import Plan
from pd_core.wording import day_said, hours_said, listed, percent, plural

KINDS = {"entry": "Entry class", "implementation": "Implementation class"}
TEACHERS = {"entry": "MIE", "implementation": "facilitator"}
PROPOSAL = "A proposal, for you to decide on. Nothing is fixed, and no one has been invited."
COUNTED = (
    "People in need are counted once for each training they need, at the low end of the range: fewer answers give no "
    "school more sessions."
)


def headline(problem: Problem, plan: Plan) -> str:
    """A plan in one sentence, without its full stop."""
    reached = sum(session.reached for session in plan.sessions)
    schools = {school_id for session in plan.sessions for school_id in session.school_ids}
    number = len(plan.sessions)
    resend = f"; {len(plan.resend)} should resend first" if plan.resend else ""
    return (
        f"{plural(number, 'session')} {'reaches' if number == 1 else 'reach'} {reached:,} of {in_need(problem):,} "
        f"people in need; {len(schools)} of {plural(len(problem.schools), 'school')} "
        f"{'gets' if len(schools) == 1 else 'get'} one{resend}"
    )


def percent_at_most(share: float) -> str:
    """A share that nothing exceeds, in tenths of a percent, rounded up: 0.0341 is 3.5% (empty: it is infinite)."""
    return f"{math.ceil(1000 * share - 1e-6) / 10:.1f}%" if math.isfinite(share) else ""


def how_good(plan: Plan) -> str:
    """Whether a better plan is possible."""
    if plan.status == "optimal":
        return "No other plan reaches more people under these limits."
    if plan.gap < 0.001:
        return "No other plan reaches noticeably more people under these limits."
    most = percent_at_most(plan.more_at_most)
    return f"Another plan may reach more people{f', by {most} at most' if most else ''}. More time may find it."


def measure_sentences(found: Measure) -> tuple[str, ...]:
    """A plan compared with one that a person makes school by school."""
    more = found.plan.people - found.by_hand.people
    than = f"{more:,} more" if more > 0 else f"{-more:,} fewer" if more < 0 else "as many"
    of = found.in_need or 1
    return (
        f"This plan reaches {found.plan.people:,} people ({percent(found.plan.people / of)} of those in need) at "
        f"{plural(found.plan.schools, 'school')}. Planned by hand from the same lists, school by school and the "
        f"greatest need first, {found.by_hand.people:,} ({percent(found.by_hand.people / of)}) would be reached at "
        f"{plural(found.by_hand.schools, 'school')}: the plan reaches {than}.",
        f"How evenly: in the middle school {percent(found.plan.share_middle)} of the people in need are reached (by "
        f"hand {percent(found.by_hand.share_middle)}); in one school of ten, at most {percent(found.plan.share_low)} "
        f"(by hand {percent(found.by_hand.share_low)}).",
    )


def reason_sentence(row: dict[str, object], change: Change | None, problem: Problem, codebook: Codebook) -> str:
    """Why people of a school are not reached in a skill, and the smallest change that would help."""
    skill = _skill(codebook, str(row["skill_id"]))
    kind, fewest = str(row["kind"]), problem.fewest
    teacher = TEACHERS[kind]
    article = "An" if kind == "entry" else "A"
    school_id = str(row["school_id"])
    if change is not None:
        return _limit_sentence(change, problem, codebook, skill)
    more = problem.resend.get(school_id)
    return {
        "resend": f"Too few have answered to decide. First get {plural(more, 'more answer')}."
        if more
        else "Too few have answered to decide. First send the form again.",
        "no training": f"The catalog has no {KINDS[kind].lower()} in {skill}. Add one.",
        "no trainer": f"No {teacher} who can come here has {skill}, the hours and a slot. {article} {teacher} "
        f"{'within 20 minutes ' if kind == 'entry' else ''}could be certified in {skill}.",
        "too few": f"They are fewer than the {fewest} that a session needs. Ask for fewer people in a session.",
        "forbidden": "Every session for them is forbidden below. Remove that rule.",
    }[str(row["reason"])]


def _limit_sentence(change: Change, problem: Problem, codebook: Codebook, skill: str) -> str:
    trainer = next((one.name for one in problem.trainers if one.trainer_id == change.subject), "")
    topics = listed([_skill(codebook, one) for one in change.subject.split(";") if one])
    return {
        "topics": f"The school has its two topics, {topics}. Forbid one of them here to make room.",
        "seven hours": f"The school's staff have their seven hours, in {topics}. A shorter class would fit.",
        "seats": f"No class has the {problem.fewest} seats that a session needs. Give one more seats.",
        "people": f"A session needs {plural(int(change.amount), 'more person').replace('persons', 'people')}. Ask for "
        "fewer people in a session.",
        "money": f"The budget is used up. {change.amount:,.0f} more would pay for one more session.",
        "neighbor": "They could only join a session at a neighboring school, and none of those has room.",
        "hours": f"Hours are used up. {change.amount:g} more hours for {trainer} would allow one more session.",
        "slots": "No slot is left in which the school and a trainer are free. "
        + (f"{trainer} still has the hours: add a slot." if trainer else "Trainers would need more hours too."),
        "fairness": "Other schools get their first session before this one gets its third.",
        "search": "One more session is possible here. Search again with more time.",
    }[change.limit]


def rule_sentence(rule: Rule, problem: Problem) -> str:
    """A lock or a forbid as people read it."""
    parts = []
    if rule.training_id:
        names = {one.training_id: one.title for one in problem.trainings}
        parts.append(f"“{names.get(rule.training_id, rule.training_id)}”")
    if rule.school_id:
        names = {one.school_id: one.name for one in problem.schools}
        parts.append(f"for {names.get(rule.school_id, rule.school_id)}")
    if rule.trainer_id:
        names = {one.trainer_id: one.name for one in problem.trainers}
        parts.append(f"taught by {names.get(rule.trainer_id, rule.trainer_id)}")
    if rule.slot_id:
        slots = {one.slot_id: one for one in problem.slots}
        slot = slots.get(rule.slot_id)
        parts.append(f"on {day_said(slot.starts_at)}" if slot else f"in slot {rule.slot_id}")
    what = " ".join(parts) or "any session"
    return f"Hold at least one session: {what}" if rule.action == "lock" else f"Hold no session: {what}"


def session_labels(found: Found) -> dict[str, str]:
    """Each session by its id, as a person picks it from a list: school, class, time."""
    return found.kept("session labels", lambda: _labels(found))


def _labels(found: Found) -> dict[str, str]:
    names = {school.school_id: school.name for school in found.problem.schools}
    titles = {one.training_id: one.title for one in found.problem.trainings}
    times = {one.slot_id: hours_said(one.starts_at, one.ends_at) for one in found.problem.slots}
    return {
        one.session_id: f"{one.session_id}: {' and '.join(names[school_id] for school_id in one.school_ids)}, "
        f"{titles[one.training_id]}, {times[one.slot_id]}"
        for one in found.plan.sessions
    }


def slot_said(problem: Problem, slot_id: str) -> str:
    """When a slot is."""
    slot = next((one for one in problem.slots if one.slot_id == slot_id), None)
    return hours_said(slot.starts_at, slot.ends_at) if slot else slot_id


def difference_sentence(found: Differences, before: Plan, after: Plan) -> str:
    """What changed from the plan before."""
    counts = [
        (len(found.new), "new"), (len(found.moved), "moved"), (len(found.gone), "gone"),
    ]  # fmt: skip
    said = [f"{plural(number, 'session')} {word}" for number, word in counts if number]
    people = sum(one.reached for one in after.sessions) - sum(one.reached for one in before.sessions)
    than = f"{people:,} more people" if people > 0 else f"{-people:,} fewer people" if people < 0 else "as many people"
    if not said:
        return f"Nothing changed: all {plural(found.stayed, 'session')} stayed."
    return f"Since the plan before: {listed(said)}; {found.stayed:,} stayed. It reaches {than}."


def _skill(codebook: Codebook, skill_id: str) -> str:
    return codebook.skills[skill_id].name if skill_id in codebook.skills else skill_id
