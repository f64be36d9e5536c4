"""What a district's lists can do, in sentences, before any plan is searched for."""

from __future__ import annotations

from collections.abc import Iterator

from pd_core.codebook import Codebook
from pd_core.planning.problem import MAX_TOPICS, Problem
from pd_core.planning.staffing import Staffing
from pd_core.presentation.plan_words import KINDS, TEACHERS
from pd_core.presentation.section import Section
from pd_core.wording import day_said, listed, plural

HEADING = "Who can teach what, before anything is planned"
MOST_NAMED = 6
_LISTS = (("trainings", "catalog", "trainings"), ("trainers", "trainers", "trainers"), ("slots", "slots", "slots"))
_WHY_IDLE = {"past": "is past", "no trainer": "suits no trainer with hours", "too short": "is too short for any class"}


def missing_lists(problem: Problem) -> tuple[str, ...]:
    """The lists without which nothing can be planned, as a page names them."""
    return tuple(name for field, name, _ in _LISTS if not getattr(problem, field))


def coverage_section(problem: Problem, found: Staffing, codebook: Codebook) -> Section:
    """Who is missing where, for which skill and when; what would help most comes first."""
    lines = [_biggest(problem, found, codebook), *_schools(problem, found), *_skills(found, codebook), *_hours(found)]
    if found.of_two_topics < found.of_all_topics:
        lines.append(
            f"A school takes {MAX_TOPICS} topics at most: that leaves {found.of_two_topics:,} of these "
            f"{found.of_all_topics:,} people within reach of any plan."
        )
    lines += [*_slots(problem, found), *_trainers(problem, found)]
    return Section("coverage", HEADING, heading=HEADING, lines=tuple(line for line in lines if line))


def _biggest(problem: Problem, found: Staffing, codebook: Codebook) -> str:
    best = found.biggest
    if best is None:
        return "Trainers are certified for the greatest needs of every school, with enough hours."
    skill = codebook.skills[best.skill_id].name if best.skill_id in codebook.skills else best.skill_id
    people = f"{best.people:,} people"
    if best.help == "resend":
        return (
            f"What would help most: more answers at the schools that should resend, where up to {people} could then "
            "be reached."
        )
    if best.help == "training":
        return f"What would help most: {_a(best.kind)} in {skill}, for {people}. The catalog has none."
    if best.help == "trainer":
        return f"What would help most: {TEACHERS[best.kind]}s certified in {skill}, for {people}. No one is."
    return f"What would help most: more hours of {TEACHERS[best.kind]}s, for about {people} who cannot be reached now."


def _a(kind: str) -> str:
    return f"an {KINDS[kind].lower()}"


def _schools(problem: Problem, found: Staffing) -> Iterator[str]:
    names = {school.school_id: school.name for school in problem.schools}
    if found.without_mie:
        number = len(found.without_mie)
        yield (
            f"{plural(number, 'school')} {'has' if number == 1 else 'have'} no MIE: "
            f"{_named([names[one] for one in found.without_mie])}. MIEs of schools within 20 minutes can come."
        )
    else:
        yield "Every school has an MIE."
    if found.with_several:
        number = len(found.with_several)
        yield (
            f"{plural(number, 'school')} {'has' if number == 1 else 'have'} two MIEs or more: "
            f"{_named([names[one] for one in found.with_several])}."
        )


def _skills(found: Staffing, codebook: Codebook) -> Iterator[str]:
    for lacks, sentence in (
        ("trainer", "No {teacher} is certified to teach {skills}, which {people:,} people need."),
        ("training", "The catalog has no {kind} in {skills}, which {people:,} people need."),
    ):
        for kind, teacher in TEACHERS.items():
            of_kind = [one for one in found.uncovered if one.lacks == lacks and one.kind == kind]
            if of_kind:
                skills = [codebook.skills[one.skill_id].name for one in of_kind if one.skill_id in codebook.skills]
                people = sum(one.people for one in of_kind)
                what = KINDS[kind].lower() if kind == "entry" else "implementation class"
                yield sentence.format(teacher=f"{teacher}", skills=listed(skills), people=people, kind=what)


def _hours(found: Staffing) -> Iterator[str]:
    for one in found.hours:
        if one.people:
            enough = "enough for everyone" if one.given >= one.asked else "not enough for everyone"
            yield (
                f"{KINDS[one.kind]}es: reaching all {one.people:,} people in need takes {one.asked:,.0f} hours of "
                f"classes; {TEACHERS[one.kind]}s have {one.given:,.0f}, travel included: {enough}."
            )


def _slots(problem: Problem, found: Staffing) -> Iterator[str]:
    slots = {slot.slot_id: slot for slot in problem.slots}
    for why, said in _WHY_IDLE.items():
        days = [day_said(slots[one.slot_id].starts_at) for one in found.idle_slots if one.why == why]
        if days:
            number = len(days)
            verb = said if number == 1 else said.replace("is ", "are ", 1).replace("suits", "suit")
            yield f"{plural(number, 'slot')} {verb}: {_named(days)}."


def _trainers(problem: Problem, found: Staffing) -> Iterator[str]:
    names = {one.trainer_id: one.name for one in problem.trainers}
    if found.idle_trainers:
        number = len(found.idle_trainers)
        yield (
            f"{plural(number, 'trainer')} can give nothing: no skill of theirs has a class that is needed, or they "
            f"lack the hours or a slot: {_named([names[one] for one in found.idle_trainers])}."
        )


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"{more} more"]) if more > 0 else listed(names)
