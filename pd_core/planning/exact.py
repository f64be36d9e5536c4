"""The whole model: every session that could be held is a variable. For small districts, and for a few buildings of a
large one while all others' sessions stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pd_core.planning import limits
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.linear import Program, Solution, Term
from pd_core.planning.problem import Option, Session, Training

VERY_FEW_OPTIONS = 700
"""Up to so many possible sessions the whole model is quick."""
Aim = Literal["people", "comfort", "buildings", "few"]


@dataclass
class Group:
    """Sessions that differ only by trainer and slot, whose people are counted together: one variable a building."""

    school_ids: tuple[str, ...]
    training: Training
    options: list[int]
    people: list[int]


@dataclass
class SessionModel:
    """The program, with what its variables mean. `fixed` sessions stay and use up what they use."""

    about: Eligibility
    options: Sequence[Option]
    fixed: Sequence[Session]
    program: Program = field(default_factory=Program)
    held: list[int] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)

    def at_building(self) -> dict[str, list[int]]:
        """The options that each building takes part in."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, option in enumerate(self.options):
            for school_id in option.school_ids:
                found[school_id].append(index)
        return found

    def by_trainer(self) -> dict[str, list[int]]:
        """The options of each trainer."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, option in enumerate(self.options):
            found[option.trainer_id].append(index)
        return found

    def people_by_need(self) -> dict[tuple[str, str, str], list[int]]:
        """The variables of people for each building, skill and kind."""
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for group in self.groups:
            for school_id, people in zip(group.school_ids, group.people, strict=True):
                found[school_id, group.training.skill_id, group.training.kind].append(people)
        return found


def best_sessions(
    about: Eligibility,
    options: Sequence[Option],
    *,
    fixed: Sequence[Session] = (),
    aim: Aim = "people",
    most_buildings: int | None,
    at_least: float | None = None,
    most_idle: float | None = None,
    one_by_one: bool = False,
    seconds: float,
    gap: float = 0.0,
    without: Collection[limits.Limit] = (),
) -> tuple[list[Session] | None, Solution]:
    """The best choice among `options` next to `fixed`, and how good it is; null where none was found in time.

    `aim`: the most people by weight; the greatest comfort; the most buildings with a session; the fewest people whose
    weight is 0. `most_buildings` is the fairness rule's C (null: the rule is left out). `at_least`: people by weight
    that the sessions found must reach; `most_idle`: the most people of weight 0. `one_by_one` counts each session's
    people alone, as comfort needs it; else those of sessions alike are counted together, which is faster. `without`:
    limits that are left out, to see if they are in the way.
    """
    model = SessionModel(about, options, fixed)
    _add_sessions(model, aim, one_by_one=one_by_one)
    for limit in limits.ALWAYS:
        if limit not in without:
            limit(model)
    if aim == "buildings":
        limits.count_buildings(model, gain=1.0)
    elif most_buildings is not None:
        limits.fairness(model, most_buildings)
    if at_least is not None:
        model.program.row(_weighted(model), low=at_least)
    if most_idle is not None:
        model.program.row(_idle(model), high=most_idle)
    found = model.program.solve(seconds, gap)
    return (None if found.values is None else _sessions(model, found)), found


def _add_sessions(model: SessionModel, aim: Aim, *, one_by_one: bool) -> None:
    """A session reaches at least one person of each building, in all from the fewest to its seats."""
    about, program = model.about, model.program
    fewest, shares = about.problem.fewest, about.problem.shares
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, option in enumerate(model.options):
        way = about.way(option.trainer_id, option.school_ids[0])
        model.held.append(program.variable(-2 * way / 10 if aim == "comfort" else 0.0, high=1.0))
        alike[(option.school_ids, option.training_id, index if one_by_one else None)].append(index)
    for members in alike.values():
        option = model.options[members[0]]
        training, time = about.trainings[option.training_id], about.slots[option.slot_id].time
        people = []
        for school_id, need in zip(option.school_ids, about.people_there(option.school_ids, training), strict=True):
            weight = about.problem.weight(school_id, training.skill_id)
            gain = {"people": weight, "few": -float(weight <= 0), "buildings": 0.0}.get(aim)
            gain = shares.get((school_id, time), 0.0) if gain is None else gain
            most = min(need, training.seats * len(members))
            people.append(program.variable(gain, high=most, whole=one_by_one or about.problem.budget is not None))
        model.groups.append(Group(option.school_ids, training, members, people))
        held = [(model.held[index], -1.0) for index in members]
        if len(people) > 1:
            for one in people:
                program.row([(one, 1.0), *held], low=0.0)
        together: list[Term] = [(one, 1.0) for one in people]
        program.row([*together, *((column, -float(max(fewest, 1))) for column, _ in held)], low=0.0)
        program.row([*together, *((column, -float(training.seats)) for column, _ in held)], high=0.0)


def _weighted(model: SessionModel) -> Iterable[Term]:
    for group in model.groups:
        for school_id, people in zip(group.school_ids, group.people, strict=True):
            yield people, model.about.problem.weight(school_id, group.training.skill_id)


def _idle(model: SessionModel) -> Iterable[Term]:
    return [(people, 1.0) for people, weight in _weighted(model) if weight <= 0]


def _sessions(model: SessionModel, found: Solution) -> list[Session]:
    """The sessions that are held, the people of those alike shared out."""
    assert found.values is not None
    fewest, sessions = max(model.about.problem.fewest, 1), []
    for group in model.groups:
        held = [index for index in group.options if found.values[model.held[index]] > 0.5]
        if held:
            totals = [round(float(found.values[people])) for people in group.people]
            for index, people in zip(held, share_out(totals, len(held), group.training.seats, fewest), strict=True):
                sessions.append(Session(model.options[index], people))
    return sessions


def share_out(totals: Sequence[int], sessions: int, seats: int, fewest: int) -> list[tuple[int, ...]]:
    """People of one or two buildings over sessions alike: at least one of each in every session, in all from `fewest`
    to `seats`; the first sessions are the fullest."""
    least = max(fewest, len(totals))
    sizes, left = [], sum(totals)
    for after in range(sessions - 1, -1, -1):
        sizes.append(min(seats, left - after * least))
        left -= sizes[-1]
    if len(totals) == 1:
        return [(size,) for size in sizes]
    shared: list[tuple[int, ...]] = []
    first = totals[0]
    for number, size in enumerate(sizes):
        after = len(sizes) - number - 1
        seconds_after = sum(sizes[number + 1 :]) - after  # the most of the first building that can still come later
        own = max(1, min(size - 1, first - after))
        own = max(own, first - seconds_after)
        shared.append((own, size - own))
        first -= own
    return shared
