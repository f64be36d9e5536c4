"""From a file's bytes to a table of text: which sheet, which row holds the headers, and what each cell says."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import fastexcel
import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile
from pd_core.ingestion.workbook_limits import check_workbook, hidden_sheets

MAX_BYTES = 100 * 1024 * 1024
MAX_COLUMNS = 702
_MAX_START = 16 * 1024**2  # of the lines in which headers are looked for
csv.field_size_limit(MAX_BYTES)  # the usual limit refuses a long comment
_SEARCHED_ROWS = 30
_TIMES = ("start", "end", "modified")
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
_WEB_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|\?xml)", re.IGNORECASE)
Source = Literal["forms", "google"]


@dataclass(frozen=True)
class Table:
    """An export as text.

    `headers` are raw; `cells` has a text column `c0`, `c1` … for each header, null where blank; `row`, the row's number
    as Excel shows it; and `overflow`, whether a CSV's row has more cells than there are headers. `leading` maps a field
    (start, end, email …) to its column's position.
    """

    file: str
    sheet: str
    source: Source
    headers: tuple[str, ...]
    leading: dict[str, int]
    cells: pl.DataFrame


def read_export(file: str, data: bytes, codebook: Codebook) -> Table:
    """The answers in a Forms or Google Forms export, workbook or CSV, recognised by content and never by name.

    Raises RefusedFile with what is wrong and the way out.
    """
    check_bytes(file, len(data))
    if not data.strip():
        raise RefusedFile(f"{file} is empty.", "Export the answers again and drop the new file.")
    for magic, (kind, remedy) in _NOT_EXPORTS.items():
        if data.startswith(magic):
            raise RefusedFile(f"{file} is not a survey export: it is {kind}.", remedy)
    if _WEB_PAGE.match(data):
        raise RefusedFile(f"{file} is not a survey export: it is a web page, such as a sign-in page.", _OPEN_IN_EXCEL)
    is_workbook = data.startswith(b"PK")
    sheets = _workbook_sheets(file, data) if is_workbook else _csv_sheets(file, data, codebook)
    scored = [(*_header_row(cells, codebook), name, cells) for name, cells in sheets]
    # Of two sheets that look alike, one is often a filtered copy: the one with more rows is read.
    row, score, name, cells = max(scored, key=lambda found: (found[1], found[3].height), default=(0, 0, "", None))
    if cells is None or not score:
        looked = ", ".join(f"“{name}”" for name, _ in sheets)
        where = f" of {looked}" if looked else " of any visible sheet" if is_workbook else ""
        raise RefusedFile(
            f"{file} is not a survey export: no row of headers was found (looked for “Completion time” or “Timestamp” "
            f"in the first {_SEARCHED_ROWS} rows{where}).",
            "Use the file that Microsoft Forms gives under “Open results in Excel”, with its first row left as it is.",
        )
    return _table(file, name, cells, row, codebook, is_workbook=is_workbook)


def check_bytes(file: str, size: int) -> None:
    """Passes a file of at most `MAX_BYTES`. Raises RefusedFile."""
    if size > MAX_BYTES:
        raise RefusedFile(
            f"{file} has {size / 1024**2:,.1f} MB; at most {MAX_BYTES // 1024**2} MB are taken.",
            "Export the form again, or split it by building.",
        )


def _workbook_sheets(file: str, data: bytes) -> list[tuple[str, pl.DataFrame]]:
    check_workbook(file, data, MAX_COLUMNS)
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
                found.append((name, pl.DataFrame(sheet)))
    except fastexcel.FastExcelError as error:
        raise RefusedFile(
            f"{file} is a damaged workbook and cannot be read.", "Export the answers again and drop the new file."
        ) from error
    return [(name, cells.rename({old: f"c{i}" for i, old in enumerate(cells.columns)})) for name, cells in found]


def _csv_sheets(file: str, data: bytes, codebook: Codebook) -> list[tuple[str, pl.DataFrame]]:
    text = with_plain_line_ends(decoded(file, data))
    start = "".join(islice(io.StringIO(text), 4 * _SEARCHED_ROWS))
    if len(start) > _MAX_START:
        raise RefusedFile(
            f"{file} is too large: its first {4 * _SEARCHED_ROWS} lines have {len(start) / 1e6:,.0f} million letters.",
            "Export the form again, and look for stray cells.",
        )
    best: tuple[int, int, str] | None = None
    for delimiter in (",", ";", "\t"):
        try:
            rows = list(islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), _SEARCHED_ROWS))
        except csv.Error:
            continue
        width = max((len(row) for row in rows), default=0)
        score = max((_header_score(row, codebook) for row in rows), default=0)
        if score and (best is None or (score, width) > best[:2]):
            best = (score, width, delimiter)
    if best is None:
        return []
    width, delimiter = best[1], best[2]
    if width > MAX_COLUMNS:
        raise RefusedFile(
            f"{file} is too large: it has {width:,} columns (at most {MAX_COLUMNS} are read).",
            "Export the form again: a survey has far fewer. Delete added columns.",
        )
    # One column more than any header row has: what lands there shows a row with too many cells.
    schema = {f"c{i}": pl.String for i in range(width + 1)}
    try:
        cells = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=delimiter,
            schema=schema,
            missing_columns="insert",
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError as error:
        raise RefusedFile(
            f"{file} is a damaged CSV file: a quotation mark is opened and never closed.",
            "Export the answers again, as an Excel workbook if you can.",
        ) from error
    return [("CSV", cells)]


def with_plain_line_ends(text: str) -> str:
    """Text as saved on an old Mac, with CR alone at the ends of lines, as all else has it."""
    return text if "\n" in text else text.replace("\r", "\n")


def decoded(file: str, data: bytes) -> str:
    """Text in whichever of the usual encodings it was saved. Raises RefusedFile where it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        raise RefusedFile(
            f"{file} is not a survey export: it is neither an Excel workbook nor text.",
            "Use the file that Microsoft Forms gives under “Open results in Excel”.",
        )
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedFile(f"{file} is not readable as text.", "Export the answers again, as an Excel workbook if you can.")


