"""Whether any plan exists, and if not, why not: which list, limit or rules, and the smallest change that helps."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import replace

from pd_core.errors import UserError
from pd_core.planning.coverage import options_fitting_locks
from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.exact import best_sessions
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
            f"All {len(problem.slots)} slots of the list are past; the last, {last.slot_id}, began on "
            f"{last.starts_at:%Y-%m-%d at %H:%M}.",
            "Add at least one slot that is still to come to the list of slots.",
        )
    _require_known_rules(problem)


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
    wanted = [
        (school_id, training)
        for (school_id, skill_id, kind) in about.needs
        for training in about.trainings_of.get((skill_id, kind), ())
        if any(
            about.is_enough(group, training)
            for group in ((school_id,), *((school_id, other) for other in about.neighbors.get(school_id, ())))
        )
    ]
    if not wanted or next(about.options(with_forbidden=True), None) is not None:
        return
    trainings = list({training.training_id: training for _, training in wanted}.values())
    raise _why_nobody(about, trainings, sorted({school_id for school_id, _ in wanted}))


def _why_nobody(about: Eligibility, trainings: Sequence[Training], school_ids: Sequence[str]) -> NoPlan:
    problem = about.problem
    titles = listed([f"{training.title} ({training.training_id})" for training in trainings[:3]])
    able = [
        (trainer, training)
        for training in trainings
        for trainer in problem.trainers
        if trainer.kind == TEACHES[training.kind] and training.skill_id in trainer.skills
    ]
    if not able:
        first = trainings[0]
        kind = {"mie": "MIE", "facilitator": "facilitator"}[TEACHES[first.kind]]
        return NoPlan(
            f"Trainers: none of the {len(problem.trainers)} trainers is certified for a skill that people need "
            f"(such as {titles}).",
            f"Add the skill {first.skill_id} to one {kind} in the list of trainers.",
        )
    timely = [(trainer, training) for trainer, training in able if about.slots_for(trainer.trainer_id, training)]
    if not timely:
        shortest = min((training for _, training in able), key=lambda training: training.minutes)
        return NoPlan(
            f"Slots: no coming slot that a certified trainer has is as long as the shortest training needed "
            f"({shortest.training_id}, {shortest.minutes:g} minutes).",
            f"Add a coming slot of at least {shortest.minutes:g} minutes, or give it to a trainer certified for "
            f"{shortest.skill_id}.",
        )
    ways = [
        (training.minutes + 2 * way - trainer.minutes, trainer, training, way, school_id)
        for trainer, training in timely
        for school_id in school_ids
        if (way := about.way(trainer.trainer_id, school_id)) is not None
        and (trainer.kind != "mie" or way <= FARTHEST_MIE_MINUTES)
        and (school_id, training.skill_id, training.kind) in about.needs
    ]
    if not ways:
        return NoPlan(
            f"Ways: no MIE certified for {titles} is within {FARTHEST_MIE_MINUTES} minutes of a school that needs it.",
            "Certify an MIE in a region where people need it, or list a shorter way in the travel list.",
        )
    missing, trainer, training, way, school_id = min(ways, key=lambda one: (one[0], one[1].trainer_id))
    return NoPlan(
        f"Hours: no trainer has enough hours left for one session. The nearest is {trainer.trainer_id}, with "
        f"{trainer.minutes / 60:g} hours, for {training.training_id} at {school_id}: {training.minutes:g} minutes and "
        f"{2 * way:g} for the way.",
        f"Give {trainer.trainer_id} at least {max(missing, 0) / 60:.2f} more hours in the list of trainers.",
    )


def why_locks_fail(about: Eligibility, seconds: float) -> NoPlan:
    """What to tell where no plan keeps all locks: the lock that no session fits, or the fewest that contradict."""
    for rule in about.locks:
        if not any(rule.fits(option) for option in about.options()):
            return _why_not_one(about, rule)
    conflict = _smallest_conflict(about, seconds)
    rows = listed([rule.said() for rule in conflict])
    return NoPlan(
        f"Locks: {rows} cannot all be kept: together they break the limits of trainers' hours and slots, of a "
        "school's slots, two topics and seven hours, or of needs and money.",
        f"Remove or loosen one of these {len(conflict)} rows.",
    )


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
    return NoPlan(
        f"{start}no trainer who is certified, near enough and free has the hours and slots for it, or fewer than "
        f"{problem.fewest} people need it.",
        "Loosen the lock by leaving a field empty, give a trainer more hours, or ask for fewer people in a session.",
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


def _is_impossible(about: Eligibility, locks: Sequence[Rule]) -> bool:
    fewer = Eligibility(replace(about.problem, rules=(*locks, *about.forbids)))
    options = list(itertools.islice(options_fitting_locks(fewer), 20_000))
    _, solution = best_sessions(fewer, options, most_buildings=None, seconds=3.0)
    return solution.is_infeasible
