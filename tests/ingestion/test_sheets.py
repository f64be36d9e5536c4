"""Answers on several sheets, exports under each other, columns without a name, headers in other languages."""

from datetime import datetime

import pytest

from pd_core.errors import RefusedFile
from tests.forms import Formula, Survey, forms_csv, forms_workbook, survey_google_csv, survey_workbook
from tests.ingestion.test_growth import with_sheet

LATE = datetime(2026, 10, 16, 8)
SCHOOLS = {"Lincoln": "Lincoln High", "Jefferson": "JMS", "Washington": "Washington Elementary"}


def sheets_of(**changes):
    """A sheet a building, of which `changes` are made: sheet to (headers, rows)."""
    content = {}
    for place, (sheet, school) in enumerate(SCHOOLS.items()):
        survey = Survey(n=4 + place, school=school, seed=place + 1)
        content[sheet] = changes.get(sheet, (survey.headers(), survey.rows()))
    headers, rows = content.pop("Lincoln")
    others = {sheet: [others, *more] for sheet, (others, more) in content.items()}
    return forms_workbook(headers, rows, sheet="Lincoln", extra_sheets_after=others)


def test_a_sheet_a_building_is_read_whole(desk):
    receipt = desk.take(sheets_of())
    assert (receipt.rows_read, receipt.rows_added) == (15, 15)
    assert receipt.schools == {"lincoln": 4, "jefferson": 5, "washington": 6}


def test_a_sheet_whose_columns_stand_otherwise_is_read_by_its_own_headers(desk):
    survey = Survey(n=5, school="JMS", seed=2)
    order = [*range(6), *range(len(survey.headers()) - 1, 5, -1)]
    moved = ([survey.headers()[i] for i in order], [[row[i] for i in order] for row in survey.rows()])
    usual, other = desk.look(sheets_of()), desk.look(sheets_of(Jefferson=moved))
    assert other.responses.equals(usual.responses)


def test_a_problem_on_a_further_sheet_says_which_sheet_and_row(desk):
    survey = Survey(n=5, school=["JMS", "Nowhere"], seed=2)
    preview = desk.look(sheets_of(Jefferson=(survey.headers(), survey.rows())))
    assert "sheet Jefferson, row 3" in preview.problems["column"][0]


def test_a_whole_copy_on_another_sheet_is_read_once_and_named(desk):
    survey = Survey(n=4)
    receipt = desk.take(survey_workbook(n=4, extra_sheets_after={"Backup": [survey.headers(), *survey.rows()]}))
    assert (receipt.rows_read, receipt.rows_added) == (4, 4)
    assert "Sheet “Backup” only repeats rows" in receipt.message


def test_a_sheet_that_asks_something_else_is_named_and_not_read(desk):
    moment = datetime(2026, 10, 5, 9)
    lunch = [["Timestamp", "Soup", "Salad"], [moment, "yes", "no"]]
    receipt = desk.take(survey_workbook(n=3, extra_sheets_after={"Lunch": lunch}))
    assert receipt.rows_read == 3
    assert "Lunch" in receipt.message and "“Soup”" in receipt.message


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_second_export_below_is_read_by_its_own_headers(kind, desk):
    first, second = Survey(n=6, start=LATE), Survey(n=5, seed=2, first_id=50, start=LATE)
    order = [*range(6), *range(len(second.headers()) - 1, 5, -1)]
    below = [[second.headers()[i] for i in order], *([row[i] for i in order] for row in second.rows())]
    write = forms_workbook if kind == "xlsx" else forms_csv
    preview = desk.look(write(first.headers(), [*first.rows(), *below]), f"both.{kind}")
    alone = desk.look(write(second.headers(), second.rows()), f"second.{kind}")
    assert (preview.rows_read, preview.responses.height, preview.rows_set_aside) == (12, 11, 1)
    assert preview.problems["reason"].to_list() == ["the row repeats the headers"]
    assert preview.responses.tail(5).drop("row").equals(alone.responses.drop("row"))


def test_another_form_below_is_refused_with_its_row_and_questions(desk):
    survey, moment = Survey(n=3), datetime(2026, 10, 5, 9)
    below = [["ID", "Start time", "Completion time", "Email", "Name", "Soup"], [1, moment, moment, None, None, "yes"]]
    with pytest.raises(RefusedFile, match=r"row 5 has headers again.*“Soup”"):
        desk.look(forms_workbook(survey.headers(), [*survey.rows(), *below]))


def test_helper_columns_without_a_name_are_left_out_of_a_csv(desk):
    survey = Survey(n=3, start=LATE)
    rows = [[*row, "checked", None] for row in survey.rows()]
    preview = desk.look(forms_csv([*survey.headers(), "", ""], rows), "survey.csv")
    assert (preview.responses.height, preview.rows_set_aside) == (3, 0)


def test_an_empty_row_at_the_end_of_the_sheet_takes_no_room(desk):
    assert desk.take(survey_workbook(n=3, last_row=1_048_576)).rows_added == 3


@pytest.mark.parametrize(
    ("formula", "said"),
    [(Formula("VLOOKUP(A2,x,2)"), "its result was not saved"), (Formula("x", error="#N/A"), "an error of Excel")],
)
def test_a_cell_whose_answer_is_lost_is_no_blank(formula, said, desk):
    preview = desk.look(survey_workbook(n=2, answers={"proficiency_outlook": [formula, "With help"]}, prefix=""))
    problem = preview.problems.row(0, named=True)
    assert (problem["row"], problem["column"]) == (2, "Outlook")
    assert said in problem["reason"]
    assert preview.responses.height == 1


