"""Times as programs and languages write them, and times that cannot be right."""

from datetime import datetime

import polars as pl
import pytest

from pd_core.errors import RefusedFile
from pd_core.ingestion.time_words import plain_time
from pd_core.ingestion.timestamps import parse_times
from tests.forms import Survey, forms_csv, forms_workbook, google_workbook

MORNING, EVENING = datetime(2026, 10, 14, 7, 40), datetime(2026, 10, 14, 19, 40)
AT_7_40 = [
    "14-Oct-26 07:40",
    "Oct 14, 2026 7:40 AM",
    "Wednesday, October 14, 2026 7:40 AM",
    "2026/10/14 07:40:00 AM EST",
    "10/14/2026 7:40:00 AM GMT-5",
    "2026-10-14T07:40:00Z",
    "2026-10-14T07:40:00.123+02:00",
    "Wed Oct 14 2026 07:40:00 GMT-0700 (Pacific Daylight Time)",
    "14/10/2026 7:40:00 a. m.",
    "14.10.2026 07.40.00",
    "14. Okt. 2026 07:40",
    "14 oct. 2026 à 07:40",
    "14 de outubro de 2026 07:40",
    "14 paź 2026 07:40",
    "2026/10/14 上午 7:40:00",
    "2026年10月14日 7:40:00",
    "2026. 10. 14 오전 7:40:00",
    "14 жовтня 2026 07:40",
    "14 окт. 2026 г. 07:40",
    "2026. okt. 14. 7:40:00",
    "14 Οκτ 2026 7:40 π.μ.",
    "14/10/2026 7:40:00 SA",
    "14/10/2569 7:40:00",
    "14 d’octubre de 2026 07:40",
    "46309,3194444444",
    "10/14/2026, 7:40:00\u202fAM",
]
OF_OTHER_MONTHS = {
    1: ["14 ene 2026 07:40", "14 ιαν 2026 07:40", "14 ian. 2026 07:40", "14 січ 2026 07:40", "2026. jan. 14. 07:40"],
    3: ["14 März 2026 07:40", "2026. márc. 14. 07:40", "14 бер 2026 07:40", "14 mars 2026 07:40"],
    5: ["14 mai 2026 07:40", "14 май 2026 07:40", "14 maio 2026 07:40", "2026. máj. 14. 07:40", "14 Μαΐ 2026 07:40"],
    6: ["14 jún 2026 07:40", "14 ιούν 2026 07:40", "14 czerwca 2026 07:40", "14 iun. 2026 07:40"],
    9: ["14 szept. 2026 07:40", "14 września 2026 07:40", "14 září 2026 07:40", "14 сен 2026 07:40"],
    11: ["14 noi. 2026 07:40", "14 листопада 2026 07:40", "14 marraskuuta 2026 07:40"],
    10: ["2026. okt. 14. 07:40:00", "14 ott 2026 07.40", "Oct 14, 2026 07:40:00.250"],
    12: ["14. desember 2026 07:40", "14 déc. 2026 07:40", "14 дек 2026 07:40", "14 dez. 2026 07:40"],
}
AT_19_40 = [
    "14/10/2026 7:40:00 CH",
    "14 Οκτ 2026 7:40 μ.μ.",
    "14-Oct-26 7:40 PM",
    "14/10/2026 7:40:00 p. m.",
    "2026/10/14 下午 7:40:00",
    "2026. 10. 14 오후 7:40:00",
]


def read(*texts, order=None):
    return parse_times("survey.csv", {"Timestamp": pl.Series(texts)}, order)["Timestamp"].to_list()


@pytest.mark.parametrize("text", AT_7_40)
def test_a_time_is_the_wall_clock_in_any_usual_spelling(text):
    assert read(text) == [MORNING]


@pytest.mark.parametrize("month, text", [(month, text) for month, texts in OF_OTHER_MONTHS.items() for text in texts])
def test_a_month_is_known_by_its_name_in_many_languages(month, text):
    assert read(text) == [datetime(2026, month, 14, 7, 40)]


@pytest.mark.parametrize("text", AT_19_40)
def test_an_afternoon_is_one_in_any_language(text):
    assert read(text) == [EVENING]


@pytest.mark.parametrize(
    "text", ["hello", "Lincoln 3", "tomorrow at 7:40", "7:40", "31-Feb-26 07:40", "May", "x" * 5000]
)
def test_what_is_no_time_is_none(text):
    assert read(text) == [None]


