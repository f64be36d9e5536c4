"""The same answers come again: saved by Excel, on another clock, wider, or corrected. They count once."""

from datetime import datetime, timedelta

import pytest

from pd_core.ingestion import Meaning
from pd_core.storage import queries, undo_upload
from tests.forms import Survey, forms_csv, forms_workbook, google_workbook, survey_workbook
from tests.forms.instrument import PROFICIENCY
from tests.ingestion.conftest import saved_by_excel

LATE = datetime(2026, 10, 16, 8)


def people(desk):
    return int(queries.waves(desk.store)["respondents"].sum())


def shifted(rows, hours, *, first=0):
    """Rows with all times later by so many hours, from a row on."""
    late = timedelta(hours=hours)
    return [
        [cell + late if isinstance(cell, datetime) and place >= first else cell for cell in row]
        for place, row in enumerate(rows)
    ]


@pytest.mark.parametrize("respondents", ["anonymous", "named", "mixed"])
@pytest.mark.parametrize("first", ["workbook", "csv"])
def test_a_copy_that_lost_its_seconds_counts_once(first, respondents, desk):
    survey = Survey(n=12, respondents=respondents, start=LATE)
    files = [
        (forms_workbook(survey.headers(), survey.rows()), "survey.xlsx"),
        (forms_csv(survey.headers(), survey.rows(), date_format="mdy-long"), "survey.csv"),
    ]
    for data, name in files if first == "workbook" else files[::-1]:
        receipt = desk.take(data, name)
    assert (receipt.rows_added, people(desk)) == (0, 12)


@pytest.mark.parametrize("written", ["{:03d}", "{},00", "{}.0", "{:,}", " {}"])
def test_an_id_is_its_number_however_it_is_written(written, desk):
    survey = Survey(n=4, respondents="anonymous", first_id=998)
    desk.take(forms_workbook(survey.headers(), survey.rows()))
    rows = [[written.format(row[0]), *row[1:]] for row in survey.rows()]
    receipt = desk.take(forms_workbook(survey.headers(), rows))
    assert (receipt.rows_added, people(desk)) == (0, 4)


@pytest.mark.parametrize("respondents", ["anonymous", "named"])
@pytest.mark.parametrize("hours", [1, -1, 9, -7.5])
def test_an_export_on_another_clock_counts_once_and_says_so(hours, respondents, desk):
    survey = Survey(n=12, respondents=respondents)
    desk.take(forms_workbook(survey.headers(), survey.rows()))
    longer = Survey(n=15, respondents=respondents)
    receipt = desk.take(forms_workbook(longer.headers(), shifted(longer.rows(), hours)))
    assert (receipt.rows_added, receipt.rows_existing, people(desk)) == (3, 12, 15)
    assert "another time zone" in receipt.message and ("later" if hours > 0 else "earlier") in receipt.message


def test_an_hour_that_only_some_rows_are_off_counts_once_too(desk):
    survey = Survey(n=12, respondents="anonymous")
    desk.take(forms_workbook(survey.headers(), survey.rows()))
    assert desk.take(forms_workbook(survey.headers(), shifted(survey.rows(), 1, first=7))).rows_added == 0
    assert people(desk) == 12


def test_an_anonymous_google_export_on_another_clock_counts_once(desk):
    survey = Survey(n=12, respondents="anonymous", blank_share=0)
    desk.take(google_workbook(survey.google_headers(), survey.google_rows()))
    receipt = desk.take(google_workbook(survey.google_headers(), shifted(survey.google_rows(), 2)))
    assert (receipt.rows_added, people(desk)) == (0, 12)


