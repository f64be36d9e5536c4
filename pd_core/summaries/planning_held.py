"""What was held in a wave, as the planner takes it off: people who no longer need a class, hours that were given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from pd_core.disclosure.sums import MIN_PEOPLE
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Need, Problem, Trainer
from pd_core.storage import Store
from pd_core.storage.training_lists import trainer_history
from pd_core.summaries.held import held_sessions
from pd_core.summaries.taught import taught


def trained_since(store: Store, problem: Problem, since: date) -> dict[Need, int]:
    """The people of each school who had a class of a skill and kind in sessions held on `since` or later.

    People on lists count once in a training; of sessions with a number only, each time. Groups that are hidden in
    `export hours` and `deliveries` are left out, so that a plan tells nothing of them: they still count as in need.
    """
    found = taught(store)
    kinds = {one.training_id: (one.skill_id, one.kind) for one in problem.trainings}
    is_counted = pl.col("is_held") & (pl.col("first_day") >= since) & (pl.col("people") > 0)
    rows = found.rows.with_row_index("row").filter(
        is_counted & (pl.col("school_id") != "") & pl.col("training_id").is_in(list(kinds))
    )
    groups: dict[Need, list[int]] = {}
    for place, school_id, training_id in rows.select("row", "school_id", "training_id").iter_rows():
        groups.setdefault((school_id, *kinds[training_id]), []).append(place)
    flags = np.zeros((len(groups), found.rows.height), dtype=np.bool_)
    for number, places in enumerate(groups.values()):
        flags[number, places] = True
    people, newly = (flags @ found.rows[name].to_numpy() for name in ("people", "newly"))
    # How many came twice would be a small group of its own.
    is_few = (people - newly > 0) & (people - newly < MIN_PEOPLE)
    trained = np.where(is_few, people, newly)
    shown = found.may_be_shown(flags) & (people >= MIN_PEOPLE)
    return {need: int(trained[number]) for number, need in enumerate(groups) if shown[number]}


def less_trained(problem: Problem, trained: dict[Need, int]) -> Problem:
    """The problem without those who are trained already, at most all who need a class; `trained` says how many."""
    less = {need: min(people, trained.get(need, 0)) for need, people in problem.needs.items()}
    needs = {need: people - less[need] for need, people in problem.needs.items() if people > less[need]}
    return replace(problem, needs=needs, trained={need: people for need, people in less.items() if people})


def less_hours_given(store: Store, problem: Problem) -> Problem:
    """The problem with each trainer's hours less those of sessions held after the day on which the list of trainers was
    loaded: minutes of the session and of the way there and back. The list has the hours that are still to give."""
    history = trainer_history(store).filter("is_current")
    listed = dict(history.select("trainer_id", "last_on").iter_rows())
    about, given = Eligibility(problem), dict.fromkeys(listed, 0.0)
    sessions = held_sessions(store).parts.unique("session_id", maintain_order=True)
    columns = ("trainer_id", "held_at", "delivered_on", "minutes")
    for trainer_id, school_id, day, minutes in sessions.select(columns).iter_rows():
        if trainer_id in about.trainers and school_id in about.schools and day > listed[trainer_id]:
            given[trainer_id] += minutes + 2 * about.way(trainer_id, school_id)
    return replace(problem, trainers=tuple(_less(one, given.get(one.trainer_id, 0.0)) for one in problem.trainers))


def _less(trainer: Trainer, minutes: float) -> Trainer:
    return replace(trainer, minutes=max(0.0, trainer.minutes - minutes)) if minutes else trainer