def test_words_that_are_no_time_stay_as_they_are():
    assert plain_time("Mayfield School 12:30") == "Mayfield School 12:30"


def half_swapped(survey, *, order):
    """Rows as Excel of another country leaves them: days to 12 are dates, swapped; the others are text."""
    pattern = "%m/%d/%Y %H:%M:%S" if order == "mdy" else "%d/%m/%Y %H:%M:%S"

    def saved(cell):
        if not isinstance(cell, datetime):
            return cell
        return cell.replace(day=cell.month, month=cell.day) if cell.day <= 12 else cell.strftime(pattern)

    return [[saved(cell) for cell in row] for row in survey.google_rows()]


@pytest.mark.parametrize("order", ["mdy", "dmy"])
def test_dates_that_excel_swapped_by_halves_are_turned_back(order, desk):
    survey = Survey(n=20, start=datetime(2026, 10, 3, 8), spacing_seconds=86_000)
    preview = desk.look(google_workbook(survey.google_headers(), half_swapped(survey, order=order)))
    assert preview.responses["completed_at"].to_list() == [row[0] for row in survey.google_rows()]


def test_text_among_dates_that_are_right_changes_none_of_them(desk):
    survey = Survey(n=12, start=datetime(2026, 10, 2, 8), spacing_seconds=86_000)
    rows = survey.google_rows()
    rows.append(["10/16/2026 08:15:00", *rows[-1][1:]])
    preview = desk.look(google_workbook(survey.google_headers(), rows))
    assert {time.month for time in preview.responses["completed_at"]} == {10}


def test_dates_that_are_all_swapped_are_refused(desk):
    survey = Survey(n=8, start=datetime(2026, 10, 2, 8), spacing_seconds=86_000)
    rows = [[row[0].replace(day=row[0].month, month=row[0].day), *row[1:]] for row in survey.google_rows()]
    with pytest.raises(RefusedFile, match="day and month of its dates seem to be swapped"):
        desk.look(google_workbook(survey.google_headers(), rows))


@pytest.mark.parametrize("year", [2009, 2014, 2031])
def test_a_year_that_cannot_be_is_set_aside_with_its_value(year, desk):
    survey = Survey(n=12, start=datetime(2026, 9, 16, 8), spacing_seconds=40_000)
    rows = survey.rows()
    rows[3][1] = rows[3][2] = datetime(year, 9, 26, 8)
    preview = desk.look(forms_workbook(survey.headers(), rows))
    assert preview.problems["row"].unique().to_list() == [5]
    assert str(year) in preview.problems["value"][0] and "years from" in preview.problems["reason"][0]


def test_a_form_that_runs_for_years_has_no_wrong_year(desk):
    rows = [
        row for year in (2022, 2023, 2024, 2025, 2026) for row in Survey(n=3, start=datetime(year, 9, 26, 8)).rows()
    ]
    assert desk.look(forms_workbook(Survey().headers(), rows)).problems.is_empty()


def test_an_end_whose_day_and_month_are_swapped_is_set_aside_though_it_is_after_the_start(desk):
    survey = Survey(n=5, start=datetime(2026, 10, 11, 8))
    rows = survey.rows()
    rows[1][2] = rows[1][2].replace(month=11, day=10)
    rows[2][2] = rows[2][2].replace(month=11, day=3)  # it took someone three weeks
    preview = desk.look(forms_workbook(survey.headers(), rows))
    (problem,) = preview.problems.select("row", "reason").rows()
    assert problem[0] == 3 and "day and the month look swapped" in problem[1]


def test_an_answer_that_is_completed_before_it_was_started_is_set_aside(desk):
    survey = Survey(n=5)
    rows = survey.rows()
    rows[1][1], rows[1][2] = rows[1][2], rows[1][1]
    preview = desk.look(forms_workbook(survey.headers(), rows))
    assert preview.problems.select("row", "reason").rows() == [(3, "the answer is completed before it was started")]


def test_a_start_and_an_end_of_one_minute_are_right_without_seconds(desk):
    survey = Survey(n=3, start=datetime(2026, 10, 16, 8))
    rows = [[row[0], row[2], *row[2:]] for row in survey.rows()]
    assert desk.look(forms_csv(survey.headers(), rows, date_format="mdy-long"), "survey.csv").problems.is_empty()