@pytest.mark.parametrize("change", ["wider", "narrower"])
def test_a_form_known_by_its_mapping_alone_may_gain_and_lose_a_question(change, desk):
    words = {item: f"How sure are you with {item}?" for item in desk.codebook.items if item not in ("topics", "times")}
    known = Meaning(items={wording: item for item, wording in words.items()})
    survey = Survey(n=12, respondents="anonymous", wordings=words, without=["topics", "times"])
    wide = google_workbook([*survey.google_headers(), "One more"], [[*row, "Yes"] for row in survey.google_rows()])
    files = [google_workbook(survey.google_headers(), survey.google_rows()), wide]
    for data in files if change == "wider" else files[::-1]:
        receipt = desk.take(data, meaning=known)
    assert (receipt.rows_added, people(desk)) == (0, 12)


def test_other_people_of_another_form_at_the_same_minute_all_count(desk):
    desk.take(survey_workbook(n=12, respondents="anonymous", seed=1))
    again = Survey(n=12, respondents="anonymous", seed=2)
    rows = forms_csv(again.headers(), again.rows(), date_format="mdy-long")
    assert desk.take(rows, "survey.csv", date_order="mdy").rows_added == 12


def with_other_answers(survey, rows):
    at = survey.headers().index("Outlook")
    return [[*row[:at], PROFICIENCY[3], *row[at + 1 :]] if place < 4 else row for place, row in enumerate(rows)]


@pytest.mark.parametrize("respondents", ["anonymous", "named"])
def test_changed_answers_without_a_later_time_are_said_and_taken_after_an_undo(respondents, desk):
    answers = {"proficiency_outlook": PROFICIENCY[0]}
    survey = Survey(n=12, respondents=respondents, answers=answers, last_modified=False)
    first = desk.take(forms_workbook(survey.headers(), survey.rows()))
    changed = forms_workbook(survey.headers(), with_other_answers(survey, survey.rows()))
    receipt = desk.take(changed)
    assert (receipt.status, receipt.rows_existing) == ("unchanged", 12)
    assert "4 rows differ" in receipt.message and f"undo upload {first.upload_id}" in receipt.message
    undo_upload(desk.store, first.upload_id, "test")
    desk.take(changed)
    assert desk.stored()["proficiency_outlook"].to_list().count(3) == 4


def test_a_corrected_mapping_says_how_its_meaning_comes_to_count(desk):
    survey = Survey(n=6, blank_share=0, answers={"proficiency_outlook": ["Good", "Poor"]})
    export = forms_workbook(survey.headers(), survey.rows())
    first = desk.take(export, meaning=Meaning(answers={"proficiency": {"Good": "3", "Poor": "0"}}))
    receipt = desk.take(export, meaning=Meaning(answers={"proficiency": {"Good": "2", "Poor": "0"}}))
    assert "3 rows differ" in receipt.message and f"undo upload {first.upload_id}" in receipt.message


@pytest.mark.parametrize("respondents", ["anonymous", "named"])
def test_rows_that_were_corrected_are_not_set_aside_by_the_next_export(respondents, desk):
    export = survey_workbook(n=6, respondents=respondents, school=["Lincoln High", "Lincoln High", "WV K8 annex"])
    away = desk.look(export).set_aside()
    desk.take(export)
    desk.take(saved_by_excel(away, ("WV K8 annex", "Lincoln High")), "set aside.csv", date_order="mdy")
    before = desk.stored()
    longer = survey_workbook(n=7, respondents=respondents, school=["Lincoln High", "Lincoln High", "WV K8 annex"])
    preview = desk.look(longer)
    assert (preview.rows_corrected, preview.rows_set_aside, preview.unknown_schools) == (2, 0, {})
    receipt = desk.take(longer)
    assert "2 rows were corrected earlier" in receipt.message
    assert (receipt.rows_added, receipt.rows_existing) == (1, 6)
    assert set(before["row_key"]) < set(desk.stored()["row_key"])


def test_a_correction_that_is_undone_is_asked_for_again(desk):
    export = survey_workbook(n=4, school=["Lincoln High", "Nowhere"])
    away = desk.look(export).set_aside()
    done = desk.take(saved_by_excel(away, ("Nowhere", "Lincoln High")), "set aside.csv", date_order="mdy")
    undo_upload(desk.store, done.upload_id, "test")
    assert desk.look(export).rows_set_aside == 2
