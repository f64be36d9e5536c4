"""What was held, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pd_core.ingestion import Receipt
from pd_core.wording import date_said, people_said


def held_said(session_id: str, day: date) -> str:
    """That a session was held."""
    return f"{session_id} was held on {date_said(day)}."


def list_said(receipt: Receipt, *, most: int) -> str:
    """What became of a list of people, with the first problems."""
    rows = [f"Row {one['row']}: {one['reason']}." for one in receipt.problems[:most]]
    more = len(receipt.problems) - len(rows)
    return " ".join([receipt.message, *rows, *([f"And {more} more."] if more > 0 else [])])


def preview_said(receipt: Receipt, *, most: int) -> str:
    """What would become of a list of people, before it is stored."""
    taken = receipt.rows_read - receipt.rows_set_aside
    rows = [f"Row {one['row']}: {one['reason']}." for one in receipt.problems[:most]]
    more = [f"And {len(receipt.problems) - most} more."] if len(receipt.problems) > most else []
    aside = f", {receipt.rows_set_aside:,} set aside" if receipt.rows_set_aside else ""
    return " ".join([f"{receipt.file}: {people_said(taken)} would be counted{aside}.", *rows, *more])


def how_it_went(row: Mapping[str, Any] | None) -> str:
    """A line on how a session was held, from its row of `summaries.held.delivery_rows` (null: none is seen)."""
    if row is None:
        return "Held."
    held = f"Held on {date_said(row['delivered_on'])}, {row['minutes']:g} minutes"
    if row["suppressed"]:
        return f"{held}; how many attended is hidden, because they are few or of several schools."
    if row["attended"] is None:
        return f"{held}; who attended is not said yet."
    return f"{held}; {people_said(row['attended'])} attended."
