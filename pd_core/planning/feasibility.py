"""Whether any plan exists, and if not, why not: which list, limit or rules, and the smallest change that helps."""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from pd_core.errors import UserError
from pd_core.planning import limits
from pd_core.planning.coverage import options_fitting_locks
from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.exact import best_sessions
from pd_core.planning.nearest import Lack, Nearest, nearest, wanted
from pd_core.planning.problem import FARTHEST_MIE_MINUTES, TEACHES, Problem, Rule, Training
from pd_core.wording import listed


class NoPlan(UserError):
    """No plan exists under what was given."""


def require_lists(problem: Problem) -> None:
    """Raises NoPlan where a list is empty, all slots have begun, or a rule names what is not listed."""
    if not problem.schools:
        raise NoPlan("There are no schools.", "Load the list of schools first.")
    for name, rows, command in (
        ("trainers", problem.trainers, "trainers FILE"),
        ("trainings in the catalog", problem.trainings, "catalog FILE"),
        ("slots", problem.slots, "slots FILE"),
    ):
        if not rows:
            raise NoPlan(f"There are no {name}.", f"Load at least one: {command}.")
    if not any(people > 0 for people in problem.needs.values()):
        raise NoPlan(
            "No school is known to need any training in this wave.",
            "Load answers of the wave, or name another wave.",
        )
    if not any(slot.starts_at > problem.now for slot in problem.slots):
        last = max(problem.slots, key=lambda slot: slot.starts_at)
        raise NoPlan(
            f"{_all_slots(len(problem.slots))} past; the last, {last.slot_id}, began on "
            f"{last.starts_at:%Y-%m-%d at %H:%M}.",
            "Add at least one slot that is still to come to the list of slots.",
        )
    _require_known_rules(problem)


def _all_slots(number: int) -> str:
    return f"All {number} slots of the list are" if number > 1 else "The one slot of the list is"


def _no_trainer(number: int) -> str:
    return f"none of the {number} trainers is" if number > 1 else "the one trainer is not"


def _require_known_rules(problem: Problem) -> None:
    known = {
        "school": {one.school_id for one in problem.schools},
        "training": {one.training_id for one in problem.trainings},
        "trainer": {one.trainer_id for one in problem.trainers},
        "slot": {one.slot_id for one in problem.slots},
    }
    wrong = []
    for rule in problem.rules:
        named = {
            "school": rule.school_id, "training": rule.training_id, "trainer": rule.trainer_id, "slot": rule.slot_id
        }  # fmt: skip
        wrong += [
            f"Locks, {rule.said()}: {what} “{value}” is not listed."
            for what, value in named.items()
            if value and value not in known[what]
        ]
    if wrong:
        raise NoPlan(wrong[0], "Correct the id or delete the row.", wrong[1:])


def require_sessions(about: Eligibility) -> None:
    """Raises NoPlan where people need trainings that exist, but no trainer could hold a single session."""
    places = wanted(about)
    if places and next(about.options(with_forbidden=True), None) is None:
        raise _why_nobody(about, places)


def _why_nobody(about: Eligibility, places: Sequence[tuple[str, Training]]) -> NoPlan:
    found = nearest(about, places)
    trainings = list({training.training_id: training for _, training in places}.values())
    titles = listed([f"{training.title} ({training.training_id})" for training in trainings[:3]])
    skills = (
        f"Trainers: {_no_trainer(len(about.problem.trainers))} certified for a skill that people need and of the kind "
        f"that teaches it (such as {titles})."
    )
    if found is None:
        kind = {"mie": "MIE", "facilitator": "facilitator"}[TEACHES[trainings[0].kind]]
        return NoPlan(skills, f"Add {_a(kind)} certified for {trainings[0].skill_id} to the list of trainers.")
    slots = (
        f"Slots: no coming slot that a certified trainer has is as long as the shortest training needed "
        f"({found.training.training_id}, {found.training.minutes:g} minutes)."
    )
    said: dict[Lack, str] = {
        "skill": skills,
        "own slot": slots,
        "slot": slots,
        "way": f"Ways: no MIE certified for {titles} is within {FARTHEST_MIE_MINUTES} minutes of a school that needs "
        "it.",
        "hours": f"Hours: no trainer has enough hours left for one session. The nearest is {_hours(found)}",
    }
    return NoPlan(said[found.lacks[0]], found.remedy)


