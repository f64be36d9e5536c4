"""From a file's bytes to a table of text: which sheets, which row holds the headers, and what each cell says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import fastexcel
import polars as pl

from pd_core.codebook import Codebook
from pd_core.errors import RefusedFile
from pd_core.ingestion.budget import budget
from pd_core.ingestion.lost_cells import LOST_FORMULA, lost_cells
from pd_core.ingestion.sheets import Block, blocks_of, header_score, joined, known_questions, same_form
from pd_core.ingestion.text_files import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_CSV_BYTES,
    SEARCHED_ROWS,
    read_csv,
    whole_lines,
)
from pd_core.ingestion.wave_names import file_name
from pd_core.ingestion.workbook_limits import check_workbook, hidden_sheets
from pd_core.wording import listed, plural

_OPEN_IN_EXCEL = "Download the answers from Microsoft Forms with “Open in Excel” and drop that file here."
_NOT_EXPORTS = {
    b"\xd0\xcf\x11\xe0": (
        "an old Excel file (.xls) or protected by a password",
        "Save it as .xlsx without a password.",
    ),
    b"%PDF": ("a PDF", _OPEN_IN_EXCEL),
    b"\x89PNG": ("a picture", _OPEN_IN_EXCEL),
    b"\xff\xd8\xff": ("a picture", _OPEN_IN_EXCEL),
}
_WEB_PAGE = re.compile(rb"\s*+(?:\xef\xbb\xbf)?\s*+<(?:!doctype html|html|head|body|table|\?xml)", re.IGNORECASE)
Source = Literal["forms", "google"]


@dataclass(frozen=True)
class Table:
    """An export as text.

    `headers` are raw; `cells` has a text column `c0`, `c1` … for each header, null where blank; `row`, the row's number
    as Excel shows it; `overflow`, whether a CSV's row has more cells than there are headers; and `is_header`, whether
    the row repeats the headers. `leading` maps a field (start, end, email …) to its column's position.

    Where several sheets hold answers, the rows of a further sheet go on counting: `places` lists where each sheet
    begins (row, sheet, what to take off). `notes` are sentences on what was not read, or read with damage.
    """

    file: str
    sheet: str
    source: Source
    headers: tuple[str, ...]
    leading: dict[str, int]
    cells: pl.DataFrame
    notes: tuple[str, ...] = ()
    places: tuple[tuple[int, str, int], ...] = ()
    _answers: dict[int, pl.Series] = field(default_factory=dict, init=False, repr=False, compare=False)

    def answers(self, position: int) -> pl.Series:
        """The texts of a column, each once, in the order of the rows; those of a row of headers are none."""
        if position not in self._answers:
            texts = self.cells.lazy().filter(~pl.col("is_header")).select(f"c{position}").collect().to_series()
            self._answers[position] = texts.drop_nulls().unique(maintain_order=True)
        return self._answers[position]

    def part_starts(self) -> list[int]:
        """The rows with which the parts of the file begin: its sheets, and exports under each other."""
        headers = self.cells.filter("is_header")["row"].to_list()
        return sorted({*(start for start, _, _ in self.places), *headers})

    def place(self, row: int) -> tuple[str, int]:
        """A row's sheet (“” where only one was read) and its number on that sheet."""
        if len({sheet for _, sheet, _ in self.places}) < 2:
            return "", row
        _, sheet, above = max((place for place in self.places if place[0] <= row), default=self.places[0])
        return sheet, row - above


def read(file: str, data: bytes, codebook: Codebook, *, is_canceled: Callable[[], bool] = lambda: False) -> Table:
    """The answers in a file; its name is kept as `file_name` says.

    Raises RefusedFile, also for a file that costs more than its budget, and CanceledFile once `is_canceled`.
    """
    file = file_name(file)
    with budget(file, is_canceled):
        return read_export(file, data, codebook)


def read_export(file: str, data: bytes, codebook: Codebook) -> Table:
    """The answers in a Forms or Google Forms export, workbook or CSV, recognized by content and never by name.

    All visible sheets that ask the same are read, copies of rows on another sheet once. Raises RefusedFile with what is
    wrong and the way out.
    """
    check_bytes(file, len(data))
    if not data.strip():
        raise RefusedFile(f"{file} is empty.", "Export the answers again and drop the new file.")
    for magic, (kind, remedy) in _NOT_EXPORTS.items():
        if data.startswith(magic):
            raise RefusedFile(f"{file} is not a survey export: it is {kind}.", remedy)
    if _WEB_PAGE.match(data):
        raise RefusedFile(f"{file} is not a survey export: it is a web page, such as a sign-in page.", _OPEN_IN_EXCEL)
    notes: list[str] = []

    def is_known(row: Sequence[str | None]) -> int:
        return header_score(row, codebook) or known_questions(row, codebook)

    if data.startswith(b"PK"):
        sheets = _workbook_sheets(file, data)
        blocks = [block for name, cells in sheets for block in blocks_of(file, name, cells, codebook)]
    else:
        check_bytes(file, len(data), MAX_CSV_BYTES)
        found = read_csv(file, data, is_known)
        sheets = [("CSV", found.cells)] if found else []
        blocks = blocks_of(file, "CSV", found.cells, codebook, found.header_cells) if found else []
        notes += [found.note] if found and found.note else []
    if not blocks and (lines := whole_lines(file, [cells for _, cells in sheets], data, is_known)):
        blocks = blocks_of(file, sheets[0][0] if sheets else "CSV", lines.cells, codebook, lines.header_cells)
        notes.append(
            "Each row was in one cell, as where a text file was opened in Excel; it was split into its columns."
        )
    if not blocks:
        raise _no_headers(file, data, sheets, codebook)
    best = max(blocks, key=lambda block: (_score(block, codebook), block.cells.height))
    kept, more = same_form(file, best, blocks)
    block, places = joined(kept)
    if len(sheets_read := dict.fromkeys(block.sheet for block in kept)) > 1:
        rows = {name: sum(one.cells.height for one in kept if one.sheet == name) for name in sheets_read}
        told = listed([f"“{name}” ({plural(number, 'row')})" for name, number in rows.items()])
        more.append(f"{len(rows)} sheets were read: {told}.")
    is_google = "start" not in block.leading and "id" not in block.leading
    return Table(
        file,
        block.sheet,
        "google" if is_google else "forms",
        block.headers,
        block.leading,
        block.cells,
        (*notes, *more),
        tuple(places),
    )


