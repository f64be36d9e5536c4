"""The files of the made-up district, as Forms and people write them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter

from pd_core.codebook import Item

LEADING_HEADERS = ("ID", "Start time", "Completion time", "Email", "Name", "Last modified time")
Cell = str | int | datetime | None


def headers(items: Sequence[Item]) -> list[str]:
    """The header row as Forms writes it: a repeated header gets a number appended."""
    headers = list(LEADING_HEADERS)
    seen = dict.fromkeys(headers, 1)
    for item in items:
        wording = item.wordings[0]
        seen[wording] = seen.get(wording, 0) + 1
        headers.append(wording if seen[wording] == 1 else f"{wording}{seen[wording]}")
    return headers


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a list as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def write_export(path: Path, headers: Sequence[str], rows: Sequence[Sequence[Cell]], closes: date) -> None:
    """Write answers as Forms exports them, three days after the survey closed."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        exported = datetime.combine(closes, time(23)) + timedelta(days=3)
        workbook.set_properties({"created": exported})
        time_format = workbook.add_format({"num_format": "m/d/yy h:mm:ss"})
        sheet = workbook.add_worksheet("Sheet1")
        table = {"name": "Table1", "columns": [{"header": header} for header in headers]}
        sheet.add_table(0, 0, len(rows), len(headers) - 1, table)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, time_format if isinstance(cell, datetime) else None)
