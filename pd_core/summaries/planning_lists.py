"""The district's lists as the planner takes them: schools, trainings, trainers, slots and ways. It has no needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl

from pd_core.access import EVERYTHING
from pd_core.cache import CacheByRevision
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.problem import Problem, School, Slot, Trainer, Training
from pd_core.storage import Store, queries
from pd_core.storage.training_lists import training_list

_kept = CacheByRevision(max_entries=4, max_bytes=32_000_000)


def planning_lists(
    store: Store, now: datetime, schools: pl.DataFrame | None = None, *, needs_homes: bool = False
) -> Problem:
    """A problem without needs at `now` (local time), to check a session against.

    `schools`: school_id, name, region (null: all of the store's; the lists are then kept until one changes). A trainer
    whose home is not listed any more is left out; with `needs_homes` that raises NoPlan.
    """
    if schools is not None:
        return _lists(store, now, schools, needs_homes=needs_homes)

    def make() -> Problem:
        return _lists(store, now, queries.schools(store, EVERYTHING), needs_homes=needs_homes)

    return replace(_kept.get(store, store.version(), needs_homes, make), now=now)


def _lists(store: Store, now: datetime, listed: pl.DataFrame, *, needs_homes: bool) -> Problem:
    known = set(listed["school_id"])
    return Problem(
        schools=tuple(School(*row) for row in listed.select("school_id", "name", "region").iter_rows()),
        trainings=tuple(
            Training(
                row["training_id"],
                row["title"],
                row["skill_id"],
                row["kind"],
                row["minutes"],
                row["seats"],
                tuple(filter(None, row["actions"].split(";"))),
                row["url"],
            )
            for row in training_list(store, "training").iter_rows(named=True)
        ),
        trainers=_trainers(store, known, needs_homes=needs_homes),
        slots=tuple(Slot(*row) for row in training_list(store, "slot").iter_rows()),
        needs={},
        now=now,
        ways={
            (school_id, other): minutes
            for school_id, other, minutes in training_list(store, "travel").iter_rows()
            if {school_id, other} <= known
        },
    )


def _trainers(store: Store, known: set[str], *, needs_homes: bool) -> tuple[Trainer, ...]:
    found, homeless = [], []
    for row in training_list(store, "trainer").to_dicts():
        home = row["home_school_id"] or None
        if home is not None and home not in known:
            homeless.append(f"Trainers, {row['trainer_id']}: the home {home} is not in the list of schools any more.")
            continue
        found.append(
            Trainer(
                row["trainer_id"], row["name"], row["kind"], home, frozenset(filter(None, row["skills"].split(";"))),
                row["hours"] * 60, frozenset(row["slots"].split(";")) if row["slots"] else None,
            )
        )  # fmt: skip
    if homeless and needs_homes:
        raise NoPlan(homeless[0], "Load the list of trainers again with a home that is listed.", homeless[1:])
    return tuple(found)
