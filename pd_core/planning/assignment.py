"""Who gives a session, and when: trainers and slots for sessions whose buildings, trainings and people are settled."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence

from pd_core.planning.drafts import Draft
from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.linear import Program, Term
from pd_core.planning.problem import Option, Session


def assign(
    about: Eligibility,
    sessions: Sequence[Session],
    choices: Sequence[Sequence[Option]],
    *,
    fixed: Sequence[Session] = (),
    must_hold: bool,
    seconds: float,
    gap: float = 0.0,
) -> list[Session] | None:
    """The same sessions with one of their `choices` each, the most comfortable; null where none was found in time.

    Where not all of them must be held, those that reach the most people are. A choice may turn the two buildings of a
    session round. Locks hold; the fairness rule isn't looked at.
    """
    program, held = Program(), list[tuple[int, Session]]()
    by_trainer: dict[str, list[tuple[int, Session]]] = defaultdict(list)
    by_building: dict[str, list[tuple[int, Session]]] = defaultdict(list)
    for session, own in zip(sessions, choices, strict=True):
        terms: list[Term] = []
        for option in own:
            people = session.people if option.school_ids == session.option.school_ids else session.people[::-1]
            choice = Session(option, people)
            comfort = about.session_comfort(choice)
            gain = comfort if must_hold else about.session_gain(choice) + 1e-3 * comfort
            column = program.variable(gain, high=1.0)
            terms.append((column, 1.0))
            held.append((column, choice))
            by_trainer[option.trainer_id].append((column, choice))
            for school_id in option.school_ids:
                by_building[school_id].append((column, choice))
        if terms or must_hold:
            program.row(terms, low=1.0 if must_hold else 0.0, high=1.0)
    _bind_trainers(about, program, by_trainer, fixed)
    for school_id, own_columns in by_building.items():
        busy = {one.option.slot_id for one in fixed if school_id in one.option.school_ids}
        _one_at_a_time(about, program, own_columns, busy)
    for rule in about.locks:
        if not any(rule.fits(session.option) for session in fixed):
            program.row([(column, 1.0) for column, choice in held if rule.fits(choice.option)], low=1.0)
    found = program.solve(seconds, gap)
    if found.values is None:
        return None
    return [choice for column, choice in held if found.values[column] > 0.5]


def all_choices(about: Eligibility, session: Session, *, either_building: bool) -> list[Option]:
    """Every trainer and slot with whom a session could be held, at its building (or at either of the two)."""
    training = about.trainings[session.option.training_id]
    groups = [session.option.school_ids]
    if either_building and len(groups[0]) > 1:
        groups.append(groups[0][::-1])
    return [
        option
        for group in groups
        for trainer_id, _ in about.trainers_for(training, group[0])
        for slot_id in about.slots_for(trainer_id, training)
        if not about.is_forbidden(option := Option(group, training.training_id, trainer_id, slot_id))
    ]


def place(about: Eligibility, wanted: Sequence[Draft], fixed: Sequence[Session], seconds: float) -> list[Session]:
    """Drafts with a trainer and slot each, as many people as can be; first with those whom the hub model chose."""
    sessions = [draft.session for draft in wanted]
    everywhere = [all_choices(about, one, either_building=True) for one in sessions]
    chosen = [
        [option for option in own if option.trainer_id in draft.trainer_ids or not draft.trainer_ids]
        for own, draft in zip(everywhere, wanted, strict=True)
    ]
    started = time.monotonic()
    best = assign(about, sessions, chosen, fixed=fixed, must_hold=False, seconds=seconds, gap=2e-3)
    left = seconds - (time.monotonic() - started)
    if best is not None and (left < seconds / 3 or _total_gain(about, best) >= 0.97 * _total_gain(about, sessions)):
        return best
    more = assign(about, sessions, everywhere, fixed=fixed, must_hold=False, seconds=left, gap=2e-3)
    plans = [plan for plan in (best, more) if plan is not None]
    return max(plans, key=lambda plan: _total_gain(about, plan)) if plans else []


def _bind_trainers(
    about: Eligibility,
    program: Program,
    by_trainer: dict[str, list[tuple[int, Session]]],
    fixed: Sequence[Session],
) -> None:
    own_fixed: dict[str, list[Session]] = defaultdict(list)
    for session in fixed:
        own_fixed[session.option.trainer_id].append(session)
    for trainer_id, columns in by_trainer.items():
        terms = [(column, about.session_minutes(choice.option)) for column, choice in columns]
        used = sum(about.session_minutes(session.option) for session in own_fixed[trainer_id])
        program.row(terms, high=about.trainers[trainer_id].minutes - used + SLACK)
        _one_at_a_time(about, program, columns, {session.option.slot_id for session in own_fixed[trainer_id]})


def _one_at_a_time(
    about: Eligibility, program: Program, columns: Sequence[tuple[int, Session]], busy: set[str]
) -> None:
    by_slot: dict[str, list[int]] = defaultdict(list)
    for column, choice in columns:
        by_slot[choice.option.slot_id].append(column)
    for clique in about.cliques:
        terms = [(column, 1.0) for slot_id in sorted(clique) for column in by_slot.get(slot_id, ())]
        if terms:
            program.row(terms, high=0.0 if clique & busy else 1.0)


def _total_gain(about: Eligibility, sessions: Sequence[Session]) -> float:
    return float(sum(map(about.session_gain, sessions)))
