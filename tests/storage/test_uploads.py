"""What an upload leaves in the store."""

from __future__ import annotations

import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.storage import Store, queries, store_upload
from pd_core.storage.change import Change
from pd_core.storage.current_responses import settle
from tests.storage.made_up import FALL, SPRING, answers, counting, counts, live, people, put, row, staff, upload


def test_everybody_in_a_file_is_added(store: Store):
    outcome = put(store, "first", staff(["Ada", "Ben", "Cleo"]))
    assert (outcome.status, outcome.upload_id, counts(outcome)) == ("committed", "first", (3, 0, 0))
    assert list(counting(store)) == ["Ada", "Ben", "Cleo"]


def test_a_trial_says_what_would_be_stored_and_stores_nothing(store: Store):
    before = store.version()
    outcome = put(store, "first", staff(["Ada", "Ben"]), dry_run=True)
    assert (outcome.status, counts(outcome)) == ("committed", (2, 0, 0))
    assert store.version() == before
    assert not queries.has_uploads(store)


def test_a_retry_of_the_same_upload_has_the_same_outcome(store: Store):
    put(store, "before", staff(["Ada"]))
    rows = answers(row("a", "Ada", hour=1), row("b", "Ben"), row("b", "Ben"))
    first = put(store, "once", rows)
    version = store.version()
    assert counts(first) == (1, 1, 1)
    assert put(store, "once", rows) == first
    assert store.version() == version


def test_the_same_content_twice_is_unchanged(store: Store):
    rows = staff(["Ada", "Ben"])
    store_upload(store, upload("first", rows, content="the same"), rows, reach=EVERYTHING)
    version = store.version()
    again = store_upload(store, upload("second", rows, content="the same"), rows, reach=EVERYTHING)
    assert (again.status, counts(again), again.earlier_file) == ("unchanged", (0, 2, 0), "first.xlsx")
    assert store.version() == version


def test_the_same_rows_in_another_file_are_unchanged(store: Store):
    put(store, "first", staff(["Ada", "Ben", "Cleo"]))
    again = put(store, "shorter", staff(["Ben", "Cleo"]))
    assert (again.status, again.upload_id, counts(again)) == ("unchanged", None, (0, 2, 0))


def test_a_longer_file_adds_only_what_is_new(store: Store):
    put(store, "first", staff(["Ada", "Ben"]))
    assert counts(put(store, "longer", staff(["Ada", "Ben", "Cleo"]))) == (1, 2, 0)
    assert list(counting(store)) == ["Ada", "Ben", "Cleo"]


def test_a_person_who_answers_again_counts_once_with_the_latest_answer(store: Store):
    put(store, "first", answers(row("early", "Ada", hour=1)))
    assert counts(put(store, "second", answers(row("late", "Ada", hour=2)))) == (0, 0, 1)
    assert counting(store) == {"Ada": "late"}


def test_an_earlier_answer_that_comes_later_does_not_count(store: Store):
    put(store, "second", answers(row("late", "Ada", hour=2)))
    assert counts(put(store, "first", answers(row("early", "Ada", hour=1)))) == (0, 0, 1)
    assert counting(store) == {"Ada": "late"}


def test_a_complete_answer_goes_before_a_later_incomplete_one(store: Store):
    put(store, "first", answers(row("complete", "Ada", hour=1)))
    put(store, "second", answers(row("broken off", "Ada", hour=2, is_complete=False)))
    assert counting(store) == {"Ada": "complete"}


def test_a_person_twice_in_one_file_counts_once(store: Store):
    rows = answers(row("early", "Ada", hour=1), row("late", "Ada", hour=2), row("other", "Ben"))
    assert counts(put(store, "first", rows)) == (2, 0, 1)
    assert counting(store) == {"Ada": "late", "Ben": "other"}


def test_anonymous_answers_are_people_of_their_own(store: Store):
    put(store, "first", answers(row("one"), row("two")))
    assert len(counting(store)) == 2


def test_a_row_edited_after_its_first_export_is_replaced(store: Store):
    put(store, "first", answers(row("a", "Ada", proficiency_teams=1)))
    outcome = put(store, "edited", answers(row("a", "Ada", hour=3, proficiency_teams=3)))
    assert counts(outcome) == (0, 0, 1)
    assert live(store)["proficiency_teams"].to_list() == [3]


def test_a_row_that_comes_again_with_more_questions_understood_is_replaced(store: Store):
    put(store, "first", answers(row("a", "Ada")))
    assert counts(put(store, "mapped", answers(row("a", "Ada", topics="teams_class")))) == (0, 0, 1)
    assert live(store)["topics"].to_list() == ["teams_class"]


def test_a_row_that_comes_again_with_fewer_questions_changes_nothing(store: Store):
    put(store, "first", answers(row("a", "Ada", topics="teams_class")))
    assert put(store, "poorer", answers(row("a", "Ada"))).status == "unchanged"
    assert live(store)["topics"].to_list() == ["teams_class"]


def test_the_same_people_in_two_waves_count_in_each(store: Store):
    put(store, "first", answers(row("fall", "Ada")))
    put(store, "second", answers(row("spring", "Ada", hour=4000)), SPRING)
    assert counting(store, FALL) == {"Ada": "fall"}
    assert counting(store, SPRING) == {"Ada": "spring"}


def test_rows_that_stand_in_another_wave_stay_there(store: Store):
    put(store, "first", staff(["Ada", "Ben"]))
    outcome = put(store, "second", staff(["Ben", "Cleo"]), SPRING)
    assert (counts(outcome), outcome.other_waves) == ((1, 1, 0), {FALL: 1})
    assert list(counting(store, FALL)) == ["Ada", "Ben"]
    assert list(counting(store, SPRING)) == ["Cleo"]


AT_LINCOLN, AT_MADRONA = ("Ada", "lincoln", "at lincoln"), ("Ada", "madrona", "at madrona")


def test_an_error_in_the_middle_leaves_nothing(store: Store):
    version = store.version()
    rows = staff(["Ada"]).with_columns(a_column_that_is_no_item=pl.lit(1))
    with pytest.raises(Exception, match="a_column_that_is_no_item"):
        put(store, "first", rows)
    assert queries.uploads(store).is_empty(), "the upload was recorded before its rows failed"
    assert store.version() == version
    assert put(store, "first", staff(["Ada"])).status == "committed", "the store goes on working"


def test_settling_leaves_one_answer_of_a_person_whom_two_processes_stored_at_once(store: Store):
    put(store, "first", answers(row("early", "Ada", hour=1), row("b", "Ben")))
    late = answers(row("late", "Ada", hour=2)).with_columns(
        upload_id=pl.lit("second"),
        wave_id=pl.lit(FALL),
        response_id=pl.lit("r2"),
        stands=pl.lit(True),
        answers=pl.lit(1),
    )

    def other_process(change: Change) -> None:
        history = queries.uploads(store).drop("number", "is_undone").with_columns(upload_id=pl.lit("second"))
        change.insert("upload", history)
        change.insert("response", late)

    store.write("upload", "another process", other_process)
    assert people(store) == 3
    assert settle(store, FALL) == 1
    assert counting(store) == {"Ada": "late", "Ben": "b"}
    version = store.version()
    assert settle(store, FALL) == 0
    assert store.version() == version, "nothing to settle, nothing written"
