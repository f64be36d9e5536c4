"""Rows and uploads as the store takes them, with made-up people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pd_core.access import EVERYTHING
from pd_core.storage import Outcome, Store, Upload, queries, store_upload

FALL, SPRING = "Fall 2026", "Spring 2027"
SCHEMA: dict[str, Any] = {
    "row_key": pl.String,
    "person": pl.String,
    "is_identified": pl.Boolean,
    "is_complete": pl.Boolean,
    "school_id": pl.String,
    "started_at": pl.Datetime("us"),
    "completed_at": pl.Datetime("us"),
    "answered_at": pl.Datetime("us"),
    "role": pl.String,
    "proficiency_teams": pl.Int16,
    "proficiency_onenote": pl.Int16,
    "samr_teams": pl.Int16,
    "topics": pl.String,
    "comment": pl.String,
}


def row(
    row_key: str, person: str = "", *, hour: int = 0, is_complete: bool = True, school_id: str = "lincoln", **items: Any
) -> dict[str, Any]:
    """One answer; without a person it is anonymous. `hour` says when it was given."""
    at = datetime(2026, 10, 5, 8) + timedelta(hours=hour)
    return {
        "row_key": row_key,
        "person": person or row_key,
        "is_identified": bool(person),
        "is_complete": is_complete,
        "school_id": school_id,
        "started_at": at - timedelta(minutes=5),
        "completed_at": at,
        "answered_at": at,
        "proficiency_teams": 1,
        **items,
    }


def answers(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows of one file."""
    return pl.DataFrame(list(rows), schema=SCHEMA)


def staff(names: Iterable[object], **values: Any) -> pl.DataFrame:
    """An answer of each of these people."""
    return answers(*(row(f"row of {name}", str(name), **values) for name in names))


def upload(upload_id: str, rows: pl.DataFrame, wave_id: str = FALL, content: str = "") -> Upload:
    """What is known of a file with these rows."""
    return Upload(
        upload_id, content or f"content of {upload_id}", f"{upload_id}.xlsx", wave_id, "form", "Mia", rows.height, 0
    )


def live(store: Store) -> pl.DataFrame:
    """The answers that count, without what only says when they were written."""
    rows = store.frame(f"select * exclude (number, response_id) from ({queries.LIVE})")
    return rows.sort("wave_id", "row_key")


def people(store: Store) -> int:
    """How many people's answers count, over all waves."""
    return int(queries.waves(store)["respondents"].sum())


def counting(store: Store, wave_id: str = FALL) -> dict[str, str]:
    """Person to the row that counts in a wave."""
    rows = store.frame(f"select person, row_key from ({queries.LIVE}) where wave_id = $wave_id", wave_id=wave_id)
    assert rows["person"].is_unique().all(), "a person counts twice"
    return dict(rows.sort("person").iter_rows())


def put(store: Store, name: str, rows: pl.DataFrame, wave_id: str = FALL, **options: Any) -> Outcome:
    """Stores these rows as the upload of this name."""
    return store_upload(store, upload(name, rows, wave_id), rows, **{"reach": EVERYTHING, **options})


def counts(outcome: Outcome) -> tuple[int, int, int]:
    """Rows added, existing and replaced."""
    return outcome.rows_added, outcome.rows_existing, outcome.rows_replaced


def traces(folder: Path, words: tuple[str, ...]) -> set[str]:
    """Which of the words any file of a store holds, in its bytes or, for Parquet, in what they stand for."""
    found = set()
    for file in filter(Path.is_file, folder.rglob("*")):
        content = file.read_bytes()
        if file.suffix == ".parquet":
            with duckdb.connect() as reader:
                for table in ("read_parquet", "parquet_metadata"):
                    content += str(reader.execute(f"from {table}('{file}')").to_arrow_table().to_pylist()).encode()
        found |= {word for word in words if word.encode() in content}
    return found
