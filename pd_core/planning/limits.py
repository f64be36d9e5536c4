"""The limits of a plan, one function each: what they add to the whole model is the sentence above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from pd_core.planning.eligibility import SLACK
from pd_core.planning.problem import MAX_TOPICS, MAX_TRAINING_MINUTES, SESSIONS_BEFORE_FAIRNESS

if TYPE_CHECKING:
    from pd_core.planning.exact import SessionModel


def trainers_hours(model: SessionModel) -> None:
    """A trainer's sessions, with the way there and back, fit into the hours still to give."""
    about = model.about
    used: dict[str, float] = defaultdict(float)
    for session in model.fixed:
        used[session.option.trainer_id] += about.session_minutes(session.option)
    for trainer_id, indexes in model.by_trainer().items():
        terms = [(model.held[index], about.session_minutes(model.options[index])) for index in indexes]
        left = about.trainers[trainer_id].minutes - used[trainer_id] + SLACK
        if sum(minutes for _, minutes in terms) > left:
            model.program.row(terms, high=left)


def trainers_one_at_a_time(model: SessionModel) -> None:
    """A trainer is never in two overlapping slots."""
    busy: dict[str, set[str]] = defaultdict(set)
    for session in model.fixed:
        busy[session.option.trainer_id].add(session.option.slot_id)
    for trainer_id, indexes in model.by_trainer().items():
        _one_at_a_time(model, indexes, busy[trainer_id])


def buildings_one_at_a_time(model: SessionModel) -> None:
    """A building takes part in one session at a time."""
    busy: dict[str, set[str]] = defaultdict(set)
    for session in model.fixed:
        for school_id in session.option.school_ids:
            busy[school_id].add(session.option.slot_id)
    for school_id, indexes in model.at_building().items():
        _one_at_a_time(model, indexes, busy[school_id])


def _one_at_a_time(model: SessionModel, indexes: list[int], busy: set[str]) -> None:
    by_slot: dict[str, list[int]] = defaultdict(list)
    for index in indexes:
        by_slot[model.options[index].slot_id].append(index)
    for clique in model.about.cliques:
        going_on = [model.held[index] for slot_id in sorted(clique) for index in by_slot.get(slot_id, ())]
        is_taken = bool(clique & busy)
        if len(going_on) > 1 or (going_on and is_taken):
            model.program.row([(column, 1.0) for column in going_on], high=0.0 if is_taken else 1.0)


def two_topics_and_needs(model: SessionModel) -> None:
    """A building has at most two topics, and of each no more people are reached than need it."""
    about, program = model.about, model.program
    reached: dict[tuple[str, str, str], int] = defaultdict(int)
    for session in model.fixed:
        training = about.trainings[session.option.training_id]
        for school_id, people in zip(session.option.school_ids, session.people, strict=True):
            reached[school_id, training.skill_id, training.kind] += people
    begun: dict[str, set[str]] = defaultdict(set)
    for school_id, skill_id, _ in reached:
        begun[school_id].add(skill_id)
    by_need = model.people_by_need()
    new: dict[str, dict[str, int]] = defaultdict(dict)
    for school_id, skill_id, _ in by_need:
        if skill_id not in begun[school_id] and skill_id not in new[school_id]:
            new[school_id][skill_id] = -1
    for school_id, topics in new.items():
        if len(topics) + len(begun[school_id]) > MAX_TOPICS:
            for skill_id in topics:
                topics[skill_id] = program.variable(high=1.0)
            program.row([(column, 1.0) for column in topics.values()], high=MAX_TOPICS - len(begun[school_id]))
    for need, columns in by_need.items():
        left = about.needs[need] - reached[need]
        topic = new[need[0]].get(need[1], -1)
        terms = [(column, 1.0) for column in columns]
        if topic >= 0:
            program.row([*terms, (topic, -float(left))], high=0.0)
        else:
            program.row(terms, high=float(left))


