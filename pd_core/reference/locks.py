"""Reads what people decided before a plan is proposed: sessions that must be, and sessions that must not be."""

from __future__ import annotations

from typing import cast

from pd_core.codebook import fold
from pd_core.planning.problem import Action, Rule
from pd_core.reference.list_files import read_rows, refuse_rows

LOCK_FILE = ("action", "school_id", "training_id", "trainer_id", "slot_id")
ACTIONS = ("lock", "forbid")


def read_locks(file: str, data: bytes) -> tuple[Rule, ...]:
    """The rules of a file: action (lock, forbid), school_id, training_id, trainer_id, slot_id; an empty field fits
    anything. Raises RefusedFile that names every row without a known action."""
    file, rows = read_rows(file, data, LOCK_FILE, required=("action",))
    refuse_rows(
        file,
        [
            f"row {number}: action is “{row['action']}”; expected lock or forbid."
            for number, row in rows
            if fold(row["action"]) not in ACTIONS
        ],
        "Correct these rows. Nothing was planned.",
    )
    return tuple(
        Rule(
            cast(Action, fold(row["action"])), row["school_id"], row["training_id"], row["trainer_id"], row["slot_id"],
            row=number,
        )
        for number, row in rows
    )  # fmt: skip
