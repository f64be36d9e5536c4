"""A plan on record, for the tests of its commands."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.cli.command import Answer, pd

WAVE = "Fall 2026"
COLUMNS = [
    "session_id", "state", "school_ids", "training_id", "trainer_id", "slot_id", "starts_at", "ends_at", "reached",
    "note", "changed_by", "changed_at", "base",
]  # fmt: skip


def copied(source: Path, target: Path) -> None:
    shutil.copy(source, target)
    shutil.copy(source.with_suffix(".key"), target.with_suffix(".key"))


def plan(store: Path, *arguments: object) -> Answer:
    return pd("plan", *arguments, store=store)


def sessions(store: Path, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = plan(store, "show", "--json", *options).json["sessions"]
    return found


def one(store: Path, session_id: str) -> dict[str, Any]:
    return next(row for row in sessions(store) if row["session_id"] == session_id)