def seven_hours(model: SessionModel) -> None:
    """The longest trainings of a building's topics together take no person more than seven hours."""
    about, program = model.about, model.program
    longest_fixed: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for session in model.fixed:
        training = about.trainings[session.option.training_id]
        for school_id in session.option.school_ids:
            topics = longest_fixed[school_id]
            topics[training.skill_id] = max(topics[training.skill_id], training.minutes)
    for school_id, indexes in model.at_building().items():
        longest: dict[str, float] = defaultdict(float, longest_fixed[school_id])
        for index in indexes:
            training = about.trainings[model.options[index].training_id]
            longest[training.skill_id] = max(longest[training.skill_id], training.minutes)
        if sum(sorted(longest.values())[-MAX_TOPICS:]) <= MAX_TRAINING_MINUTES + SLACK:
            continue
        columns = {
            skill_id: program.variable(low=longest_fixed[school_id][skill_id], high=minutes, whole=False)
            for skill_id, minutes in longest.items()
        }
        for index in indexes:
            training = about.trainings[model.options[index].training_id]
            program.row([(model.held[index], training.minutes), (columns[training.skill_id], -1.0)], high=0.0)
        program.row([(column, 1.0) for column in columns.values()], high=MAX_TRAINING_MINUTES + SLACK)


def money(model: SessionModel) -> None:
    """People's hours at the per-diem rate stay within the budget."""
    about = model.about
    if about.problem.budget is None or about.problem.rate <= 0:
        return
    spent = sum(
        sum(session.people) * about.problem.cost_per_person(about.trainings[session.option.training_id])
        for session in model.fixed
    )
    terms = [
        (people, about.problem.cost_per_person(group.training)) for group in model.groups for people in group.people
    ]
    model.program.row(terms, high=about.problem.budget - spent + SLACK)


def locks(model: SessionModel) -> None:
    """Of each lock, at least one session is held. (What is forbidden is no option in the first place.)"""
    for rule in model.about.locks:
        if not any(rule.fits(session.option) for session in model.fixed):
            fitting = [model.held[index] for index, option in enumerate(model.options) if rule.fits(option)]
            model.program.row([(column, 1.0) for column in fitting], low=1.0)


Limit = Callable[["SessionModel"], None]
ALWAYS: tuple[Limit, ...] = (
    trainers_hours, trainers_one_at_a_time, buildings_one_at_a_time, two_topics_and_needs, seven_hours, money, locks,
)  # fmt: skip
"""The limits of every plan; fairness is for plans of a whole district."""


def count_buildings(model: SessionModel, gain: float = 0.0) -> tuple[list[int], int]:
    """A building counts once it takes part in a session: a variable for each that none of the fixed serves, and the
    number of those that one does."""
    served = {school_id for session in model.fixed for school_id in session.option.school_ids}
    columns = []
    for school_id, indexes in model.at_building().items():
        if school_id not in served:
            columns.append(model.program.variable(gain, high=1.0))
            model.program.row([(columns[-1], -1.0), *((model.held[index], 1.0) for index in indexes)], low=0.0)
    return columns, len(served)


def fairness(model: SessionModel, most_buildings: int) -> None:
    """A building takes part in three or more sessions only if as many buildings have one as any plan could serve."""
    program = model.program
    taken: dict[str, int] = defaultdict(int)
    for session in model.fixed:
        for school_id in session.option.school_ids:
            taken[school_id] += 1
    is_open = program.variable(low=float(any(n > SESSIONS_BEFORE_FAIRNESS for n in taken.values())), high=1.0)
    most = len(model.about.open_slots)
    for school_id, indexes in model.at_building().items():
        if len(indexes) + taken[school_id] > SESSIONS_BEFORE_FAIRNESS:
            terms = [(model.held[index], 1.0) for index in indexes]
            program.row([*terms, (is_open, -float(most))], high=float(SESSIONS_BEFORE_FAIRNESS - taken[school_id]))
    columns, served = count_buildings(model)
    program.row([*((column, 1.0) for column in columns), (is_open, -float(most_buildings))], low=-float(served))
