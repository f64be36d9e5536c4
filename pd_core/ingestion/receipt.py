"""What became of a file, said so that every count adds up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import polars as pl

from pd_core.errors import UserError
from pd_core.ingestion.preview import Preview
from pd_core.storage import Outcome
from pd_core.wording import date_said, listed, plural

MOST_ROWS_TOLD = 1_000
Status = Literal["committed", "unchanged", "rejected"]


@dataclass(frozen=True)
class Receipt:
    """One file's receipt: rows_read = rows_added + rows_existing + rows_replaced + rows_set_aside.

    `rows_replaced` are further answers of someone who had already answered: one answer a person counts, a complete one
    before an incomplete one, then the latest. `rows_set_aside` are rows to correct and rows of other buildings;
    `problems` tell of the first `MOST_ROWS_TOLD` of them.
    """

    file: str
    status: Status
    upload_id: str | None
    wave_id: str
    form: str
    rows_read: int
    rows_added: int
    rows_existing: int
    rows_replaced: int
    rows_set_aside: int
    problems: list[dict[str, Any]] = field(default_factory=list)
    schools: dict[str, int] = field(default_factory=dict)
    unmapped_columns: list[str] = field(default_factory=list)
    message: str = ""
    rows_of_others: int = 0
    """Rows of buildings for which the file was not uploaded, left to them; part of `rows_set_aside`."""

    def as_dict(self) -> dict[str, Any]:
        """The receipt as plain values, for JSON."""
        values = asdict(self)
        del values["rows_of_others"]
        return values


def refused(file: str, error: UserError) -> Receipt:
    """The receipt of a file that could not even be read."""
    return Receipt(file, "rejected", None, "", "", 0, 0, 0, 0, 0, message=error.text())


def rejected(preview: Preview) -> Receipt:
    """The receipt of a file that was read, but of which nothing can be stored: each row counts as set aside."""
    others = "" if preview.rows_of_others == preview.rows_read else _others(preview)
    message = " ".join([*preview.blockers, *filter(None, (others, _first_problem(preview.to_correct))), *preview.notes])
    return _receipt(preview, "rejected", None, (0, 0, 0), preview.rows_read, message)


def taken(preview: Preview, outcome: Outcome, *, dry_run: bool = False) -> Receipt:
    """The receipt of a file that was stored, or that held nothing new."""
    counts = (outcome.rows_added, outcome.rows_existing, outcome.rows_replaced)
    message = " ".join(_sentences(preview, outcome, dry_run))
    upload_id = None if dry_run and outcome.status == "committed" else outcome.upload_id
    return _receipt(preview, outcome.status, upload_id, counts, preview.rows_set_aside, message)


def _receipt(
    preview: Preview,
    status: Status,
    upload_id: str | None,
    counts: tuple[int, int, int],
    set_aside: int,
    message: str,
) -> Receipt:
    return Receipt(
        preview.file,
        status,
        upload_id,
        preview.wave_id,
        preview.form,
        preview.rows_read,
        *counts,
        set_aside,
        problems=_first_rows(preview.problems).to_dicts(),
        schools=preview.schools,
        unmapped_columns=[column.header for column in preview.unmapped],
        message=message,
        rows_of_others=preview.rows_of_others,
    )


def _first_rows(problems: pl.DataFrame) -> pl.DataFrame:
    """The problems of the first rows that are set aside: the rest are counted, and are in the file to correct."""
    rows = problems["row"].unique().sort()
    return problems.filter(pl.col("row") <= rows[MOST_ROWS_TOLD - 1]) if rows.len() > MOST_ROWS_TOLD else problems


def _sentences(preview: Preview, outcome: Outcome, dry_run: bool) -> list[str]:
    if not preview.rows_read:
        return [f"{preview.file} holds no answers yet. Nothing was changed."]
    found = []
    if outcome.status == "unchanged" and outcome.rows_differing:
        found.append(f"No row of {preview.file} is new, and nothing was changed.")
    elif outcome.status == "unchanged":
        when = f" on {date_said(outcome.earlier_at)} from {outcome.earlier_file}" if outcome.earlier_at else ""
        found.append(f"Every answer of {preview.file} was already stored{when}. Nothing was changed.")
    else:
        verb = "would be added" if dry_run else _was(outcome.rows_added) + " added"
        found.append(f"{plural(outcome.rows_added, 'answer')} of {preview.file} {verb} to {preview.wave_id}.")
        if existing := outcome.rows_existing:
            found.append(f"{plural(existing, 'row')} {_was(existing)} already stored or came twice in this file.")
    if outcome.rows_differing:
        found.append(_differing(outcome))
    if outcome.rows_replaced:
        found.append(
            f"{plural(outcome.rows_replaced, 'row')} came from people who had already answered: "
            "each counts once, with the latest complete answer."
        )
    for wave_id, rows in outcome.other_waves.items():
        found.append(
            f"{plural(rows, 'row')} {_was(rows)} already part of {wave_id}, where nothing changed. To move them, that "
            "upload has to be undone first."
        )
    if rows := preview.rows_corrected:
        found.append(f"{plural(rows, 'row')} {_was(rows)} corrected earlier: the corrected answers stay.")
    if rows := preview.rows_to_correct:
        more = f" The first {MOST_ROWS_TOLD:,} are listed one by one." if rows > MOST_ROWS_TOLD else ""
        found.append(f"{plural(rows, 'row')} {_was(rows)} set aside.{more} {_first_problem(preview.to_correct)}")
    if preview.rows_of_others:
        found.append(_others(preview))
    return [*found, *preview.notes]


def _differing(outcome: Outcome) -> str:
    """That stored answers are others than those of the file, and how the file's come to count."""
    rows = outcome.rows_differing
    verb = "differs" if rows == 1 else "differ"
    held = listed([f"{upload_id} ({file})" for upload_id, file in outcome.held_by.items()])
    uploads = f"undo upload {held}" if len(outcome.held_by) == 1 else f"undo the uploads {held}" if held else ""
    way_out = uploads or "have the earlier upload undone"
    return (
        f"{plural(rows, 'row')} {verb} from the stored answers of the same row, and nothing says which are later: the "
        f"stored ones stay. To change them to those of this file, {way_out} first, then take this file again."
    )


def _others(preview: Preview) -> str:
    rows = preview.rows_of_others
    if not rows:
        return ""
    verbs = ("belongs", "is") if rows == 1 else ("belong", "are")
    return f"{plural(rows, 'row')} {verbs[0]} to other buildings and {verbs[1]} left to them."


def _first_problem(problems: pl.DataFrame) -> str:
    if problems.is_empty():
        return ""
    row = problems.row(0, named=True)
    where = f"row {row['row']}" + (f", “{row['column']}”" if row["column"] else "")
    value = f": “{row['value']}”" if row["value"] else ""
    near = f" Did you mean “{row['suggestion']}”?" if row["suggestion"] else ""
    return f"The first problem: {where}{value}: {row['reason']}.{near}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