def _score(block: Block, codebook: Codebook) -> int:
    return header_score(block.headers, codebook)


def _no_headers(file: str, data: bytes, sheets: list[tuple[str, pl.DataFrame]], codebook: Codebook) -> RefusedFile:
    is_workbook = data.startswith(b"PK")
    for name, cells in sheets:
        for number, row in enumerate(cells.head(SEARCHED_ROWS).iter_rows(), 1):
            if known_questions(row, codebook):
                where = f"row {number} of “{name}”" if is_workbook else f"row {number}"
                return RefusedFile(
                    f"{file} asks what the codebook asks ({where}), but no column in front of its questions holds the "
                    "time of completion, as Microsoft Forms and Google Forms write it.",
                    "If another program wrote it, call the column with that time “Completion time”, move it in front "
                    "of the questions, put all headers in one row, and delete test answers and unfinished ones.",
                )
    looked = ", ".join(f"“{name}”" for name, _ in sheets)
    where = f" of {looked}" if looked and is_workbook else " of any visible sheet" if is_workbook else ""
    hidden = listed([f"“{name}”" for name in sorted(hidden_sheets(data))]) if is_workbook else ""
    not_read = f" Hidden sheets are not read ({hidden}): show the one with the answers." if hidden else ""
    return RefusedFile(
        f"{file} is not a survey export: no row of headers was found (looked for “Completion time” or “Timestamp”, or "
        f"what they are called in other languages, in the first {SEARCHED_ROWS} rows{where}).",
        "Use the file that Microsoft Forms gives under “Open results in Excel”, with its first row left as it is."
        f"{not_read} If the form speaks another language, its headers belong in data/codebook/leading_headers.csv.",
    )


def check_bytes(file: str, size: int, most: int = MAX_BYTES) -> None:
    """Passes a file of at most so many bytes. Raises RefusedFile."""
    if size > most:
        kind = "" if most == MAX_BYTES else " of text"
        raise RefusedFile(
            f"{file} has {size / 1024**2:,.1f} MB; at most {most // 1024**2} MB{kind} are taken.",
            "Export the form again, or split it by building.",
        )


def _workbook_sheets(file: str, data: bytes) -> list[tuple[str, pl.DataFrame]]:
    has_lost = check_workbook(file, data, MAX_COLUMNS)
    try:
        reader = fastexcel.read_excel(data)
        found = []
        hidden = hidden_sheets(data)
        for name in (name for name in reader.sheet_names if name not in hidden):
            try:
                # Every cell as text, from the first row on: types guessed from the first rows are often wrong.
                sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", eager=True)
            except fastexcel.CalamineError as error:
                if "not a valid worksheet" in str(error):  # a sheet that holds nothing but a chart
                    continue
                raise
            if sheet.num_columns:
                cells = pl.DataFrame(sheet)
                found.append((name, cells.rename({old: f"c{i}" for i, old in enumerate(cells.columns)})))
    except fastexcel.FastExcelError as error:
        raise RefusedFile(
            f"{file} is a damaged workbook and cannot be read.", "Export the answers again and drop the new file."
        ) from error
    if has_lost:
        lost = lost_cells(data)
        found = [(name, _with_lost(cells, lost.get(name, {}))) for name, cells in found]
    return found


def _with_lost(cells: pl.DataFrame, lost: dict[int, dict[int, str]]) -> pl.DataFrame:
    """The cells of a sheet, with the content of those that hold an error, or a formula without its result."""
    for column, rows in lost.items():
        name = f"c{column}"
        if name in cells.columns:
            texts = pl.Series(name, [rows.get(row) for row in range(cells.height)], dtype=pl.String)
            cells = cells.with_columns(pl.coalesce(pl.col(name), texts).alias(name))
    return cells


__all__ = ["LOST_FORMULA", "MAX_BYTES", "MAX_COLUMNS", "Table", "check_bytes", "read", "read_export"]
