"""Writes survey exports as text: CSV of Microsoft Forms as people save it, and CSV and workbooks of Google Forms."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .workbook import Cell, Rows, forms_workbook

GoogleCell = Cell | tuple[str, ...]

DATE_FORMATS = {
    "mdy": "{m}/{d}/{yy} {h}:{MM}:{SS}",  # 12/18/25 17:19:28
    "mdy-long": "{m}/{d}/{yyyy} {h}:{MM}",  # 12/24/2019 8:41
    "mdy-seconds": "{m}/{d}/{yyyy} {h}:{MM}:{SS}",  # 10/5/2026 8:03:12, a Google sheet in the United States
    "mdy-noon": "{m}/{d}/{yyyy} {h12}:{MM}:{SS} {half}",  # 10/5/2026 8:03:12 AM
    "dmy": "{dd}/{mm}/{yyyy} {HH}:{MM}",  # 16/10/2024 16:56
    "dmy-seconds": "{dd}/{mm}/{yyyy} {HH}:{MM}:{SS}",
    "dmy-dots": "{dd}.{mm}.{yyyy} {HH}:{MM}:{SS}",
    "iso": "{yyyy}-{mm}-{dd} {HH}:{MM}:{SS}",
    "google-zone": "{yyyy}/{mm}/{dd} {h12}:{MM}:{SS} {half} GMT-5",  # Google's own CSV download
}


def forms_csv(
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    date_format: str = "mdy",
    header_row: bool = True,
    second_header_at: int | None = None,
    quote_all: bool = False,
    ruined_by: str | None = None,
    line_end: str = "\r\n",
) -> bytes:
    """Return a CSV file of one header row and its answers; a None is an empty field, a line break in a cell is quoted.

    encoding: what the encoding cannot hold becomes `?`. date_format: a key of DATE_FORMATS.
    second_header_at: the number of answer rows before a repeated header row. ruined_by: stands in for every character
    outside ASCII, as in text that an earlier program has spoilt (`?` or U+FFFD).
    """
    lines: list[Sequence[Cell]] = list(rows)
    if second_header_at is not None:
        lines.insert(second_header_at, headers)
    if header_row:
        lines.insert(0, headers)
    buffer = io.StringIO()
    writer = csv.writer(
        buffer,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
        lineterminator=line_end,
    )
    writer.writerows([_field(cell, date_format) for cell in line] for line in lines)
    text = buffer.getvalue()
    if ruined_by is not None:
        text = "".join(letter if letter.isascii() else ruined_by for letter in text)
    return text.encode(encoding, errors="replace")


def google_csv(
    headers: Sequence[str],
    rows: Sequence[Sequence[GoogleCell]],
    *,
    date_format: str = "mdy-seconds",
    encoding: str = "utf-8",
    **options: Any,
) -> bytes:
    """Return the CSV of a Google form; a tuple is a multi-select answer, joined by `, `; options go to forms_csv."""
    return forms_csv(headers, _joined(rows), date_format=date_format, encoding=encoding, line_end="\n", **options)


def google_workbook(
    headers: Sequence[str],
    rows: Sequence[Sequence[GoogleCell]],
    *,
    sheet: str = "Form Responses 1",
    sheets_before: Mapping[str, Rows] | None = None,
    **options: Any,
) -> bytes:
    """Return the .xlsx of a Google form's sheet, by default behind a summary sheet; options go to forms_workbook."""
    before: Mapping[str, Rows] = {"Summary": [["Responses", len(rows)]]} if sheets_before is None else sheets_before
    traits: dict[str, Any] = {"prefix": "", "dimension": None, "valueless_blanks": False, "table": None} | options
    return forms_workbook(headers, _joined(rows), sheet=sheet, extra_sheets_before=before, **traits)


def moment_text(moment: datetime, date_format: str) -> str:
    """A date and time in one of DATE_FORMATS."""
    t = moment
    return DATE_FORMATS[date_format].format(
        m=t.month, mm=f"{t:%m}", d=t.day, dd=f"{t:%d}", yy=f"{t:%y}", yyyy=t.year,
        h=t.hour, HH=f"{t:%H}", h12=t.hour % 12 or 12, half="AM" if t.hour < 12 else "PM", MM=f"{t:%M}", SS=f"{t:%S}",
    )  # fmt: skip


def _field(cell: Cell, date_format: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return moment_text(cell, date_format)
    if isinstance(cell, date):
        return moment_text(datetime(cell.year, cell.month, cell.day), date_format).split(" ")[0]
    return str(cell)


def _joined(rows: Sequence[Sequence[GoogleCell]]) -> list[list[Cell]]:
    return [[", ".join(cell) if isinstance(cell, tuple) else cell for cell in row] for row in rows]
