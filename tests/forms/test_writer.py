"""The writer of look-alikes has the traits that it claims; a test built on a tame look-alike would prove nothing."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import fastexcel
import openpyxl
import pytest

from tests.forms import (
    Survey,
    cut_header,
    encrypted_workbook,
    forms_csv,
    forms_workbook,
    google_workbook,
    not_a_workbook,
    old_xls_workbook,
    survey_csv,
    survey_google_csv,
    survey_google_workbook,
    survey_headers,
    survey_rows,
    survey_workbook,
    truncated,
    word_document,
    zip_bomb_workbook,
)
from tests.forms.instrument import LEADING

OCTOBER = datetime(2026, 10, 5, 8, 3, 12)
SHEET = "xl/worksheets/sheet1.xml"


def part(workbook: bytes, name: str = SHEET) -> str:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name).decode()


def read(workbook: bytes, sheet: int | str = 0) -> list[tuple[Any, ...]]:
    frame = fastexcel.read_excel(workbook).load_sheet(sheet, header_row=None, dtypes="string")
    return frame.to_polars().rows()


def test_fastexcel_reads_every_cell_as_text() -> None:
    rows = [[1, OCTOBER, date(2026, 10, 6), "7", None, "a & <b>\n“c”\xa0"]]
    assert read(forms_workbook(["A", "B", "C", "D", "E", "F"], rows))[1] == (
        "1", "2026-10-05 08:03:12", "2026-10-06 00:00:00", "7", None, "a & <b>\n“c”\xa0",
    )  # fmt: skip


@pytest.mark.parametrize("options", [{"prefix": ""}, {"shared_strings": False}, {"valueless_blanks": False}])
def test_a_trait_of_the_xml_changes_no_value(options: dict[str, Any]) -> None:
    assert read(survey_workbook(n=8, **options)) == read(survey_workbook(n=8))


def test_names_are_prefixed_unless_told_otherwise() -> None:
    assert "<x:sheetData>" in part(survey_workbook(n=1))
    assert "<sheetData>" in part(survey_workbook(n=1, prefix=""))


def test_the_wrong_dimension_shows_openpyxl_one_cell_only() -> None:
    book = openpyxl.load_workbook(io.BytesIO(survey_workbook(n=3)), read_only=True)
    assert list(book["Sheet1"].values) == [("ID",)]
    unclaimed = openpyxl.load_workbook(io.BytesIO(survey_workbook(n=3, dimension=None)), read_only=True)
    assert len(list(unclaimed["Sheet1"].values)) == 4


def test_a_blank_answer_is_a_string_cell_without_a_value() -> None:
    assert '<x:c r="A2" t="s"/>' in part(forms_workbook(["Q"], [[None]]))
    assert 'r="A2"' not in part(forms_workbook(["Q"], [[None]], valueless_blanks=False))


def test_times_are_serial_numbers_of_whole_seconds_in_the_format_of_forms() -> None:
    workbook = forms_workbook(["Start time"], [[OCTOBER]])
    days = float(re.search(r'<x:c r="A2" s="1"><x:v>([\d.]+)</x:v>', part(workbook))[1])
    assert days == pytest.approx(46300 + (8 * 3600 + 3 * 60 + 12) / 86400)
    assert openpyxl.load_workbook(io.BytesIO(workbook))["Sheet1"]["A2"].number_format == "m/d/yy h:mm:ss"


def test_hidden_sheets_can_stand_before_the_answers() -> None:
    old = [["ID"], [1]]
    workbook = survey_workbook(n=1, sheet="Form1", hidden_sheets={"_old": (old, "veryHidden")}, hidden_first=True)
    book = fastexcel.read_excel(workbook)
    assert [(name, book.load_sheet(name).visible) for name in book.sheet_names] == [
        ("_old", "veryhidden"),
        ("Form1", "visible"),
    ]


def test_the_table_and_its_range_are_as_asked() -> None:
    workbook = survey_workbook(n=5, table="OfficeForms.Table", table_rows=2, junk_rows_above=[["Printed by me"]])
    table = openpyxl.load_workbook(io.BytesIO(workbook))["Sheet1"].tables["OfficeForms.Table"]
    assert table.ref == "A2:AD4"
    assert table.column_names[:2] == ["ID", "Start time"]


def test_junk_and_extra_sheets_stand_where_they_are_asked() -> None:
    workbook = forms_workbook(
        ["Q"],
        [["a"]],
        junk_rows_above=[["above"]],
        junk_rows_below=[[None], ["below"]],
        extra_sheets_before={"Notes": [["n"]]},
        extra_sheets_after={"Pivot": [["p"]]},
    )
    assert fastexcel.read_excel(workbook).sheet_names == ["Notes", "Sheet1", "Pivot"]
    assert read(workbook, "Sheet1") == [("above",), ("Q",), ("a",), (None,), ("below",)]


def test_the_instant_of_the_export_is_in_the_document_properties() -> None:
    workbook = survey_workbook(n=1, created=datetime(2026, 10, 9, 15, tzinfo=UTC))
    assert openpyxl.load_workbook(io.BytesIO(workbook)).properties.created.replace(tzinfo=None) == datetime(
        2026, 10, 9, 15
    )


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert survey_workbook(n=20, seed=4) == survey_workbook(n=20, seed=4)
    assert survey_workbook(n=20, seed=4) != survey_workbook(n=20, seed=5)


def test_no_rows_and_many_columns_are_written() -> None:
    headers = [f"Q{number}" for number in range(324)]
    assert read(forms_workbook(headers, [])) == [tuple(headers)]


def test_a_bomb_is_small_and_a_true_workbook() -> None:
    bomb = zip_bomb_workbook(20_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert archive.getinfo(SHEET).file_size >= 20_000_000
        assert archive.testzip() is None
    assert len(bomb) < 40_000
    assert read(bomb) == [("ID",), ("1",)]


def test_a_lying_bomb_states_a_small_size_in_the_directory() -> None:
    bomb = zip_bomb_workbook(20_000_000, claimed_bytes=5_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert archive.getinfo(SHEET).file_size == 5_000
    assert read(bomb) == [("ID",), ("1",)], "the reader does not go by the stated size, which is the danger"


@pytest.mark.parametrize(
    "content",
    [truncated(survey_workbook(n=5)), not_a_workbook(), word_document(), encrypted_workbook(), old_xls_workbook()],
    ids=["truncated", "web page", "word document", "encrypted", "old xls"],
)
def test_broken_files_cannot_be_read(content: bytes) -> None:
    with pytest.raises(fastexcel.FastExcelError):
        read(content)


def test_ole_files_start_with_their_signature() -> None:
    assert encrypted_workbook().startswith(bytes.fromhex("D0CF11E0A1B11AE1"))
    assert "EncryptedPackage".encode("utf-16-le") in encrypted_workbook()
    assert "Workbook".encode("utf-16-le") in old_xls_workbook()


def test_a_csv_keeps_its_encoding_delimiter_and_quoted_line_breaks() -> None:
    assert forms_csv(["Q"], [["a\nb"]]) == b'\xef\xbb\xbfQ\r\n"a\nb"\r\n'
    assert forms_csv(["Q", "R"], [["é\xa0", "a;"]], delimiter=";", encoding="cp1252") == b'Q;R\r\n\xe9\xa0;"a;"\r\n'


@pytest.mark.parametrize(
    ("date_format", "text"),
    [
        ("mdy", "10/5/26 8:03:12"),
        ("mdy-long", "10/5/2026 8:03"),
        ("dmy", "05/10/2026 08:03"),
        ("google-zone", "2026/10/05 8:03:12 AM GMT-5"),
    ],
)
def test_times_in_a_csv_follow_the_date_format(date_format: str, text: str) -> None:
    assert forms_csv(["T"], [[OCTOBER]], date_format=date_format, encoding="utf-8") == f"T\r\n{text}\r\n".encode()


def test_a_csv_can_be_ruined_beheaded_and_given_a_second_header_row() -> None:
    assert forms_csv(["Q"], [["é"]], ruined_by="\ufffd", encoding="utf-8") == "Q\r\n\ufffd\r\n".encode()
    assert forms_csv(["Q"], [["名"]], encoding="cp1252") == b"Q\r\n?\r\n"
    assert forms_csv(["Q"], [["a"]], header_row=False, encoding="utf-8") == b"a\r\n"
    assert forms_csv(["Q"], [["a"], ["b"]], second_header_at=1, encoding="utf-8") == b"Q\r\na\r\nQ\r\nb\r\n"


def test_google_joins_choices_by_commas_and_hides_the_answers_behind_a_summary() -> None:
    workbook = google_workbook(["Timestamp", "Times"], [[OCTOBER, ("PD day", "Online, any time")]])
    assert fastexcel.read_excel(workbook).sheet_names == ["Summary", "Form Responses 1"]
    assert read(workbook, "Form Responses 1")[1] == ("2026-10-05 08:03:12", "PD day, Online, any time")


def test_google_and_forms_hold_the_same_answers() -> None:
    traits: dict[str, Any] = {"n": 12, "seed": 3, "answers": {"topics": None, "times": None}}
    google = list(csv.reader(io.StringIO(survey_google_csv(**traits).decode())))
    forms = list(csv.reader(io.StringIO(survey_csv(**traits, encoding="utf-8", last_modified=False).decode())))
    assert [row[2:] for row in google[1:]] == [row[5:] for row in forms[1:]]
    assert google[0][0] == "Timestamp"
    assert google[0][6] == "How well can you use each application? [Word]"
    assert read(survey_google_workbook(**traits), 1)[0][2:] == tuple(google[0][2:])


@pytest.mark.parametrize("locale", LEADING)
def test_headers_and_rows_have_the_same_width_in_every_language(locale: str) -> None:
    for traits in [{}, {"quiz": True}, {"language": True}, {"last_modified": False}]:
        assert {len(row) for row in survey_rows(6, locale=locale, **traits)} == {
            len(survey_headers(locale=locale, **traits))
        }


def test_leading_headers_follow_the_exporter_and_questions_the_author() -> None:
    assert survey_headers(locale="ja")[:7] == [
        "ID", "開始時刻", "完了時刻", "メール", "名前", "最終変更時刻", "Which school do you work at?",
    ]  # fmt: skip


@pytest.mark.parametrize("samr_columns_first", [False, True])
@pytest.mark.parametrize("samr_first", [False, True])
def test_the_number_behind_a_repeated_header_does_not_follow_the_columns(
    samr_first: bool, samr_columns_first: bool
) -> None:
    headers = Survey(samr_first=samr_first, samr_columns_first=samr_columns_first).question_headers()
    bare, numbered = ("samr_word", "proficiency_word") if samr_first else ("proficiency_word", "samr_word")
    assert (headers[bare], headers[numbered]) == ("Word", "Word2")
    assert headers["proficiency_outlook"] == "Outlook", "a header that stands once has no number"
    items = list(headers)
    assert (items.index("samr_word") < items.index("proficiency_word")) == samr_columns_first


def test_grids_can_carry_their_title() -> None:
    assert "How well can you use each application?. Word" in survey_headers(grid_style="title. statement")
    assert "How well can you use each application? [Word]" in survey_headers(grid_style="title [statement]")


def test_a_quiz_has_points_and_feedback_beside_each_question() -> None:
    headers = survey_headers(quiz=True)
    assert headers[5:7] == ["Total points", "Quiz feedback"]
    at = headers.index("What is your role?")
    assert headers[at + 1 : at + 3] == ["Points - What is your role?", "Feedback - What is your role?"]


def test_a_longer_export_begins_with_the_shorter_one() -> None:
    assert survey_rows(30, seed=2)[:20] == survey_rows(20, seed=2)


def test_rows_stand_in_order_of_completion_with_contiguous_ids() -> None:
    rows = survey_rows(40, first_id=7)
    assert [row[0] for row in rows] == list(range(7, 47))
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert all(datetime(2026, 10, 5, 8) <= row[1] < row[2] for row in rows)


def test_an_option_moves_no_other_answer() -> None:
    def plain(**traits: Any) -> list[Any]:
        return [person.answers["samr_word"] for person in Survey(n=30, **traits).persons()]

    assert plain() == plain(without=["stream"], spacing_seconds=20, respondents="mixed", answers={"role": "Teacher"})


def test_people_can_be_anonymous_mixed_or_answer_twice() -> None:
    assert {(row[3], row[4]) for row in survey_rows(5, respondents="anonymous")} == {("anonymous", None)}
    assert [row[3] == "anonymous" for row in survey_rows(4, respondents="mixed")] == [False, False, True, False]
    again = survey_rows(3, people=[1, 2, 1])
    assert again[0][3] == again[2][3] != again[1][3]
    assert all(row[3].endswith("@example.org") for row in survey_rows(9))


def test_answers_can_be_given_for_all_rows_or_row_by_row() -> None:
    survey = Survey(n=4, school=["North", "South"], answers={"role": "Teacher", "times": [("Lunch", "PD day"), None]})
    columns = dict(zip(survey.headers(), zip(*survey.rows(), strict=True), strict=True))
    assert columns["Which school do you work at?"] == ("North", "South", "North", "South")
    assert columns["What is your role?"] == ("Teacher",) * 4
    assert columns["Which times suit you for training?"] == ("Lunch;PD day;", None) * 2


def test_wordings_can_be_changed_and_questions_left_out() -> None:
    headers = survey_headers(without=["school"], wordings={"role": "Your\xa0role\n"})
    assert "Your\xa0role\n" in headers
    assert "Which school do you work at?" not in headers


def test_a_long_header_is_cut_with_dots() -> None:
    assert cut_header("a" * 199) == "a" * 199
    assert cut_header("a" * 200) == "a" * 196 + "..."
