"""What the store is asked: its waves, schools, uploads, and the answers that count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.entities import Wave
from pd_core.errors import RefusedName
from pd_core.storage import Store, queries, reference, responses, undo_upload
from pd_core.storage.waves import put_wave

from .made_up import FALL, SPRING, answers, put, row, staff


def school_list(*rows: tuple[str, str, int | None]) -> pl.DataFrame:
    named = pl.DataFrame(
        list(rows), schema={"school_id": pl.String, "name": pl.String, "headcount": pl.Int64}, orient="row"
    )
    return named.with_columns(aliases=pl.lit(""), level=pl.lit(""), region=pl.lit(""))


def test_an_empty_store_answers_every_question_with_no_rows(store: Store):
    assert not queries.has_uploads(store)
    assert queries.wave_ids(store) == []
    assert queries.latest_upload(store, FALL) is None
    for frame in (
        queries.uploads(store),
        queries.waves(store),
        queries.schools(store, EVERYTHING),
        queries.roster_headcounts(store),
        queries.roster_by(store, "grade_band"),
        responses.answers(store, ["role", "topics"], wave_id=FALL),
        responses.arrivals(store, FALL),
        responses.respondents_by(store, FALL, "role"),
    ):
        assert frame.is_empty()


def test_a_store_whose_only_upload_was_taken_out_is_empty_again(store: Store):
    put(store, "first", staff(["Ada"]))
    assert queries.has_uploads(store)
    undo_upload(store, "first", "Mia")
    assert not queries.has_uploads(store)
    assert queries.waves(store).is_empty()


def test_waves_stand_in_the_order_of_time_not_of_upload_or_name(store: Store):
    put(store, "later", staff(["Ada", "Ben"], hour=4000), SPRING)
    put(store, "earlier", answers(row("a", hour=1), row("b", hour=9)), FALL)
    put(store, "first of all", answers(row("c", hour=-9000)), "Winter 2025")
    waves = queries.waves(store)
    assert waves["wave_id"].to_list() == ["Winter 2025", FALL, SPRING]
    assert waves["respondents"].to_list() == [1, 2, 2]
    assert [moment.hour for moment in waves.row(1)[1:3]] == [9, 17]
    assert queries.wave_ids(store) == [FALL, SPRING, "Winter 2025"]


def test_the_answers_of_a_wave_are_those_that_count_a_row_a_person(store: Store):
    early, late = row("early", "Ada", proficiency_teams=1), row("late", "Ada", hour=2, proficiency_teams=3)
    put(store, "first", answers(early, row("b", role="teacher", topics="x;y"), row("c", school_id="madrona")))
    put(store, "second", answers(late))
    put(store, "mistake", answers(row("d", proficiency_teams=0)))
    undo_upload(store, "mistake", "Mia")
    put(store, "later", answers(row("e", hour=4000)), SPRING)
    found = responses.answers(store, ["proficiency_teams", "role", "topics"], wave_id=FALL)
    assert found.columns == ["school_id", "proficiency_teams", "role", "topics"]
    assert sorted(found.rows(), key=str) == [
        ("lincoln", 1, "teacher", "x;y"),
        ("lincoln", 3, None, None),
        ("madrona", 1, None, None),
    ]


def test_a_wave_that_is_set_up_is_known_before_its_first_answers(store: Store):
    put(store, "first", staff(["Ada"]))
    for wave_id in (SPRING, FALL):
        put_wave(store, Wave(wave_id, asks_guesses=True), "Mia")
    assert queries.wave_ids(store) == [FALL, SPRING]
    assert queries.waves(store)["wave_id"].to_list() == [FALL], "only one has answers"


def test_people_arrive_on_the_day_of_the_answer_that_counts(store: Store):
    put(store, "first", answers(row("a", "Ada"), row("b", hour=1, role="teacher"), row("c", school_id="madrona")))
    put(store, "again", answers(row("d", "Ada", hour=48, role="teacher"), row("e", hour=16), row("f", hour=-1)))
    put(store, "mistake", answers(row("g", hour=3)))
    undo_upload(store, "mistake", "Mia")
    put(store, "later", answers(row("h", hour=4000)), SPRING)
    monday = date(2026, 10, 5)
    found = responses.arrivals(store, FALL)
    assert found.columns == ["school_id", "day", "respondents"]
    assert found.rows() == [
        ("lincoln", monday, 2),
        ("madrona", monday, 1),
        ("lincoln", monday + timedelta(days=1), 1),
        ("lincoln", monday + timedelta(days=2), 1),
    ]
    by_role = responses.respondents_by(store, FALL, "role")
    assert by_role.columns == ["school_id", "role", "respondents"]
    assert by_role.sort("school_id", "role", nulls_last=True).rows() == [
        ("lincoln", "teacher", 2),
        ("lincoln", None, 2),
        ("madrona", None, 1),
    ]


def test_the_latest_upload_of_a_wave_is_the_last_that_counts(store: Store):
    put(store, "first", staff(["Ada"]))
    first = queries.latest_upload(store, FALL)
    assert first is not None and abs(datetime.now(UTC).replace(tzinfo=None) - first) < timedelta(minutes=5)
    put(store, "second", staff(["Ben"], hour=1))
    second = queries.latest_upload(store, FALL)
    assert second is not None and second > first
    undo_upload(store, "second", "Mia")
    assert queries.latest_upload(store, FALL) == first and queries.latest_upload(store, SPRING) is None


def test_the_rows_of_each_upload_are_counted_by_school(store: Store):
    put(store, "first", answers(row("a"), row("b"), row("c", school_id="madrona")))
    put(store, "second", answers(row("d")))
    rows = queries.schools_of_uploads(store).sort("upload_id", "school_id").rows()
    assert rows == [("first", "lincoln", 2), ("first", "madrona", 1), ("second", "lincoln", 1)]


def test_the_rosters_headcounts_go_before_the_lists(store: Store):
    reference.set_schools(store, school_list(("a", "A", 10), ("b", "B", 20), ("c", "C", None)), "Mia")
    for staff_of_a in (5, 3):
        people = [(f"{n}", "a", "teacher" if n else None, "k-2" if n == 1 else None) for n in range(staff_of_a)]
        roster = pl.DataFrame(
            people, schema=dict.fromkeys(("respondent", "school_id", "role", "grade_band"), pl.String), orient="row"
        )
        reference.set_roster(store, roster, "Mia")
    headcounts = queries.schools(store, EVERYTHING).select("school_id", "headcount").rows()
    assert headcounts == [("a", 3), ("b", 20), ("c", None)]
    by_role = queries.roster_headcounts(store).sort("role", nulls_last=True).rows()
    assert by_role == [("a", "teacher", 2), ("a", None, 1)]
    by_band = queries.roster_by(store, "grade_band")
    assert by_band.columns == ["school_id", "grade_band", "headcount"]
    assert by_band.sort("grade_band", nulls_last=True).rows() == [("a", "k-2", 1), ("a", None, 2)]


def test_a_new_list_of_schools_keeps_those_that_have_answers(store: Store):
    reference.set_schools(store, school_list(("lincoln", "Lincoln High", 60), ("gone", "Gone", 5)), "Mia")
    put(store, "first", staff(["Ada"]))
    assert reference.set_schools(store, school_list(("new", "New", 7)), "Mia") == ["lincoln"]
    assert queries.schools(store, EVERYTHING)["school_id"].to_list() == ["lincoln", "new"]


def test_a_new_list_keeps_a_school_whose_answers_would_count_after_an_undo(store: Store):
    reference.set_schools(store, school_list(("lincoln", "Lincoln High", 60), ("madrona", "Madrona", 5)), "Mia")
    put(store, "first", answers(row("a", "Ada", school_id="madrona", hour=1)))
    put(store, "second", answers(row("b", "Ada", school_id="lincoln", hour=2)))
    assert reference.set_schools(store, school_list(("new", "New", 7)), "Mia") == ["lincoln", "madrona"]
    undo_upload(store, "second", "Mia")
    assert reference.set_schools(store, school_list(("new", "New", 7)), "Mia") == ["madrona"]


def test_a_new_list_may_not_give_the_name_of_a_school_with_answers_to_another_id(store: Store):
    listed = school_list(("lincoln", "Lincoln High", 60))
    reference.set_schools(store, listed, "Mia")
    put(store, "first", staff(["Ada"]))
    with pytest.raises(RefusedName) as error:
        reference.set_schools(store, school_list(("lhs", "LINCOLN  high", 60)), "Mia")
    assert error.value.message == (
        "“LINCOLN  high” has the id lhs in the list, but its answers are stored under lincoln."
    )
    assert queries.schools(store, EVERYTHING)["school_id"].to_list() == ["lincoln"]


def test_a_school_that_returns_to_the_list_is_listed_again(store: Store):
    for listed in ("a", "b", "a"):
        reference.set_schools(store, school_list((listed, listed.upper(), 1)), "Mia")
    assert queries.schools(store, EVERYTHING)["school_id"].to_list() == ["a"]


def test_one_school_can_be_added_or_corrected_beside_the_list(store: Store):
    reference.set_schools(store, school_list(("a", "A", 10), ("b", "B", 20)), "Mia")
    texts = {"aliases": "Ay", "level": "High", "region": "North"}
    reference.put_school(store, {"school_id": "a", "name": "A High", "headcount": None, **texts}, "Mia")
    assert queries.schools(store, EVERYTHING).rows() == [
        ("a", "A High", "Ay", "High", "North", None),
        ("b", "B", "", "", "", 20),
    ]


def test_the_latest_meaning_of_a_forms_words_counts(store: Store):
    schema = {"subject": pl.String, "answer": pl.String, "code": pl.String}
    for code in ("role", None):
        rows = [("Your job?", None, code), ("role", "Lehrkraft", "teacher")]
        reference.save_mapping(store, "form a", pl.DataFrame(rows, schema=schema, orient="row"), "Mia")
    found = queries.mapping(store, "form a").sort("subject")
    assert found.rows() == [("Your job?", None, None), ("role", "Lehrkraft", "teacher")]
    assert queries.mapping(store, "form b").is_empty()
