"""Fills a store with the made-up sample district, through the same actions as real files."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import cast

from pd_core.access import EVERYTHING, Actor, Visitor
from pd_core.actions import credentials, outcomes, schools, training_lists, uploads, waves
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.entities import Delivery, PlanSession, PlanState, Wave
from pd_core.ingestion.reading import read
from pd_core.pseudonyms import respondent_codes
from pd_core.reference.attendance_file import read_attendance
from pd_core.reference.budget import read_budget
from pd_core.reference.catalog import read_catalog
from pd_core.reference.delivery_file import read_deliver
from pd_core.reference.goals import read_goals, read_travel
from pd_core.reference.list_files import read_roster, read_schools
from pd_core.reference.slots import read_slots
from pd_core.reference.trainers import read_trainers
from pd_core.sample import write_sample
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries
from pd_core.storage.change import Change
from pd_core.storage.deliveries import Written, put_deliveries
from pd_core.storage.plans import plan_changes
from pd_core.storage.training_lists import training_list

SAMPLE_KEY = b"the sample district holds no one's answers"
WITH_LIST = "driftwood-1"
"""The session of which a list says who attended."""
_BEGINS = time(15, 30)
_SAMPLE = Visitor.as_oneself(Actor("Sample", "administrator"))


def fill_with_sample(store: Store, codebook: Codebook, *, with_past: bool = False) -> None:
    """Store the sample district's schools, exports, roster and closing days, unless they are already there; `with_past`
    also what was held, what it cost, and what staff earned."""
    if queries.roster_headcounts(store).is_empty():  # the roster comes last, so a store that has one is complete
        _fill(store, codebook)
    with (ROOT / "data" / "sample" / "waves.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            wave = Wave(row["wave_id"].strip(), date.fromisoformat(row["closes"].strip()))
            waves.put_wave(store, _SAMPLE, wave)
    if training_list(store, "slot").is_empty():
        _set_training_lists(store, codebook)
    for name, take in (("outcomes.csv", outcomes.take_outcomes), ("deliveries.csv", outcomes.take_deliveries)):
        take(store, _SAMPLE, name, _content(name))
    if with_past:
        _add_past(store, codebook)


def _add_past(store: Store, codebook: Codebook) -> None:
    """Days that are still to come, by this computer's clock, are left out."""
    today = date.today()  # noqa: DTZ011 - the sample belongs to no district
    training_lists.set_budget(store, _SAMPLE, read_budget("budget.csv", _content("budget.csv")))
    _add_plan(store, today)
    credentials.take_credentials(
        store, _SAMPLE, codebook, "credentials.csv", _content("credentials.csv"), SAMPLE_KEY, today
    )


def _add_plan(store: Store, today: date) -> None:
    """Write the sessions that were held, as people would have written them down at that time, and those to come."""
    held = [row for row in read_deliver("held.csv", _content("held.csv"))[2] if row.delivered_on <= today]
    people = read_attendance("attended.csv", _content("attended.csv")).people
    codes = respondent_codes([address for one in people for address in one.addresses], SAMPLE_KEY)
    listed: dict[str, float | None] = {code: None for code in codes.values() if code}
    sessions, deliveries = _coming(store), []
    for row in held:
        minutes, begins = row.minutes or 60.0, datetime.combine(row.delivered_on, _BEGINS)
        sessions.append(PlanSession(
            row.session_id, "delivered", (row.school_id,), row.training_id, row.trainer_id, "", begins,
            begins + timedelta(minutes=minutes), len(listed) if row.attended is None else row.attended, row.note,
        ))  # fmt: skip
        deliveries.append(Delivery(row.session_id, row.delivered_on, row.attended, minutes, row.note))
    written = Written(
        [(None, one) for one in sessions], deliveries,
        {WITH_LIST: listed} if any(row.session_id == WITH_LIST for row in held) else None,
        [school_id for one in sessions for school_id in one.school_ids], "the sessions of the sample",
    )  # fmt: skip

    def decide(change: Change) -> Written | None:
        return None if plan_changes(change) else written

    put_deliveries(store, "delivery", _SAMPLE.audit_name, decide)


def _coming(store: Store) -> list[PlanSession]:
    slots = {row["slot_id"]: row for row in training_list(store, "slot").to_dicts()}
    with (ROOT / "data" / "sample" / "sessions.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            PlanSession(
                row["session_id"], cast("PlanState", row["state"]), tuple(row["school_ids"].split(";")),
                row["training_id"], row["trainer_id"], row["slot_id"], slots[row["slot_id"]]["starts_at"],
                slots[row["slot_id"]]["ends_at"], int(row["reached"]), row["note"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def _content(name: str) -> bytes:
    return (ROOT / "data" / "sample" / name).read_bytes()


def _fill(store: Store, codebook: Codebook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = write_sample(Path(folder), codebook)
        schools.set_schools(store, _SAMPLE, read_schools(files.schools.name, files.schools.read_bytes()))
        for export in files.exports:
            table = read(export.name, export.read_bytes(), codebook)
            uploads.ingest(store, _SAMPLE, table, codebook, SAMPLE_KEY)
        names = SchoolNames(queries.schools(store, EVERYTHING))
        roster = read_roster(files.roster.name, files.roster.read_bytes(), codebook, names, SAMPLE_KEY)
        schools.set_roster(store, _SAMPLE, roster)


def _set_training_lists(store: Store, codebook: Codebook) -> None:
    folder, names = ROOT / "data" / "sample", SchoolNames(queries.schools(store, EVERYTHING))
    content = {name: (folder / name).read_bytes() for name in ("slots.csv", "trainers.csv", "goals.csv", "travel.csv")}
    starter = (ROOT / "data" / "catalogue" / "catalogue.csv").read_bytes()
    training_lists.set_catalog(store, _SAMPLE, read_catalog("catalogue.csv", starter, codebook))
    goals = read_goals("goals.csv", content["goals.csv"], codebook, names)
    training_lists.set_goals(store, _SAMPLE, goals)
    with (folder / "school_goals.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            own = goals.filter(school_id=row["school_id"])
            weights = dict(zip(own["skill_id"], own["weight"], strict=True))
            training_lists.set_school_goal(
                store, _SAMPLE, codebook, row["school_id"], row["goal_id"], row["words"], weights
            )
    training_lists.set_travel(store, _SAMPLE, read_travel("travel.csv", content["travel.csv"], names))
    trainers = read_trainers("trainers.csv", content["trainers.csv"], codebook, names)
    training_lists.set_trainers(store, _SAMPLE, trainers)
    training_lists.set_slots(store, _SAMPLE, read_slots("slots.csv", content["slots.csv"], codebook))
