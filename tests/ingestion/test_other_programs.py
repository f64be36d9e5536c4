"""Files of other programs, and text files that Excel did not split: read right, or refused with the right reason."""

import csv
import io
import zipfile
from datetime import datetime

import pytest

from pd_core.errors import RefusedFile
from pd_core.ingestion import AmbiguousDates
from tests.forms import Survey, forms_csv, forms_workbook
from tests.ingestion.conftest import Desk

LATE = datetime(2026, 10, 16, 8)
SURVEY = Survey(n=8, seed=4, start=LATE, blank_share=0)
NOT_READ = ["row", "row_key", "origin"]


def same(desk: Desk, data: bytes, file: str = "survey.csv") -> bool:
    usual = desk.look(forms_csv(SURVEY.headers(), SURVEY.rows()), "survey.csv").responses
    return desk.look(data, file).responses.drop(NOT_READ).equals(usual.drop(NOT_READ))


def unsplit(separator: str, looked_for: str = "") -> bytes:
    """A text file opened in Excel, which looked for another separator, and saved as a workbook."""
    text = forms_csv(SURVEY.headers(), SURVEY.rows(), delimiter=separator, encoding="utf-8").decode()
    rows = [line.split(looked_for) if looked_for else [line] for line in text.splitlines()]
    width = max(map(len, rows))
    cells = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows]
    return forms_workbook([cell or "" for cell in cells[0]], cells[1:], table=None)


@pytest.mark.parametrize(("separator", "looked_for"), [(",", ""), (";", ""), (",", ";"), (";", ",")])
def test_a_text_file_that_excel_did_not_split_is_split(separator: str, looked_for: str, desk: Desk) -> None:
    assert same(desk, unsplit(separator, looked_for), "survey.xlsx")
    assert "Each row was in one cell" in desk.look(unsplit(separator, looked_for)).notes[0]


def test_a_text_file_whose_lines_were_quoted_as_a_whole_is_split(desk: Desk) -> None:
    lines = forms_csv(SURVEY.headers(), SURVEY.rows(), encoding="utf-8").decode().splitlines()
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows([line] for line in lines)
    assert same(desk, quoted.getvalue().encode())


@pytest.mark.parametrize(
    "options", [{"delimiter": "|"}, {"encoding": "utf-32"}, {"delimiter": "\t", "encoding": "utf-16"}]
)
def test_a_text_file_is_read_in_other_encodings_and_with_other_separators(options: dict, desk: Desk) -> None:
    assert same(desk, forms_csv(SURVEY.headers(), SURVEY.rows(), **options))


def dated(style: str, **survey) -> bytes:
    made = Survey(n=6, **survey)
    rows = [[f"{cell:{style}}" if isinstance(cell, datetime) else cell for cell in row] for row in made.rows()]
    return forms_csv(made.headers(), rows)


@pytest.mark.parametrize("style", ["%y-%m-%d %H:%M:%S", "%y/%m/%d %H:%M"])
@pytest.mark.parametrize("day", [5, 16, 28])
def test_a_year_of_two_digits_in_front_is_a_year(style: str, day: int, desk: Desk) -> None:
    preview = desk.look(dated(style, start=datetime(2026, 10, day, 8), spacing_seconds=30_000), "survey.csv")
    days = preview.responses["completed_at"].dt.date()
    assert (days.min(), preview.rows_set_aside) == (datetime(2026, 10, day).date(), 0)


@pytest.mark.parametrize("style", ["%d.%m.%y %H:%M", "%m/%d/%y %H:%M"])
def test_a_day_or_a_month_in_front_is_no_year(style: str, desk: Desk) -> None:
    preview = desk.look(dated(style, start=LATE, spacing_seconds=30_000, last_modified=False), "survey.csv")
    assert set(preview.responses["completed_at"].dt.year()) == {2026}


def test_one_day_that_may_be_a_year_is_asked(desk: Desk) -> None:
    with pytest.raises(AmbiguousDates) as question:
        desk.look(dated("%d/%m/%y %H:%M", start=datetime(2024, 10, 16, 8), last_modified=False), surface="command")
    assert (question.value.orders, "--dates ymd or --dates dmy" in question.value.remedy) == (["ymd", "dmy"], True)


