"""A table as a file: CSV, JSON, Parquet or Excel."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
import polars.selectors as cs

from pd_core.errors import UserError
from pd_core.presentation.data_dictionary import described
from pd_core.presentation.formulas import without_formula, without_formulas
from pd_core.summaries.tables import exported

if TYPE_CHECKING:  # it draws charts, which commands need not load
    from pd_core.presentation.section import Columns, Unit

Format = Literal["csv", "json", "parquet", "xlsx"]
EXCEL_ROWS = 1_048_576
EXCEL_CELL = 32_767
_NUMBERS: Mapping[Unit, str] = {"share": "0%", "people": "0", "points": "+0;-0;0"}
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class FileKind:
    """A format's media type and file extension, and whether it is text that a terminal can show."""

    mime: str
    ending: str
    is_text: bool


FORMATS: Mapping[Format, FileKind] = {
    "csv": FileKind("text/csv; charset=utf-8", ".csv", True),
    "json": FileKind("application/json", ".json", True),
    "parquet": FileKind("application/vnd.apache.parquet", ".parquet", False),
    "xlsx": FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", False),
}


def render(
    frame: pl.DataFrame, format: Format, title: str = "", *, bom: bool = False, columns: Columns | None = None
) -> bytes:
    """A table of texts, numbers, booleans and times as the bytes of a file; null is an empty cell, or null in JSON.

    Numbers stay numbers: a share is 0 to 1, people are whole, the rest has four significant digits. Times are ISO 8601
    in CSV and JSON (2026-10-05T08:03:12) and native in Excel workbooks; a number that is not finite becomes null except
    in Parquet. In CSV, a text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a line break)
    gets an apostrophe in front. `title` names the table and a workbook's sheet; a second sheet says what each column is
    called and holds. `bom` marks a CSV as UTF-8, without which Excel misreads accents; programs prefer none. With
    `columns`, an Excel workbook is for people: it has those columns with their headings, and shares as percent. Raises
    UserError for more rows than an Excel sheet can hold.
    """
    frame = exported(frame)
    content = _xlsx(frame, title, columns) if format == "xlsx" else _RENDERERS[format](frame)
    return b"\xef\xbb\xbf" + content if bom and format == "csv" else content


def format_of(file_name: str) -> Format | None:
    """The format for a file's extension, if any."""
    return next((name for name, kind in FORMATS.items() if file_name.lower().endswith(kind.ending)), None)


def _csv(frame: pl.DataFrame) -> bytes:
    texts = without_formulas(_as_text(frame))
    texts.columns = [without_formula(name) for name in texts.columns]
    return texts.write_csv().encode()


def _json(frame: pl.DataFrame) -> bytes:
    return _as_text(frame).write_json().encode() + b"\n"


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _xlsx(frame: pl.DataFrame, title: str, columns: Columns | None) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - the other formats, and the commands that write them, do without

    if frame.height >= EXCEL_ROWS:
        raise UserError(
            f"The table has {frame.height:,} rows; an Excel sheet holds {EXCEL_ROWS - 1:,} plus its header.",
            "Export it as csv or parquet, or choose one wave or school.",
        )
    headings = {name: name for name in frame.columns}
    if columns is not None:
        headings = {name: column.heading for name, column in columns.items() if name in frame.columns}
        frame = frame.select(*headings)
    buffer = io.BytesIO()
    # Text stays text: never a formula, never a link.
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True, **as_text}) as workbook:
        sheet = workbook.add_worksheet(_NO_SHEET_NAME.sub(" ", title)[:31].strip(" '") or "Table")
        bold = workbook.add_format({"bold": True})
        formats = {
            datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
        }
        of_units = {unit: workbook.add_format({"num_format": written}) for unit, written in _NUMBERS.items()}
        of_columns = [of_units.get(columns[name].unit) if columns else None for name in frame.columns]
        for place, heading in enumerate(headings.values()):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(_finite(frame).iter_rows(), start=1):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, _cell(cell), of_columns[place] or formats.get(type(cell)))
        sheet.freeze_panes(1, 0)
        if frame.width:
            sheet.autofilter(0, 0, frame.height, frame.width - 1)
        sheet.autofit()
        if columns is None:
            about = workbook.add_worksheet("About the columns" if sheet.name != "About the columns" else "Columns")
            for number, line in enumerate([("Column", "Heading", "What it holds"), *described(title, frame.columns)]):
                for place, text in enumerate(line):
                    about.write_string(number, place, text, None if number else bold)
            about.freeze_panes(1, 0)
            about.autofit()
    return buffer.getvalue()


_RENDERERS: Mapping[Format, Callable[[pl.DataFrame], bytes]] = {"csv": _csv, "json": _json, "parquet": _parquet}


def _cell(value: Any) -> Any:
    return value[:EXCEL_CELL] if isinstance(value, str) else value


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Times as ISO 8601, with a fraction of a second only if there is one."""
    return _finite(frame).with_columns(
        cs.datetime(time_zone=None).dt.to_string("%Y-%m-%dT%H:%M:%S%.f"),
        cs.datetime(time_zone="*").dt.to_string("%Y-%m-%dT%H:%M:%S%.f%:z"),
        cs.date().dt.to_string("%Y-%m-%d"),
    )


def _finite(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.when(cs.float().is_finite()).then(cs.float()))
