"""Made-up districts of any size, put into a store without going through files."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.actions.plan_record import change_plan
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.entities import PlanSession
from pd_core.reference.catalog import read_catalog
from pd_core.reference.slots import read_slots
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries, reference
from pd_core.storage.store import Change
from tests.actions.people import FACILITATOR

WAVES = ("Fall 2022", "Fall 2023", "Fall 2024", "Fall 2025", "Fall 2026")


def fill(store: Store, codebook: Codebook, *, schools: int, responses: int, again: bool = False) -> None:
    """Spreads `responses` over five waves and `schools` schools of very different sizes, some of them tiny.

    With `again`, the same people of a school answer in each wave.
    """
    random = np.random.default_rng(7)
    ids = [f"school_{number:04}" for number in range(schools)]
    weights = random.gamma(2, size=schools)
    expected = weights / weights.sum() * responses / len(WAVES)
    listed = pl.DataFrame(
        {
            "school_id": ids,
            "name": [f"School {number:04}" for number in range(schools)],
            "aliases": "",
            "level": random.choice(["elementary", "middle", "high"], schools),
            "region": random.choice(["North", "South"], schools),
            "headcount": (expected * 1.8 + 3).astype(int),
        }
    )
    reference.set_schools(store, listed, "test")
    rows = _responses(random, codebook, random.choice(ids, responses, p=weights / weights.sum()))
    if again:
        number = pl.int_range(pl.len()).over("school_id", "wave_id")
        rows = rows.with_columns(person=pl.format("{} {}", "school_id", number))
    upload = pl.DataFrame(
        {
            "upload_id": WAVES,
            "content_hash": WAVES,
            "file": "made up.csv",
            "wave_id": WAVES,
            "form": "form",
            "uploaded_by": "test",
            **dict.fromkeys(("rows_read", "rows_added", "rows_existing", "rows_replaced", "rows_set_aside"), 0),
        }
    )

    def action(change: Change) -> None:
        change.insert("upload", upload.with_columns(uploaded_at=pl.lit(change.at)))
        change.insert("response", rows)

    store.write("upload", "test", action)


def put_plan(store: Store, codebook: Codebook, *, sessions: int) -> None:
    """Puts agreed sessions in 2031 on record, at one school after the other, with the starter catalog and two
    trainers."""
    names = SchoolNames(queries.schools(store, EVERYTHING))
    catalog = (ROOT / "data" / "catalogue" / "catalogue.csv").read_bytes()
    trainings = read_catalog("catalogue.csv", catalog, codebook)
    training_lists.set_catalog(store, FACILITATOR, trainings)
    trainers = b"trainer_id,name,kind,home_school_id,skills,hours,slots\nmia,Mia Lane,mie,school_0000,word,400,\n"
    trainers += b"fay,Fay Bell,facilitator,,word,400,\n"
    training_lists.set_trainers(store, FACILITATOR, read_trainers("trainers.csv", trainers, codebook, names))
    times = [(datetime(2031, 1, 1, 15, 30) + timedelta(days=day)).strftime("%Y-%m-%d") for day in range(sessions)]
    lines = [f"slot_{day},{day} 15:30,{day} 17:00,after_school" for day in times]
    slots = "\n".join(["slot_id,starts_at,ends_at,time", *lines]).encode()
    training_lists.set_slots(store, FACILITATOR, read_slots("slots.csv", slots, codebook))
    school_ids = queries.schools(store, EVERYTHING)["school_id"].to_list()
    plan = [
        PlanSession(
            f"S{number:03}", "agreed", (school_ids[number % len(school_ids)],),
            trainings["training_id"][number % trainings.height], "mia", f"slot_{day}",
            datetime.fromisoformat(f"{day} 15:30"), datetime.fromisoformat(f"{day} 17:00"), 8,
        )
        for number, day in enumerate(times)
    ]  # fmt: skip
    change_plan(store, FACILITATOR, "agreed", lambda _: plan)


def _responses(random: np.random.Generator, codebook: Codebook, school_ids: np.ndarray) -> pl.DataFrame:
    size = len(school_ids)
    wave_ids = np.sort(random.choice(WAVES, size))
    moment = pl.datetime(2026, 9, 1)
    answers = {"role": random.choice(list(codebook.labels("role")), size)}
    for item in codebook.items_of("proficiency", "samr"):
        levels = random.integers(0, len(codebook.scales[item.scale_id]), size).astype(np.int8)
        answers[item.item_id] = pl.Series(levels).set(pl.Series(random.random(size) < 0.03), None)
    for item in codebook.items_of("topics", "times"):
        codes = list(codebook.labels(item.scale_id))
        pairs = [f"{one};{other}" for one, other in zip(codes, codes[1:] + codes[:1], strict=True)]
        answers[item.item_id] = random.choice(pairs, size)
    frame = pl.DataFrame({"school_id": school_ids, "wave_id": wave_ids, "upload_id": wave_ids, **answers})
    return frame.with_row_index("row").select(
        pl.exclude("row"),
        response_id=pl.format("r{}", "row"),
        row_key=pl.format("r{}", "row"),
        person=pl.format("p{}", "row"),
        is_identified=pl.lit(True),
        stands=pl.lit(True),
        is_complete=pl.lit(True),
        started_at=moment,
        completed_at=moment,
        answered_at=moment,
        answers=pl.lit(20, pl.Int16),
    )
