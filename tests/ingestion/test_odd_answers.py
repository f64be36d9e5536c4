"""Answers that programs or people wrote in other ways: read as they were meant, or asked, never another number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from pd_core.ingestion import Meaning
from tests.forms import Formula, Survey, forms_csv, forms_workbook, survey_csv, survey_google_csv, survey_workbook
from tests.forms.instrument import PROFICIENCY, SKILLS
from tests.ingestion.conftest import Desk

LATE = datetime(2026, 10, 16, 8)
SAMR_ITEMS = ("samr_word", "samr_powerpoint", "samr_onenote", "samr_teams", "samr_forms", "samr_immersive_reader")


def skills_only(answers: list[Any], **survey: Any) -> bytes:
    """A form that asks about skills alone, all of them with these answers."""
    given = {f"proficiency_{skill}": answers for skill in SKILLS}
    return survey_workbook(n=10, blank_share=0, answers=given, without=SAMR_ITEMS, **survey)


@pytest.mark.parametrize(
    "answers",
    [
        ["Level 1", "Level 2", "Level 3", "Level 4"],
        [1, 2, 3, 4],
        [0, 1, 2, 3, 4],
        ["Level 0", "Level 1", "Level 4"],
        ["None", "Level 1", "Level 2", "Level 3", "Level 4"],
        list(range(11)),
        ["I", "II", "III"],
        ["3 stars", "4 stars", "5 stars"],
        ["2.5", "3.5", "1"],
        ["25%", "50%", "75%"],
        ["yes", "no"],
        ["TRUE", "FALSE"],
        ["A", "B", "C", "D"],
        ["🙂", "😐", "🙁"],
        ["1/4", "3/4"],
        ["Principiante", "Intermedio", "Avanzado"],
        ["Beginner", "Intermediate", "Advanced"],
    ],
)
def test_answers_that_do_not_say_a_level_are_asked_and_nothing_is_stored(answers: list[Any], desk: Desk) -> None:
    receipt = desk.take(skills_only(answers))
    assert receipt.status == "rejected"
    assert "its answers" in receipt.message and str(answers[0]) in receipt.message


def test_the_levels_of_a_second_grid_are_those_of_samr_where_the_first_has_words(desk: Desk) -> None:
    levels = {item: ["Level 1", "Level 4"] for item in SAMR_ITEMS}
    preview = desk.look(survey_workbook(n=4, blank_share=0, answers=levels))
    assert preview.responses["samr_word"].to_list() == [1, 4, 1, 4]
    assert preview.unmapped == ()


def test_levels_0_to_3_are_levels_and_it_is_said(desk: Desk) -> None:
    receipt = desk.take(skills_only([0, 1, 2, 3]))
    assert receipt.rows_added == 10
    assert "Numbers without a label were read as levels: 0 as “I have not used it”" in receipt.message


@pytest.mark.parametrize(
    "cell",
    [
        f"{PROFICIENCY[1]}\n{PROFICIENCY[2]}",
        f"{PROFICIENCY[1]} / {PROFICIENCY[2]}",
        f"{PROFICIENCY[1]} & {PROFICIENCY[3]}",
        f"{PROFICIENCY[1]} and {PROFICIENCY[2]}",
        f"{PROFICIENCY[2]}; but not often",
        f"{PROFICIENCY[2]}. Except pivot tables",
        f"{PROFICIENCY[2]} - no longer",
        f"{PROFICIENCY[2]}: only at home",
        f"{PROFICIENCY[3]} (however not this year)",
        "2;3",
        "1-2",
        "2 or 3",
    ],
)
def test_more_than_one_answer_in_a_cell_is_set_aside_with_the_value(cell: str, desk: Desk) -> None:
    preview = desk.look(survey_workbook(n=4, blank_share=0, answers={"proficiency_outlook": [*PROFICIENCY[:3], cell]}))
    assert preview.problems["value"].to_list() == [cell]
    assert preview.responses["proficiency_outlook"].to_list() == [0, 1, 2]


@pytest.mark.parametrize(
    "cell", [datetime(2026, 6, 8), "8-Jun", "6-Aug", "Jun-08", "2026-06-08", "2026-08-06 00:00:00", "08. Jun"]
)
def test_grades_that_excel_took_for_a_date_are_grades_again(cell: Any, desk: Desk) -> None:
    preview = desk.look(survey_workbook(n=2, answers={"grade_band": [cell, "9-12"]}))
    assert preview.responses["grade_band"].to_list() == ["middle", "high"]


@pytest.mark.parametrize("cell", ["5-Mar", datetime(2026, 3, 5)])
def test_a_date_that_is_no_grade_is_set_aside_and_not_counted_as_another(cell: Any, desk: Desk) -> None:
    preview = desk.look(survey_workbook(n=2, answers={"grade_band": [cell, "9-12"]}))
    assert preview.problems["column"].to_list() == ["Which grade band do you work with most?"]
    assert preview.responses["grade_band"].to_list() == ["high"]


@pytest.mark.parametrize(
    "word",
    ["#N/A", "#NV", "#WERT!", "#BEZUG!", "#¡VALOR!", "#¿NOMBRE?", "#VALEUR!", "#N/D", "#RIF!", "Err:508", "######"],
)
@pytest.mark.parametrize("item", ["role", "proficiency_outlook", "comment"])
def test_an_error_in_any_language_is_no_answer(word: str, item: str, desk: Desk) -> None:
    preview = desk.look(survey_csv(n=2, start=LATE, answers={item: [word, PROFICIENCY[0]]}), "survey.csv")
    assert preview.problems["value"].to_list() == [word]
    assert "error of Excel" in preview.problems["reason"][0]


@pytest.mark.parametrize("cell", ["=VLOOKUP(A2,x,2)", Formula("IF(A2,1,2)")])
def test_a_formula_in_place_of_a_role_is_not_another_role(cell: Any, desk: Desk) -> None:
    preview = desk.look(survey_workbook(n=2, answers={"role": [cell, "Teacher"]}))
    assert "its result was not saved" in preview.problems["reason"][0]
    assert preview.responses["role"].to_list() == ["teacher"]


def test_a_hash_tag_in_a_comment_is_a_comment(desk: Desk) -> None:
    preview = desk.look(survey_workbook(n=1, answers={"comment": "#teams is great!"}))
    assert preview.responses["comment"].to_list() == ["#teams is great!"]


def test_topics_that_count_as_other_are_said(desk: Desk) -> None:
    message = desk.take(survey_workbook(n=4, answers={"topics": [("Drones",)]})).message
    assert "4 answers to “Which topics would you like training on?” counted as “Other”" in message
    assert "“Drones”" in message


def test_an_answer_of_the_mapping_that_no_one_gave_is_named(desk: Desk) -> None:
    said = Meaning(answers={"proficiency": {"I need hlep to use it": "1"}})
    assert "“i need hlep to use it”, which no one gave" in desk.take(survey_workbook(n=4), meaning=said).message


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1252", "utf-16-le", "utf-16-be", "utf-16", "utf-8"])
def test_accents_survive_each_way_in_which_excel_saves_text(encoding: str, desk: Desk) -> None:
    words = "Zoë et le café: très bien, à bientôt"
    export = survey_google_csv(n=3, start=LATE, encoding=encoding, answers={"comment": words})
    assert desk.look(export, "survey.csv").responses["comment"].to_list() == [words] * 3


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_second_export_in_another_language_is_read_by_its_own_headers(kind: str, desk: Desk) -> None:
    first = Survey(n=6, start=LATE)
    second = Survey(n=5, seed=2, first_id=50, start=LATE, last_modified=False)
    order = [0, 1, 2, 3, 4, *range(len(second.headers()) - 1, 4, -1)]
    strange = ["Zk", "Hasi", "Bukatu", "Posta", "Izena", *second.headers()[5:]]
    below = [[strange[i] for i in order], *([row[i] for i in order] for row in second.rows())]
    write = forms_workbook if kind == "xlsx" else forms_csv
    preview = desk.look(write(first.headers(), [*first.rows(), *below]), f"both.{kind}")
    alone = desk.look(write(second.headers(), second.rows()), f"second.{kind}")
    assert preview.rows_set_aside == 1
    same = [name for name in alone.responses.columns if name.startswith(("proficiency", "samr", "role"))]
    assert preview.responses.tail(5).select(same).equals(alone.responses.select(same))


def test_several_sheets_are_named_with_their_rows(desk: Desk) -> None:
    second = Survey(n=5, school="JMS", seed=2)
    export = survey_workbook(n=4, sheet="Lincoln", extra_sheets_after={"Jefferson": [second.headers(), *second.rows()]})
    assert "2 sheets were read: “Lincoln” (4 rows) and “Jefferson” (5 rows)." in desk.take(export).message


@pytest.mark.parametrize("first", ["sep=;", "Our survey of October"])
def test_a_line_above_the_headers_is_no_answer(first: str, desk: Desk) -> None:
    export = first.encode() + b"\r\n" + survey_csv(n=3, start=LATE, delimiter=";", encoding="utf-8")
    assert desk.take(export, "survey.csv").rows_added == 3