@pytest.mark.parametrize("lost", [("ID", "Start time"), ("ID", "Start time", "Email", "Name")])
def test_a_forms_export_without_its_first_columns_keeps_its_multiple_answers(lost: tuple, desk: Desk) -> None:
    kept = [place for place, header in enumerate(SURVEY.headers()) if header not in lost]
    export = forms_workbook([SURVEY.headers()[i] for i in kept], [[row[i] for i in kept] for row in SURVEY.rows()])
    usual = desk.look(forms_workbook(SURVEY.headers(), SURVEY.rows())).responses
    assert desk.look(export).responses.select("topics", "times").equals(usual.select("topics", "times"))


def test_a_google_export_with_a_column_of_ids_keeps_its_multiple_answers(desk: Desk) -> None:
    rows = [[", ".join(cell) if isinstance(cell, tuple) else cell for cell in row] for row in SURVEY.google_rows()]
    plain = desk.look(forms_csv(SURVEY.google_headers(), rows), "g.csv").responses
    numbered = [[number, *row] for number, row in enumerate(rows, 1)]
    found = desk.look(forms_csv(["ID", *SURVEY.google_headers()], numbered), "g.csv").responses
    assert found.select("topics", "times").equals(plain.select("topics", "times"))


def test_a_question_asked_in_two_branches_of_a_form_is_one_question(desk: Desk) -> None:
    place = SURVEY.headers().index("Outlook")
    rows = [
        [*row[:place], None, *row[place + 1 :], row[place]] if number % 2 else [*row, None]
        for number, row in enumerate(SURVEY.rows())
    ]
    preview = desk.look(forms_workbook([*SURVEY.headers(), "Outlook2"], rows))
    usual = desk.look(forms_workbook(SURVEY.headers(), SURVEY.rows())).responses
    assert preview.responses["proficiency_outlook"].equals(usual["proficiency_outlook"])
    assert "read as one question: “Outlook” and “Outlook2”" in " ".join(preview.notes)
    assert preview.unmapped == ()


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return buffer.getvalue()


QUALTRICS = ["StartDate", "EndDate", "Status", *(f"Q{number}" for number in range(14)), "UserLanguage"]


@pytest.mark.parametrize(
    ("file", "data", "reason", "remedy"),
    [
        ("answers.zip", packed("My form.csv"), "a zip archive with “My form.csv”", "Unpack it"),
        ("a.ods", packed("mimetype", "content.xml"), "saved by LibreOffice", "Save it as .xlsx"),
        ("a.numbers", packed("Index/Document.iwa"), "saved by Numbers", "Save it as .xlsx"),
        ("a.xlsb", packed("xl/workbook.bin"), "as .xlsb", "Save it as .xlsx"),
        (
            "q.csv",
            forms_csv([*QUALTRICS, *SURVEY.question_headers().values()], []),
            "asks what the codebook asks (row 1), but no column",
            "call the column with that time “Completion time”",
        ),
        (
            "hidden.xlsx",
            forms_workbook(["x"], [], hidden_sheets={"Data": ([SURVEY.headers(), *SURVEY.rows()], "hidden")}),
            "no row of headers",
            "Hidden sheets are not read (“Data”)",
        ),
    ],
)
def test_a_file_of_another_program_is_refused_by_its_kind(file, data, reason, remedy, desk: Desk) -> None:
    with pytest.raises(RefusedFile) as refusal:
        desk.look(data, file)
    assert reason in refusal.value.message
    assert remedy in refusal.value.remedy


@pytest.mark.parametrize("line", ["Minutes, of the meeting", '"ID,Start time"', "ID;Email;Name"])
def test_lines_that_are_no_export_are_refused_however_they_are_split(line: str, desk: Desk) -> None:
    for data in (f"{line}\n{line}\n".encode(), forms_workbook([line], [[line]], table=None)):
        with pytest.raises(RefusedFile, match="no row of headers"):
            desk.look(data)