def _header_row(cells: pl.DataFrame, codebook: Codebook) -> tuple[int, int]:
    scores = [_header_score(row, codebook) for row in cells.head(_SEARCHED_ROWS).iter_rows()]
    best = max(range(len(scores)), key=lambda index: scores[index], default=0)
    return best, scores[best] if scores else 0


def _header_score(row: tuple[str | None, ...] | list[str], codebook: Codebook) -> int:
    """How many cells are known headers; 0 without a time of completion, which every export has."""
    folded = [fold(cell) for cell in row if cell]
    fields = {codebook.fields_by_header.get(cell) for cell in folded}
    if "end" not in fields:
        return 0
    return len(fields - {None}) + sum(cell in codebook.items_by_wording for cell in folded)


def _table(
    file: str, sheet: str, cells: pl.DataFrame, header_row: int, codebook: Codebook, *, is_workbook: bool
) -> Table:
    header_cells = cells.row(header_row)
    width = max(index for index, cell in enumerate(header_cells) if cell and cell.strip()) + 1
    headers = tuple(cell or "" for cell in header_cells[:width])
    kept = [f"c{index}" for index in range(width)]
    body = cells.slice(header_row + 1).with_row_index("row", offset=header_row + 2)
    overflow = [name for name in cells.columns[width:] if body[name].drop_nulls().str.strip_chars().ne("").any()]
    trimmed = body.with_columns(pl.col(kept).str.strip_chars().replace("", None))
    trimmed = trimmed.with_columns(
        # In a workbook, cells beside the answers are somebody's notes; in a CSV they show that a comma is astray.
        overflow=pl.lit(False) if is_workbook or not overflow else pl.any_horizontal(pl.col(overflow).is_not_null())
    )
    trimmed = trimmed.filter(pl.any_horizontal(pl.col(kept).is_not_null()))
    leading = _leading_block(headers, codebook)
    if "end" not in leading:
        raise RefusedFile(
            f"{file}: the time of completion does not stand in front of the questions, where Forms puts it.",
            "Put the columns back in the order of the export, or export the answers again.",
        )
    is_google = "start" not in leading and "id" not in leading
    return Table(
        file, sheet, "google" if is_google else "forms", headers, leading, trimmed.select("row", *kept, "overflow")
    )


def _leading_block(headers: tuple[str, ...], codebook: Codebook) -> dict[str, int]:
    """Field to position, for the run of known leading headers: behind it, a question may well be called “Name”.

    A header that is not known (an added column, or a language's word for points) does not end the run where one of the
    times still follows.
    """
    folded = [fold(header) for header in headers]
    fields = [codebook.fields_by_header.get(header) for header in folded]
    first_question = next((i for i, header in enumerate(folded) if header in codebook.items_by_wording), len(folded))
    last_time = max((i for i, name in enumerate(fields[:first_question]) if name in _TIMES), default=-1)
    leading: dict[str, int] = {}
    for index, name in enumerate(fields):
        if name is not None and name != "quiz_prefix" and name not in leading:
            leading[name] = index
        elif leading and index > last_time:
            break
    return leading