def _hours(found: Nearest) -> str:
    return (
        f"{found.trainer.trainer_id}, with {found.trainer.minutes / 60:g} hours, for {found.training.training_id} at "
        f"{found.school_id}: {found.training.minutes:g} minutes and {2 * found.way:g} for the way."
    )


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "MIE" else f"a {kind}"


def why_locks_fail(about: Eligibility, seconds: float) -> NoPlan:
    """What to tell where no plan keeps all locks: the lock that no session fits, or the fewest that contradict."""
    for rule in about.locks:
        if not any(rule.fits(option) for option in about.options()):
            return _why_not_one(about, rule)
    conflict = _smallest_conflict(about, seconds)
    rows = listed([rule.said() for rule in conflict])
    if len(conflict) == 1:
        start, remedy = f"Locks: {rows} cannot be kept: ", "Remove or loosen this row"
    else:
        start, remedy = f"Locks: {rows} cannot all be kept: ", f"Remove or loosen one of these {len(conflict)} rows"
    why = _in_the_way(about, conflict, time.monotonic() + seconds)
    if not why:
        return NoPlan(f"{start}several limits are in the way.", f"{remedy}.")
    return NoPlan(
        f"{start}{listed([said for said, _ in why])}.", f"{remedy}, or {listed([helps for _, helps in why])}."
    )


def _in_the_way(about: Eligibility, conflict: Sequence[Rule], end: float) -> Sequence[tuple[str, str]]:
    """The one or two limits without which the locks could be kept (none: there are more, or no time to find out)."""
    for number in (1, 2):
        for some in itertools.combinations(_IN_THE_WAY, number):
            if time.monotonic() > end:
                return ()
            if not _is_impossible(about, conflict, [limit for limit, _ in some]):
                return [said for _, said in some]
    return ()


_IN_THE_WAY: tuple[tuple[limits.Limit, tuple[str, str]], ...] = (
    (limits.trainers_hours, ("a trainer has too few hours left for them", "give the trainer more hours")),
    (limits.trainers_one_at_a_time, ("a trainer would teach twice at a time", "name another trainer or slot")),
    (limits.buildings_one_at_a_time, ("a school would have two sessions at a time", "name another slot")),
    (
        limits.two_topics_and_needs,
        ("a school would have more than two topics, or more people than need it", "name a topic that it has already"),
    ),
    (limits.seven_hours, ("a school's trainings would take more than seven hours", "name a shorter training")),
    (limits.money, ("the budget is too small", "raise the budget")),
)
"""Limits that can keep locks from being kept together, with what to say of each, and what else would help."""


def _why_not_one(about: Eligibility, rule: Rule) -> NoPlan:
    """Why no session fits one lock: a forbid, or the first limit that keeps it from being held."""
    problem = about.problem
    freely = Eligibility(replace(problem, rules=about.locks))
    if any(rule.fits(option) for option in freely.options()):
        against = [one for one in about.forbids if _contradict(freely, rule, one)] or list(about.forbids)
        names = listed([one.said() for one in against[:3]])
        return NoPlan(
            f"Locks: {rule.said()} contradicts {names}: every session that it asks for is forbidden.",
            f"Remove the lock, or {against[0].said()}.",
        )
    training = about.trainings.get(rule.training_id)
    trainer = about.trainers.get(rule.trainer_id)
    slot = about.slots.get(rule.slot_id)
    start = f"Locks: {rule.said()} cannot be kept: "
    if slot and slot.starts_at <= problem.now:
        return NoPlan(f"{start}the slot {slot.slot_id} has begun.", "Name a slot that is still to come.")
    if trainer and slot and trainer.slots is not None and slot.slot_id not in trainer.slots:
        return NoPlan(
            f"{start}{slot.slot_id} is no slot of {trainer.trainer_id}.",
            f"Add it to the slots of {trainer.trainer_id}.",
        )
    if training and slot and slot.minutes < training.minutes - SLACK:
        return NoPlan(
            f"{start}{training.training_id} takes {training.minutes:g} minutes, the slot {slot.slot_id} has "
            f"{slot.minutes:g}.",
            "Name a longer slot.",
        )
    if training and trainer and trainer.kind != TEACHES[training.kind]:
        return NoPlan(
            f"{start}{training.training_id} is an {training.kind} training, and {trainer.trainer_id} a trainer of the "
            "other kind.",
            "MIEs teach entry trainings, facilitators implementation trainings. Name a trainer of the right kind.",
        )
    if training and trainer and training.skill_id not in trainer.skills:
        return NoPlan(
            f"{start}{trainer.trainer_id} is not certified for {training.skill_id}.",
            f"Add {training.skill_id} to the skills of {trainer.trainer_id}, or name another trainer.",
        )
    if training and rule.school_id and (rule.school_id, training.skill_id, training.kind) not in about.needs:
        return NoPlan(
            f"{start}no one at {rule.school_id} is known to need {training.training_id}.",
            "Name a training that the school needs.",
        )
    places = wanted(about, rule)
    found = nearest(about, places, rule)
    return _nobody_needs_it(about, rule, start) if found is None or not found.lacks else _lacking(found, start)


