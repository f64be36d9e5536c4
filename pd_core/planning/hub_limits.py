"""The limits of a plan as rows of the hub model, one function each, and rows that make its relaxation stricter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.hub_variables import HubModel, hub_way, sessions_at
from pd_core.planning.linear import Term
from pd_core.planning.problem import (
    MAX_TOPICS,
    MAX_TRAINING_MINUTES,
    Training,
)

Need = tuple[str, str, str]
"""A building, skill and kind."""


def topics_and_needs(model: HubModel) -> None:
    """At most two topics a building; of each no more people than need it, and none without a session for each step of
    the seats."""
    about, program = model.about, model.program
    people: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    part: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    seats: dict[tuple[str, str, str], int] = defaultdict(int)
    for (school_id, training_id), column in model.people.items():
        people[_need(about, school_id, training_id)].append(column)
    for (school_id, _, training_id), column in model.shared_people.items():
        people[_need(about, school_id, training_id)].append(column)
    for (school_id, training_id), terms in sessions_at(model).items():
        need = _need(about, school_id, training_id)
        part[need] += terms
        seats[need] = max(seats[need], about.trainings[training_id].seats)
    by_school: dict[str, dict[str, int]] = defaultdict(dict)
    for school_id, skill_id, _ in people:
        if skill_id not in by_school[school_id]:
            by_school[school_id][skill_id] = model.topic[school_id, skill_id] = program.variable(high=1.0)
    for topics in by_school.values():
        program.row([(column, 1.0) for column in topics.values()], high=float(MAX_TOPICS))
    for need, columns in people.items():
        terms, topic = [(column, 1.0) for column in columns], model.topic[need[0], need[1]]
        program.row([*terms, (topic, -float(about.needs[need]))], high=0.0)
        full, rest = divmod(about.needs[need], max(1, seats[need]))
        if rest and part[need]:
            steps = [(column, -float(rest) * factor) for column, factor in part[need]]
            program.row([*terms, *steps, (topic, -float(full * (seats[need] - rest)))], high=0.0)
    _steps_of_two(model, people, part, seats)


def _steps_of_two(
    model: HubModel,
    people: Mapping[Need, Sequence[int]],
    part: Mapping[Need, Sequence[Term]],
    seats: Mapping[Need, int],
) -> None:
    """For neighbors together, too: no people without a session for each step of the seats, a shared one counted once.

    Of two needs with r and s people beyond full sessions, all sessions but the last are full, and the last reaches
    R = (r + s) mod seats: people <= R * sessions + what full sessions reach above that, for each topic that is given.
    """
    about = model.about
    shared: dict[tuple[str, str, str, str], list[Term]] = defaultdict(list)
    for (host, guest, training_id), column in model.shared.items():
        _, skill_id, kind = _need(about, host, training_id)
        shared[min(host, guest), max(host, guest), skill_id, kind].append((column, 1.0))
    for (first, second, skill_id, kind), both in shared.items():
        own: list[Need] = [(first, skill_id, kind), (second, skill_id, kind)]
        most = max(seats[need] for need in own)
        rest = sum(about.needs[need] for need in own) % most
        if not rest:
            continue
        terms: list[Term] = [(column, float(rest)) for column, _ in both]
        for need in own:
            full, beyond = divmod(about.needs[need], most)
            terms += [(column, 1.0) for column in people[need]]
            terms += [(column, -float(rest) * factor) for column, factor in part[need]]
            above = full * (most - rest) + max(0, beyond - rest)
            terms.append((model.topic[need[0], skill_id], -float(above)))
        model.program.row(terms, high=0.0)


def _need(about: Eligibility, school_id: str, training_id: str) -> tuple[str, str, str]:
    training = about.trainings[training_id]
    return (school_id, training.skill_id, training.kind)


def trainers(model: HubModel) -> None:
    """Hours, travel included (also rounded down to whole sessions), and as many sessions as slots of their length."""
    about, program = model.about, model.program
    own: dict[str, list[tuple[int, Training, float]]] = defaultdict(list)
    for (trainer_id, training_id, school_id), column in model.direct.items():
        way = about.way(trainer_id, school_id)
        own[trainer_id].append((column, about.trainings[training_id], way))
    for (trainer_id, training_id, region), column in model.away.items():
        way = hub_way(about, about.trainers[trainer_id], region)
        own[trainer_id].append((column, about.trainings[training_id], way))
    for trainer_id, sessions in own.items():
        costs = [(column, training.minutes + 2 * way) for column, training, way in sessions]
        left = model.minutes[trainer_id] + SLACK
        model.named_rows["hours", trainer_id] = program.row(costs, high=left)
        _rounded_hours(model, trainer_id, costs, left)
        _count_slots(model, [(column, 1.0, training.minutes) for column, training, _ in sessions], trainer_id)


def _rounded_hours(model: HubModel, trainer_id: str, costs: Sequence[Term], left: float) -> None:
    """What whole sessions fit into the hours: for a step of minutes, each counts as often as the step fits into it."""
    steps = {cost for _, cost in costs} | {left / (most + 1) + SLACK for most in range(1, 9)}
    seen: set[tuple[float, ...]] = set()
    for step in sorted(steps):
        rounded = tuple(float(int((cost + SLACK) / step)) for _, cost in costs)
        most = float(int(left / step))
        if any(rounded) and (*rounded, most) not in seen:
            seen.add((*rounded, most))
            terms = [(column, factor) for (column, _), factor in zip(costs, rounded, strict=True) if factor]
            model.named_rows["steps", trainer_id, f"{step:.3f}"] = model.program.row(terms, high=most)


def _count_slots(model: HubModel, sessions: Sequence[tuple[int, float, float]], trainer_id: str | None) -> None:
    """No more sessions than slots that are long enough, for each length of training."""
    about = model.about
    own = about.trainers[trainer_id].slots if trainer_id else None
    before = -1
    for least in sorted({minutes for *_, minutes in sessions}):
        slots = [
            slot.slot_id
            for slot in about.open_slots
            if slot.minutes >= least - SLACK and (own is None or slot.slot_id in own)
        ]
        most = about.most_at_once_apart(slots)
        if most != before:
            terms = [(column, factor) for column, factor, minutes in sessions if minutes >= least]
            row = model.program.row(terms, high=float(most))
            if trainer_id:
                model.named_rows["slots", trainer_id, f"{least:.3f}"] = row
        before = most


def buildings(model: HubModel, one_each: Collection[str]) -> None:
    """A building's sessions fit into slots, its topics into seven hours; those of `one_each` have one."""
    about, program = model.about, model.program
    part: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for (school_id, training_id), terms in sessions_at(model).items():
        minutes = about.trainings[training_id].minutes
        part[school_id] += [(column, factor, minutes) for column, factor in terms]
    for school_id, sessions in part.items():
        _count_slots(model, sessions, None)
        if school_id in one_each:
            program.row([(column, factor) for column, factor, _ in sessions], low=1.0)
    _seven_hours(model)


