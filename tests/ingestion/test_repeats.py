"""Files come again, longer, from many buildings at once; people answer twice. Everybody counts once."""

from datetime import datetime

import polars as pl
import pytest

from pd_core.ingestion import Meaning, commit
from pd_core.storage import queries, registers
from tests.forms import Survey, forms_workbook, survey_google_csv, survey_workbook

SPRING = datetime(2027, 3, 16, 8)


def people(desk):
    return int(queries.waves(desk.store)["respondents"].sum())


def test_the_same_file_twice_changes_nothing(desk):
    first = desk.take(survey_workbook())
    before = desk.stored()
    again = desk.take(survey_workbook(), "survey (1).xlsx")
    assert (first.status, first.rows_added) == ("committed", 20)
    assert (again.status, again.rows_existing) == ("unchanged", 20)
    assert "already stored" in again.message and "survey.xlsx" in again.message
    assert desk.stored().equals(before)


def test_the_same_answers_saved_otherwise_change_nothing(desk):
    survey = Survey()
    desk.take(survey_workbook())
    shuffled = forms_workbook(survey.headers(), survey.rows()[::-1], prefix="", table=None)
    assert desk.take(shuffled).status == "unchanged"


@pytest.mark.parametrize("respondents", ["named", "anonymous", "mixed"])
def test_a_longer_export_adds_only_what_is_new(respondents, desk):
    desk.take(survey_workbook(n=20, respondents=respondents))
    later = desk.take(survey_workbook(n=30, respondents=respondents))
    assert (later.rows_added, later.rows_existing) == (10, 20)
    assert people(desk) == 30


def test_storing_one_preview_twice_is_one_upload(desk):
    preview = desk.look(survey_workbook())
    first, second = (commit(desk.store, preview, "tester") for _ in range(2))
    assert (first.upload_id, first.rows_added) == (second.upload_id, second.rows_added)
    assert people(desk) == 20


def test_a_dry_run_says_what_would_be_and_stores_nothing(desk):
    preview = desk.look(survey_workbook())
    receipt = commit(desk.store, preview, "tester", dry_run=True)
    assert (receipt.rows_added, receipt.upload_id) == (20, None)
    assert "would be added" in receipt.message
    assert not queries.has_uploads(desk.store)


def test_ids_may_start_anywhere(desk):
    assert desk.take(survey_workbook(first_id=175)).rows_added == 20


def test_two_forms_with_the_same_ids_do_not_hide_each_other(desk):
    desk.take(survey_workbook(seed=1, respondents="anonymous"))
    assert desk.take(survey_workbook(seed=2, respondents="anonymous")).rows_added == 20


def test_twenty_buildings_with_a_copy_of_one_form_each_all_count(desk):
    names = [f"Building {number}" for number in range(20)]
    listed = [(f"b{number}", name, "", "", "", 9) for number, name in enumerate(names)]
    schools = pl.DataFrame(listed, schema=list(registers.SCHOOL_COLUMNS), orient="row")
    registers.set_schools(desk.store, schools, "test")
    for name in names:  # same questions, same IDs, same seconds, nobody named
        assert desk.take(survey_workbook(n=3, school=name, respondents="anonymous")).rows_added == 3
    assert people(desk) == 60
    assert desk.stored().filter(school_id="b19").height == 3


def test_copies_that_do_not_ask_for_the_school_are_told_apart_by_the_building_they_were_dropped_for(desk):
    export = survey_workbook(n=5, respondents="anonymous", without=["school"])
    for school in ("lincoln", "washington"):
        assert desk.take(export, school_id=school).rows_added == 5
    assert people(desk) == 10


def test_anonymous_answers_are_different_people(desk):
    preview = desk.look(survey_workbook(respondents="anonymous"))
    assert not preview.responses["is_identified"].any()
    assert preview.responses["person"].n_unique() == 20


def test_named_and_anonymous_answers_may_stand_in_one_file(desk):
    preview = desk.look(survey_workbook(n=9, respondents="mixed"))
    assert preview.responses["is_identified"].to_list() == [True, True, False] * 3


def test_who_answers_twice_counts_once_with_the_latest_complete_answer(desk):
    latest = [["I use it on my own", "With help", "I could teach it to others", None]]
    export = survey_workbook(n=4, people=[1, 2, 1, 1], blank_share=0, answers={"proficiency_outlook": latest[0]})
    receipt = desk.take(export)
    assert (receipt.rows_added, receipt.rows_replaced) == (2, 2)
    assert "had already answered" in receipt.message
    assert sorted(desk.stored()["proficiency_outlook"].to_list()) == [1, 3], "the last answer was not complete"


def test_a_person_is_the_same_in_every_wave_and_counts_in_each(desk):
    desk.take(survey_workbook(n=5))
    spring = desk.take(survey_workbook(n=5, seed=2, start=SPRING))
    assert (spring.wave_id, spring.rows_added) == ("Spring 2027", 5)
    assert desk.stored().group_by("person").len()["len"].to_list() == [2] * 5


def test_a_corrected_answer_of_a_named_person_replaces_the_earlier_one(desk):
    survey = Survey(n=2)
    rows = survey.rows()
    desk.take(forms_workbook(survey.headers(), rows))
    rows[0][5] = datetime(2026, 10, 9, 9)  # last modified
    rows[0][survey.headers().index("Outlook")] = "I could teach it to others"
    receipt = desk.take(forms_workbook(survey.headers(), rows))
    assert (receipt.rows_added, receipt.rows_existing, receipt.rows_replaced) == (0, 1, 1)
    assert 3 in desk.stored()["proficiency_outlook"].to_list()


def test_rows_that_stand_in_another_wave_stay_there(desk):
    desk.take(survey_workbook())
    receipt = desk.take(survey_workbook(), wave_id="Fall 2027")
    assert (receipt.status, receipt.rows_existing) == ("unchanged", 20)
    assert queries.waves(desk.store)["wave_id"].to_list() == ["Fall 2026"]


def test_a_question_that_is_explained_later_makes_no_new_google_rows(desk):
    export = survey_google_csv(respondents="anonymous", wordings={"comment": "Anything to add?"})
    desk.take(export, "google.csv", date_order="mdy")
    told = desk.take(export, "google.csv", date_order="mdy", meaning=Meaning(items={"Anything to add?": "comment"}))
    assert told.rows_added == 0
    assert people(desk) == 20
    assert desk.stored()["comment"].drop_nulls().len() > 0, "but the words are stored now"


def test_a_wave_keeps_the_spelling_it_already_has(desk):
    desk.take(survey_workbook())
    assert desk.look(survey_workbook(seed=5), wave_id="fall  2026").wave_id == "Fall 2026"
