"""What a file costs grows as the file does: ten times as much of anything takes about ten times as long."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest

from pd_core import ingestion
from pd_core.errors import UserError
from pd_core.ingestion import budget, text_files, workbook_limits
from tests.forms import Survey, forms_csv, survey_headers, survey_workbook
from tests.ingestion.conftest import Desk

AT_MOST = 15.0
LATE = datetime(2026, 10, 16, 8)
_SHORTEST = 0.1  # seconds of work: what takes less tells nothing of how it grows


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A workbook of one answer with its sheet changed."""
    return with_part("xl/worksheets/sheet1.xml", change)


def with_part(name: str, change: Callable[[bytes], bytes], book: bytes = b"") -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book or survey_workbook(n=1, prefix=""))) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return written.getvalue()


def inside(text: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData>" + text)


def csv_with(row: str, times: int) -> bytes:
    return (
        forms_csv(survey_headers(), Survey(n=1, start=datetime(2026, 10, 16)).rows()) + (row + "\r\n").encode() * times
    )


def csv_with_each(number: int, answer: Callable[[int], str], time: Callable[[int], str] | None = None) -> bytes:
    """As many rows, each with an answer, and a time of completion, of its own."""
    at = time or (lambda i: f"10/16/26 {i % 24}:{i % 60:02}")
    rows = [
        [i, at(i), at(i), f"{i}@example.org", None, "Lincoln High", "Teacher", "K-5", answer(i)] for i in range(number)
    ]
    headers = [header for header in survey_headers() if header not in ("Last modified time", "Name")]
    return forms_csv(["ID", "Start time", "Completion time", "Email", "Name", *headers[4:]], rows)


def texts_with(extra: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def make(number: int) -> bytes:
        more = extra(number) + b"</sst>"
        return with_part("xl/sharedStrings.xml", lambda part: part.replace(b"</sst>", more))

    return make


def parts_and_texts(number: int) -> bytes:
    book = io.BytesIO(texts_with(lambda n: b"<si><t>x</t></si>" * n)(number))
    with zipfile.ZipFile(book, "a") as parts:
        for place in range(number):
            parts.writestr(f"xl/media/{place}.txt", b"")
    return book.getvalue()


def answered(cell: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda number: csv_with("1,10/16/26 8:00,10/16/26 8:10,,,,Lincoln High,,," + cell(number), 1)


def sheet_of(text: Callable[[int], bytes]) -> Callable[[int], bytes]:
    return lambda number: with_sheet(inside(text(number)))


TRAITS: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "blanks in a tag": (40_000, sheet_of(lambda n: b"<row r" + b" " * n + b'="1"></row>')),
    "blanks between tags": (400_000, sheet_of(lambda n: b" " * n)),
    "opening signs": (40_000, sheet_of(lambda n: b"<" * n)),
    "words that look like prefixes": (40_000, sheet_of(lambda n: b"<" + b"a." * n + b">")),
    "cells without places": (20_000, sheet_of(lambda n: b"<row><c/><c/></row>" * n)),
    "formulas without results": (2_000, sheet_of(lambda n: b'<row r="9"><c r="A9"><f>A1</f></c></row>' * n)),
    "opening signs in a text": (20_000, texts_with(lambda n: b"<si><t>" + b"&lt;" * n)),
    "shared texts": (20_000, texts_with(lambda n: b"<si><t>x</t></si>" * n)),
    "parts and shared texts": (2_000, parts_and_texts),
    "short rows of a csv": (3_000, lambda n: csv_with("a", n)),
    "rows of headers": (100, lambda n: csv_with(",".join(survey_headers()), n)),
    "rows with a wrong time": (1_000, lambda n: csv_with("1,yesterday,tomorrow,a@example.org", n)),
    "question marks in an answer": (3_000, answered(lambda n: "?e" * n)),
    "semicolons in an answer": (3_000, answered(lambda n: "x;" * n)),
    "answers that are all different": (2_000, lambda n: csv_with_each(n, lambda i: f"answer {i}")),
    "times in words that are all different": (
        2_000,
        lambda n: csv_with_each(
            n, lambda i: "x", lambda i: f"Oct {1 + i % 28}, 2026 {i % 24}:{i % 60:02}:{i // 60 % 60:02} AM"
        ),
    ),
    "styled cells without content": (20_000, sheet_of(lambda n: b'<row r="9"><c r="ZZ99999" s="1"/></row>' * n)),
    "cells that are opened and not closed": (20_000, sheet_of(lambda n: b'<c r="ZZ99999" ' * n)),
    "parts under each other": (40, lambda n: csv_with(",".join(survey_headers()[::-1]), n)),
    "digits in a time": (30_000, lambda n: csv_with("1,10/16/26 8:00," + "1/" * n, 1)),
}


def spent(desk: Desk, data: bytes) -> float:
    began = time.process_time()
    with contextlib.suppress(UserError):
        desk.look(data, "survey.csv", date_order="mdy")
    return time.process_time() - began


@pytest.mark.parametrize("trait", TRAITS)
def test_ten_times_as_much_takes_no_more_than_fifteen_times_as_long(trait, desk):
    size, make = TRAITS[trait]
    small, large = make(size), make(10 * size)
    at_most = AT_MOST * max(min(spent(desk, small) for _ in range(2)), _SHORTEST)
    # What else the machine does only ever adds: the first of three that is short enough is proof.
    assert any(spent(desk, large) < at_most for _ in range(3)), f"more than {at_most:.2f} s"


def test_a_workbook_that_takes_too_long_is_refused(desk, monkeypatch):
    monkeypatch.setattr(budget, "MAX_SECONDS", -1.0)
    with pytest.raises(UserError, match="seconds to read"):
        desk.look(survey_workbook(n=1))


def test_a_text_file_whose_answers_take_too_long_is_refused(desk, monkeypatch):
    table = ingestion.read("survey.csv", forms_csv(survey_headers(), Survey(n=3, start=LATE).rows()), desk.codebook)
    monkeypatch.setattr(budget, "MAX_SECONDS", -1.0)
    with pytest.raises(UserError, match="seconds to read"):
        ingestion.prepare(table, desk.codebook, desk.store, desk.key, desk.reach)


def test_a_file_that_is_canceled_is_read_no_further(desk):
    with pytest.raises(budget.CanceledFile, match="Nothing was stored"):
        ingestion.read("survey.xlsx", survey_workbook(n=1), desk.codebook, is_canceled=lambda: True)


def test_a_text_file_with_more_cells_than_the_memory_holds_is_refused(desk, monkeypatch):
    monkeypatch.setattr(text_files, "MAX_CSV_CELLS", 500)
    with pytest.raises(UserError, match=r"lines and \d+ columns"):
        desk.look(forms_csv(survey_headers(), Survey(n=20, start=LATE).rows()), "survey.csv")


def test_more_cells_than_a_survey_has_are_refused_before_they_are_opened(desk, monkeypatch):
    monkeypatch.setattr(workbook_limits, "MAX_CELLS", 100)
    with pytest.raises(UserError, match="more than 100 cells"):
        desk.look(survey_workbook(n=20))


def test_a_part_whose_own_name_differs_from_the_directory_is_no_incident(desk):
    data = survey_workbook(n=2)
    at = data.index(b"xl/workbook.xml")
    broken = data[:at] + b"xl/workbooK.xml" + data[at + 15 :]
    assert desk.look(broken).rows_read == 2


def test_of_very_many_rows_set_aside_the_first_are_told_and_the_rest_counted(desk):
    survey = Survey(n=1_200, school="Nowhere", spacing_seconds=30)
    receipt = desk.take(forms_csv(survey.headers(), survey.rows()), "survey.csv", date_order="mdy")
    assert receipt.rows_set_aside == 1_200
    assert len({problem["row"] for problem in receipt.problems}) == 1_000
