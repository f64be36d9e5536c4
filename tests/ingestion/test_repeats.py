"""Files come again, longer, from many buildings at once; people answer twice. Everybody counts once."""

import csv
import io
from datetime import datetime

import polars as pl
import pytest

from pd_core.actions import schools
from pd_core.ingestion import Meaning, commit
from pd_core.storage import queries, reference
from tests.actions.people import ADMINISTRATOR
from tests.forms import Survey, forms_workbook, survey_google_csv, survey_workbook
from tests.ingestion.conftest import saved_by_excel

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
    schools = pl.DataFrame(listed, schema=list(reference.SCHOOL_COLUMNS), orient="row")
    reference.set_schools(desk.store, schools, "test")
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


@pytest.mark.parametrize(
    ("wave_id", "stored_as"),
    [
        ("  ", "Fall 2026"),
        ("\u200b", "Fall 2026"),
        ("Fall\u200b 2026", "Fall 2026"),
        ("\uff26all 2026", "Fall 2026"),
        ("Pilot\x1b\n one", "Pilot one"),
        ("W" * 1000, "W" * 60),
    ],
)
def test_a_wave_is_named_by_what_people_see(wave_id, stored_as, desk):
    assert desk.look(survey_workbook(n=2, seed=5, first_id=50), wave_id=wave_id).wave_id == stored_as


def test_a_wave_is_stored_by_its_name_as_people_see_it(desk):
    desk.take(survey_workbook(n=2), wave_id="Pilot\x1b\n one")
    assert queries.wave_ids(desk.store) == ["Pilot one"]


def test_a_new_wave_that_two_files_name_at_once_is_one_wave(desk):
    waiting = [
        desk.look(survey_workbook(n=5, first_id=first), wave_id=name) for first, name in ((1, "Pilot"), (100, "pilot "))
    ]
    receipts = [commit(desk.store, preview, "tester") for preview in waiting]
    assert [receipt.wave_id for receipt in receipts] == ["Pilot", "Pilot"]
    assert queries.wave_ids(desk.store) == ["Pilot"]
    assert people(desk) == 5


def test_a_row_that_stands_twice_in_a_new_file_is_not_called_old(desk):
    survey = Survey(n=3)
    receipt = desk.take(forms_workbook(survey.headers(), survey.rows() * 2))
    assert (receipt.rows_added, receipt.rows_existing) == (3, 3)
    assert "3 rows were already stored or came twice in this file." in receipt.message


def unnamed(kind, **survey):
    """An export without names, and what to say of it."""
    if kind == "google":
        return survey_google_csv(respondents="anonymous", **survey), {"file": "survey.csv", "date_order": "mdy"}
    return survey_workbook(respondents="anonymous", **survey), {}


@pytest.mark.parametrize("kind", ["forms", "google"])
@pytest.mark.parametrize("again", ["as it was", "saved by Excel"])
def test_nobody_counts_twice_when_rows_set_aside_are_corrected_and_the_export_comes_again(again, kind, desk):
    export, how = unnamed(kind, n=12, school=["Lincoln High", "Lincoln Hi"])
    away = desk.look(export, **how).set_aside()
    desk.take(export, **how)
    corrected = away.with_columns(pl.lit("Lincoln High").alias("Which school do you work at?"))
    data = saved_by_excel(corrected) if again == "saved by Excel" else corrected.write_csv().encode()
    receipt = desk.take(data, "set aside.csv", date_order="mdy")
    assert (receipt.rows_added, receipt.unmapped_columns) == (6, [])
    before = desk.stored()
    schools.match_school(desk.store, ADMINISTRATOR, "Lincoln Hi", "lincoln")
    assert desk.take(export, **how).status == "unchanged"
    assert people(desk) == 12
    assert desk.stored().equals(before), "the times are those of the export, to the second"


@pytest.mark.parametrize("kind", ["forms", "google"])
def test_a_row_that_is_set_aside_twice_is_still_the_same_row(kind, desk):
    export, how = unnamed(kind, n=4, school="Lincoln Hi")
    first = desk.look(export, **how).set_aside()
    second = desk.look(saved_by_excel(first), "set aside.csv", date_order="mdy").set_aside()
    assert second.columns == first.columns, "what was added before is not added again"
    assert second["Row key"].to_list() == first["Row key"].to_list()
    desk.take(saved_by_excel(second, ("Lincoln Hi", "Lincoln High")), "set aside.csv", date_order="mdy")
    schools.match_school(desk.store, ADMINISTRATOR, "Lincoln Hi", "lincoln")
    assert desk.take(export, **how).rows_added == 0
    assert people(desk) == 4


def test_a_corrected_answer_of_an_unnamed_row_keeps_its_row(desk):
    export, how = unnamed("google", n=2, answers={"proficiency_word": ["Wizard", "With help"]})
    away = desk.look(export, **how).set_aside()
    desk.take(export, **how)
    desk.take(saved_by_excel(away, ("Wizard", "Could teach others")), "set aside.csv", date_order="mdy")
    known = Meaning(answers={"proficiency": {"Wizard": "3"}})
    assert desk.take(export, meaning=known, **how).rows_added == 0
    assert people(desk) == 2


def test_a_row_key_of_another_row_changes_nothing(desk):
    export, how = unnamed("google", n=4, school="Lincoln Hi")
    away = desk.look(export, **how).set_aside()
    copied = away.with_columns(pl.lit(away["Row key"][0]).alias("Row key"))
    schools.match_school(desk.store, ADMINISTRATOR, "Lincoln Hi", "lincoln")
    assert desk.take(copied.write_csv().encode(), "copied.csv", date_order="mdy").rows_added == 4
    assert desk.take(export, **how).status == "unchanged"


@pytest.mark.parametrize("place", ["at the end", "in front of the questions"])
@pytest.mark.parametrize("kind", ["forms", "google"])
def test_a_column_of_notes_makes_nobody_count_twice(kind, place, desk):
    export, how = unnamed(kind, n=6)
    desk.take(export, **how)
    if kind == "google":
        table = list(csv.reader(io.StringIO(export.decode("utf-8-sig"))))
        at = len(table[0]) if place == "at the end" else table[0].index("Which school do you work at?")
        noted = [[*row[:at], "My notes" if row is table[0] else "called", *row[at:]] for row in table]
        text = io.StringIO()
        csv.writer(text).writerows(noted)
        export = text.getvalue().encode()
    else:
        survey = Survey(n=6, respondents="anonymous")
        at = len(survey.headers()) if place == "at the end" else 6
        rows = [[*row[:at], "called", *row[at:]] for row in survey.rows()]
        export = forms_workbook([*survey.headers()[:at], "My notes", *survey.headers()[at:]], rows)
    receipt = desk.take(export, **how)
    assert (receipt.rows_added, receipt.unmapped_columns) == (0, ["My notes"])
    assert people(desk) == 6
