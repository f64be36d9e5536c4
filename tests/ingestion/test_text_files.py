"""CSV files as people save them: separators, encodings, spoilt rows, and dates that can be read in two ways."""

from datetime import datetime

import pytest

from pd_core import ingestion
from pd_core.errors import RefusedFile
from pd_core.ingestion import AmbiguousDates
from tests.forms import Survey, forms_csv, survey_csv, survey_workbook

LATE = datetime(2026, 10, 16, 8)  # a day that is no month
EARLY = datetime(2026, 10, 5, 8)  # October 5 or May 10
TYPICAL = {"comment": ["Two\nlines; and, a “quote”", 'He said "yes"', "plain", None]}


def answers(preview):
    return preview.responses.drop("row").sort("row_key")


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"encoding": "utf-8"},
        {"encoding": "cp1252"},
        {"encoding": "utf-16"},
        {"encoding": "utf-16", "delimiter": "\t"},
        {"quote_all": True},
        {"line_end": "\n"},
    ],
    ids=str,
)
def test_a_csv_reads_as_the_workbook_does(saved, desk):
    usual = desk.look(survey_workbook(start=LATE, answers=TYPICAL))
    preview = desk.look(survey_csv(start=LATE, answers=TYPICAL, **saved), "survey.csv")
    assert preview.problems.is_empty()
    assert answers(preview).equals(answers(usual))


def test_a_raw_nbsp_of_the_old_windows_encoding_is_a_blank(desk):
    export = survey_csv(n=2, start=LATE, answers={"proficiency_word": "I use it on\xa0my own"}, encoding="cp1252")
    assert b"\xa0" in export
    assert desk.look(export, "survey.csv").responses["proficiency_word"].to_list() == [2, 2]


def test_a_second_header_row_among_the_answers_is_set_aside(desk):
    preview = desk.look(survey_csv(start=LATE, second_header_at=7), "survey.csv")
    assert preview.problems["row"].unique().to_list() == [9]
    assert "repeats the headers" in preview.problems["reason"][0]
    assert preview.responses.height == 20


def test_a_file_without_headers_is_refused(desk):
    with pytest.raises(RefusedFile) as refusal:
        desk.look(survey_csv(header_row=False), "survey.csv")
    assert "no row of headers was found" in refusal.value.message
    assert "first row left as it is" in refusal.value.remedy


def test_a_row_with_too_many_cells_is_set_aside_and_a_short_one_is_taken(desk):
    lines = survey_csv(n=3, start=LATE, answers={"comment": "fine"}).split(b"\r\n")
    lines[1] += b",astray"
    lines[2] = lines[2].removesuffix(b",fine")
    preview = desk.look(b"\r\n".join(lines), "survey.csv")
    assert preview.problems["row"].to_list() == [2]
    assert "more cells than the headers" in preview.problems["reason"][0]
    assert preview.responses["comment"].to_list() == [None, "fine"]


def test_blank_lines_are_no_answers(desk):
    lines = survey_csv(n=3, start=LATE).split(b"\r\n")
    preview = desk.look(b"\r\n".join([*lines[:2], b"", b"," * 31, *lines[2:], b""]), "survey.csv")
    assert (preview.rows_read, preview.rows_set_aside) == (3, 0)
    assert preview.responses["row"].to_list() == [2, 5, 6], "rows are numbered as Excel shows them"


def test_a_quotation_mark_that_is_never_closed_is_refused(desk):
    with pytest.raises(RefusedFile, match="quotation mark"):
        desk.look(survey_csv(n=3, start=LATE) + b'"20', "survey.csv")


@pytest.mark.parametrize(
    "style", ["mdy", "mdy-long", "mdy-seconds", "mdy-noon", "dmy", "dmy-dots", "iso", "google-zone"]
)
def test_a_file_with_a_day_past_the_twelfth_says_the_order_itself(style, desk):
    usual = desk.look(survey_workbook(start=LATE)).responses["completed_at"].to_list()
    found = desk.look(survey_csv(start=LATE, date_format=style), "survey.csv").responses["completed_at"].to_list()
    assert [time.replace(second=0) for time in found] == [time.replace(second=0) for time in usual]