def _seven_hours(model: HubModel) -> None:
    about, program = model.about, model.program
    by_school: dict[str, dict[str, list[tuple[Training, list[Term]]]]] = defaultdict(lambda: defaultdict(list))
    for (school_id, training_id), terms in sessions_at(model).items():
        training = about.trainings[training_id]
        by_school[school_id][training.skill_id].append((training, terms))
    for topics in by_school.values():
        longest = {skill: max(training.minutes for training, _ in own) for skill, own in topics.items()}
        if sum(sorted(longest.values())[-MAX_TOPICS:]) <= MAX_TRAINING_MINUTES + SLACK:
            continue
        columns = {skill: program.variable(high=minutes, whole=False) for skill, minutes in longest.items()}
        most = float(len(about.open_slots))
        for skill, own in topics.items():
            for training, terms in own:
                is_given = program.variable(high=1.0)
                program.row([*terms, (is_given, -most)], high=0.0)
                program.row([(is_given, training.minutes), (columns[skill], -1.0)], high=0.0)
        program.row([(column, 1.0) for column in columns.values()], high=MAX_TRAINING_MINUTES + SLACK)


def money(model: HubModel) -> None:
    """People's hours at the per-diem rate stay within the budget."""
    about = model.about
    if model.budget is not None and about.problem.rate > 0:
        places = [(training_id, column) for (_, training_id), column in model.people.items()]
        places += [(training_id, column) for (*_, training_id), column in model.shared_people.items()]
        terms = [(column, about.problem.cost_per_person(about.trainings[one])) for one, column in places]
        model.named_rows["money",] = model.program.row(terms, high=model.budget + SLACK)


def locks(model: HubModel) -> None:
    """What of a lock can be said without slots: its building takes part, its trainer gives it."""
    for rule in model.about.locks:
        if rule.school_id in model.school_ids:
            terms = [
                term
                for (school_id, training_id), own in sessions_at(model).items()
                if school_id == rule.school_id and rule.training_id in ("", training_id)
                for term in own
            ]
            model.program.row(terms, low=1.0)
        elif not rule.school_id and len(model.school_ids) == len(model.about.schools):
            given = {**model.direct, **model.away}
            model.program.row(
                [
                    (column, 1.0)
                    for (trainer_id, training_id, _), column in given.items()
                    if rule.trainer_id in ("", trainer_id) and rule.training_id in ("", training_id)
                ],
                low=1.0,
            )