@pytest.mark.parametrize("word", ["#N/A", "#REF!"])
def test_an_error_of_excel_in_a_csv_is_no_answer(word, desk):
    export = forms_csv(Survey(n=2, start=LATE).headers(), [[*row[:-1], word] for row in Survey(n=2, start=LATE).rows()])
    assert desk.look(export, "survey.csv").problems["value"].to_list() == [word] * 2


@pytest.mark.parametrize(
    "header", ["Marca temporal", "Horodateur", "Carimbo de data/hora", "Zeitstempel", "タイムスタンプ", "Годзіна"]
)
def test_a_google_export_in_another_language_is_read(header, desk):
    export = survey_google_csv(n=3, start=LATE).replace(b"Timestamp", header.encode())
    preview = desk.look(export, "survey.csv")
    assert (preview.responses.height, preview.unmapped) == (3, ())


@pytest.mark.parametrize(
    "start, end", [("Ora di inizio", "Ora di completamento"), ("시작 시간", "완료 시간"), ("Hasi", "Bukatu")]
)
def test_a_forms_export_in_another_language_is_read(start, end, desk):
    survey = Survey(n=3)
    headers = [{"Start time": start, "Completion time": end}.get(header, header) for header in survey.headers()]
    preview = desk.look(forms_workbook(headers, survey.rows()))
    assert (preview.responses.height, preview.unmapped) == (3, ())
    assert preview.responses["completed_at"].to_list() == [row[2] for row in survey.rows()]


def saved_as(encoding, **survey):
    return survey_google_csv(n=3, start=LATE, encoding=encoding, **survey)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "latin-1"])
def test_accents_survive_the_encodings_of_other_computers(encoding, desk):
    words = "Zoë’s café — très bien" if encoding != "latin-1" else "Zoë et le café, très bien"
    preview = desk.look(saved_as(encoding, answers={"comment": words}), "survey.csv")
    assert preview.responses["comment"].to_list() == [words] * 3


def test_one_bad_byte_spoils_one_letter_and_is_named(desk):
    export = saved_as("utf-8", answers={"comment": ["Zoë’s café", "naïve", "très bien"]}).replace(
        b"na\xc3\xafve", b"na\xefve"
    )
    receipt = desk.take(export, "survey.csv")
    assert sorted(desk.stored()["comment"].to_list()) == sorted(["Zoë’s café", "na\ufffdve", "très bien"])
    assert "1 character is damaged" in receipt.message and "line 3" in receipt.message


def test_text_that_was_taken_for_another_encoding_once_is_put_right(desk):
    export = saved_as("utf-8", answers={"comment": "Zoë’s café"})
    spoiled = export.decode().encode().decode("cp1252").encode()
    assert desk.look(spoiled, "survey.csv").responses["comment"].to_list() == ["Zoë’s café"] * 3


@pytest.mark.parametrize("cell", ['<c r="A1048576" s="1"/>', '<c r="XFD9" s="1"></c>', '<c s="1" r="XFD1048576" />'])
def test_a_cell_that_only_has_a_style_takes_no_room(cell, desk):
    export = with_sheet(lambda sheet: sheet.replace(b"</sheetData>", f"<row>{cell}</row></sheetData>".encode()))
    assert desk.take(export).rows_added == 1


def unasked(*sheets):
    """A workbook without a question about the school: a sheet of 3 rows for each name."""
    surveys = [Survey(n=3, seed=seed, without=["school"], school=sheet) for seed, sheet in enumerate(sheets)]
    rest = {sheet: [survey.headers(), *survey.rows()] for sheet, survey in zip(sheets[1:], surveys[1:], strict=True)}
    return forms_workbook(surveys[0].headers(), surveys[0].rows(), sheet=sheets[0], extra_sheets_after=rest)


def test_sheets_named_after_schools_say_the_school_that_no_question_asks_for(desk):
    receipt = desk.take(unasked("Lincoln High", "JMS"))
    assert receipt.schools == {"lincoln": 3, "jefferson": 3}
    assert "named after a school" in receipt.message


def test_a_sheet_named_after_another_school_is_not_taken_for_the_one_that_was_said(desk):
    receipt = desk.take(unasked("Lincoln High", "JMS"), school_id="lincoln")
    assert (receipt.schools, receipt.rows_set_aside) == ({"lincoln": 3}, 3)
    assert "names another building" in receipt.message
    assert desk.take(unasked("JMS"), school_id="lincoln").status == "rejected"


def test_a_sheet_that_names_no_school_beside_others_is_set_aside(desk):
    receipt = desk.take(unasked("Lincoln High", "Sheet2"))
    assert (receipt.schools, receipt.rows_set_aside) == ({"lincoln": 3}, 3)
    assert "no school is named" in receipt.message


def test_a_sheet_of_a_building_out_of_reach_is_left_to_it(desk):
    receipt = desk.of("lincoln").take(unasked("Lincoln High", "JMS"))
    assert (receipt.schools, receipt.rows_of_others) == ({"lincoln": 3}, 3)
