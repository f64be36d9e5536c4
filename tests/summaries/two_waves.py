"""Two waves of made-up answers, and their growth."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from pd_core.access import EVERYTHING
from pd_core.storage import Upload, store_upload
from pd_core.storage.migrate import item_columns
from pd_core.summaries.growth import Growth, growth
from tests.district import District

THEN, NOW = "Fall 2025", "Fall 2026"
LATER, LAST = "Fall 2027", "Fall 2028"
WAVES = {THEN: datetime(2025, 10, 1), NOW: datetime(2026, 10, 1)}
_FROM = WAVES | {LATER: datetime(2027, 10, 1), LAST: datetime(2028, 10, 1)}
People = dict[str, tuple[str, dict[str, object]]]


def answer(
    district: District, wave: str, people: People, *, anonymous: bool = False, wording: tuple[tuple[str, str], ...] = ()
) -> None:
    """These people (name to school and answers) answered in a wave, a form with these wordings."""
    types = item_columns(list(district.codebook.items.values()))
    schema = {name: pl.Int16 if sql == "smallint" else pl.String for name, sql in types.items()}
    rows = []
    for person, (school_id, answers) in people.items():
        number = next(district.numbers)
        at = _FROM[wave] + timedelta(minutes=number)
        rows.append({
            "row_key": f"{wave} {number}", "person": f"{wave} {number}" if anonymous else person,
            "is_identified": not anonymous, "is_complete": True, "school_id": school_id, "started_at": at,
            "completed_at": at, "answered_at": at, **{name: answers.get(name) for name in schema},
        })  # fmt: skip
    name = f"upload {next(district.numbers)}"
    upload = Upload(name, name, "answers.csv", wave, "form", "test", len(rows), 0, wordings=wording)
    store_upload(district.store, upload, pl.DataFrame(rows, schema_overrides=schema), reach=EVERYTHING)


def at_level(level: int, people: range, school_id: str = "lincoln", skill: str = "word") -> People:
    return {f"{school_id} {number}": (school_id, {f"proficiency_{skill}": level}) for number in people}


def grown(district: District, **options: object) -> Growth:
    chosen = {"target_share": 0.6, "scope": EVERYTHING} | options
    return growth(district.store, district.codebook, **chosen)  # type: ignore[arg-type]