def _lacking(found: Nearest, start: str) -> NoPlan:
    training, trainer = found.training, found.trainer.trainer_id
    slots = (
        f"no slot of {trainer} that fits the lock and is still to come has {training.minutes:g} minutes, as long as "
    )
    slots += f"{training.training_id} takes."
    said: dict[Lack, str] = {
        "skill": f"no trainer who could hold it is certified, for {training.skill_id} for example.",
        "own slot": slots,
        "slot": slots,
        "way": f"it is more than {FARTHEST_MIE_MINUTES} minutes from {found.trainer.home} to {found.school_id}, too "
        "far for an MIE.",
        "hours": f"no trainer has the hours for it. The nearest is {_hours(found)}",
    }
    return NoPlan(f"{start}{said[found.lacks[0]]}", f"{found.remedy} Or leave a field of the lock empty.")


def _nobody_needs_it(about: Eligibility, rule: Rule, start: str) -> NoPlan:
    """Why no session of a lock has enough people, or none has a trainer of the kind."""
    problem = about.problem
    fewer = Eligibility(replace(problem, fewest=1, rules=about.locks))
    places = wanted(fewer, rule)
    if places and not wanted(about, rule):
        most = max(min(fewer.needs[school_id, one.skill_id, one.kind], one.seats) for school_id, one in places)
        return NoPlan(
            f"{start}no session of it has {problem.fewest} people: fewer need it, or it has fewer seats.",
            f"Ask for fewer people in a session, at most {most}, or loosen the lock.",
        )
    if places:
        return NoPlan(
            f"{start}no trainer of the right kind is there for it.",
            "MIEs teach entry trainings, facilitators implementation trainings. Name a trainer of the right kind.",
        )
    where = f"at {rule.school_id}" if rule.school_id else "in the district"
    what = rule.training_id or "a training of the catalog"
    return NoPlan(
        f"{start}no one {where} is known to need {what}, or it takes more than the seven hours that a person has.",
        "Name a school and a training that it needs.",
    )


def _contradict(freely: Eligibility, lock: Rule, forbid: Rule) -> bool:
    fitting = [option for option in freely.options() if lock.fits(option)]
    return bool(fitting) and all(forbid.fits(option) for option in fitting)


def _smallest_conflict(about: Eligibility, seconds: float) -> list[Rule]:
    """Locks that cannot all be kept, none of which can be left out of the conflict (as far as time allows)."""
    end, conflict = time.monotonic() + seconds, list(about.locks)
    for rule in about.locks:
        rest = [one for one in conflict if one is not rule]
        if rest and time.monotonic() < end and _is_impossible(about, rest):
            conflict = rest
    return conflict


def _is_impossible(about: Eligibility, locks: Sequence[Rule], without: Collection[limits.Limit] = ()) -> bool:
    fewer = Eligibility(replace(about.problem, rules=(*locks, *about.forbids)))
    options = list(itertools.islice(options_fitting_locks(fewer), 20_000))
    _, solution = best_sessions(fewer, options, most_buildings=None, seconds=3.0, without=without)
    return solution.is_infeasible