@pytest.mark.parametrize(("style", "order", "other"), [("mdy", "mdy", "dmy"), ("dmy", "dmy", "mdy")])
def test_dates_that_can_be_read_in_two_ways_are_asked(style, order, other, desk):
    export = survey_csv(start=EARLY, date_format=style)
    with pytest.raises(AmbiguousDates) as question:
        desk.look(export, "survey.csv", surface="command")
    assert question.value.example in export.decode("utf-8-sig")
    assert question.value.example in question.value.message
    assert "Start time" in question.value.message
    assert "--dates dmy" in question.value.remedy
    assert desk.look(export, "survey.csv", date_order=order).responses["completed_at"][0].month == 10
    assert desk.look(export, "survey.csv", date_order=other).responses["completed_at"][0].month == 5


def test_the_tenth_of_october_needs_no_question(desk):
    preview = desk.look(survey_csv(start=datetime(2026, 10, 10, 8), n=5, last_modified=False), "survey.csv")
    assert {time.date().isoformat() for time in preview.responses["completed_at"]} == {"2026-10-10"}


def test_one_late_day_in_any_time_column_tells_the_order_of_all(desk):
    survey = Survey(n=3, start=EARLY)
    rows = survey.rows()
    rows[1][5] = LATE  # last modified
    preview = desk.look(forms_csv(survey.headers(), rows, date_format="dmy"), "survey.csv")
    assert {time.month for time in preview.responses["completed_at"]} == {10}


def test_dates_of_both_orders_in_one_file_are_asked(desk):
    lines = survey_csv(n=2, start=LATE).decode().splitlines()
    later = survey_csv(n=3, start=LATE, date_format="dmy").decode().splitlines()[3]
    with pytest.raises(AmbiguousDates):
        desk.look("\n".join([*lines, later]).encode(), "survey.csv")


def test_a_day_that_does_not_exist_is_set_aside_with_its_value(desk):
    export = survey_csv(n=2, start=LATE).decode("utf-8-sig").replace("10/16/26", "9/31/26", 1)
    problem = desk.look(export.encode(), "survey.csv").problems.row(0, named=True)
    assert (problem["row"], problem["column"]) == (2, "Start time")
    assert problem["value"].startswith("9/31/26")
    assert "expected a date and time such as" in problem["reason"]


def test_the_separator_is_told_by_the_headers_and_not_by_how_often_it_stands(desk, codebook):
    comment = ", ".join(["so"] * 60)
    export = survey_csv(n=3, start=LATE, delimiter=";", answers={"comment": comment})
    table = ingestion.read("survey.csv", export, codebook)
    assert table.cells.height == 3
    assert len(table.headers) == len(Survey().headers())


def test_the_line_ends_of_an_old_mac_are_read(desk):
    export = survey_csv(n=3, start=LATE).replace(b"\r\n", b"\r")
    assert desk.look(export, "survey.csv").responses.height == 3


def test_a_very_long_comment_is_read(desk):
    export = survey_csv(n=2, start=LATE, answers={"comment": "y" * 200_000})
    assert desk.look(export, "survey.csv").responses["comment"].str.len_chars().to_list() == [200_000] * 2


def test_a_csv_with_too_many_columns_is_refused(desk):
    head, rest = survey_csv(n=2, start=LATE).split(b"\r\n", 1)
    with pytest.raises(RefusedFile, match="at most 702 are read"):
        desk.look(head + b"," * 100_000 + b"\r\n" + rest, "survey.csv")


def test_a_file_that_was_cut_off_in_its_last_row_says_so(desk):
    whole = survey_csv(n=3, start=LATE, answers={"comment": "fine"})
    cut = whole.rstrip(b"\r\n").removesuffix(b",fine")
    told = "The last row of survey.csv ends early"
    assert any(told in note for note in desk.look(cut, "survey.csv").notes)
    assert not any(told in note for note in desk.look(whole.rstrip(b"\r\n"), "survey.csv").notes)
