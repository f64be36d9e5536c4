"""What an upload leaves in the store, and what taking it out gives back."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pd_core.access import EVERYTHING, Scope
from pd_core.errors import RefusedAccess, UnknownName
from pd_core.storage import Outcome, Store, queries, store_upload, undo_upload
from pd_core.storage.current_responses import settle
from pd_core.storage.store import Change

from .made_up import FALL, SPRING, answers, counting, live, people, row, staff, upload


def put(store: Store, name: str, rows: pl.DataFrame, wave_id: str = FALL, **options: Any) -> Outcome:
    return store_upload(store, upload(name, rows, wave_id), rows, **{"reach": EVERYTHING, **options})


MADRONA = Scope(frozenset({"madrona"}))


def madrona(row_key: str, person: str, **values: Any) -> pl.DataFrame:
    """An answer of this person from Madrona."""
    return answers(row(row_key, person, school_id="madrona", **values))


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.rows_added, outcome.rows_existing, outcome.rows_replaced


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


def test_undo_restores_what_was_there(store: Store):
    put(store, "first", answers(row("early", "Ada", hour=1), row("b", "Ben")))
    before = live(store)
    put(store, "second", answers(row("late", "Ada", hour=2), row("c", "Cleo")))
    assert undo_upload(store, "second", "Mia") == 1
    assert_frame_equal(live(store), before)


def test_undo_of_the_earlier_of_two_overlapping_uploads_keeps_the_answers_of_the_later(store: Store):
    put(store, "first", staff(["Ada", "Ben"]))
    put(store, "longer", staff(["Ada", "Ben", "Cleo"]))
    assert undo_upload(store, "first", "Mia") == 0
    assert list(counting(store)) == ["Ada", "Ben", "Cleo"]
    assert undo_upload(store, "longer", "Mia") == 3
    assert counting(store) == {}


def test_undo_gives_a_row_to_the_other_wave_that_holds_it(store: Store):
    put(store, "mistaken", staff(["Ada", "Ben"]), SPRING)
    put(store, "right", staff(["Ada", "Ben", "Cleo"]), FALL)
    assert undo_upload(store, "mistaken", "Mia") == 0
    assert counting(store, SPRING) == {}
    assert list(counting(store, FALL)) == ["Ada", "Ben", "Cleo"]


def test_undo_in_one_wave_leaves_the_other_alone(store: Store):
    put(store, "first", answers(row("fall", "Ada")))
    put(store, "second", answers(row("spring", "Ada", hour=4000)), SPRING)
    undo_upload(store, "first", "Mia")
    assert counting(store, FALL) == {}
    assert counting(store, SPRING) == {"Ada": "spring"}


def test_an_upload_that_was_taken_out_can_be_stored_again(store: Store):
    rows = staff(["Ada", "Ben"])
    put(store, "first", rows)
    undo_upload(store, "first", "Mia")
    again = put(store, "first", rows)
    assert (again.status, counts(again)) == ("committed", (2, 0, 0))
    assert list(counting(store)) == ["Ada", "Ben"]
    assert put(store, "first", rows) == again, "a retry of it has the same outcome"
    undo_upload(store, str(again.upload_id), "Mia")
    assert counting(store) == {}


def counting_at_schools(store: Store) -> list[tuple[str, str, str]]:
    """Person, school and row of what counts."""
    return store.frame(f"select person, school_id, row_key from ({queries.LIVE}) order by all").rows()


AT_LINCOLN, AT_MADRONA = ("Ada", "lincoln", "at lincoln"), ("Ada", "madrona", "at madrona")


@pytest.mark.parametrize("hour", [0, 5], ids=["earlier", "later"])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "second"])
def test_what_is_uploaded_for_one_school_counts_beside_an_answer_from_another(store: Store, hour: int, is_first: bool):
    def for_madrona() -> None:
        own = put(store, "own", madrona("at madrona", "Ada", hour=hour), reach=MADRONA)
        assert counts(own) == (1, 0, 0), "the outcome does not depend on other schools"

    if is_first:
        for_madrona()
    put(store, "office", answers(row("at lincoln", "Ada", hour=1)))
    if not is_first:
        for_madrona()
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]
    settle(store, FALL)
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]
    undo_upload(store, "own", "Mia")
    assert counting_at_schools(store) == [AT_LINCOLN]


def test_two_schools_that_upload_for_themselves_do_not_touch_each_other(store: Store):
    lincoln = Scope(frozenset({"lincoln"}))
    put(store, "of madrona", madrona("at madrona", "Ada", hour=9), reach=MADRONA)
    assert counts(put(store, "of lincoln", answers(row("at lincoln", "Ada", hour=1)), reach=lincoln)) == (1, 0, 0)
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]


def test_a_school_keeps_its_own_answer_when_those_of_others_are_taken_out(store: Store):
    put(store, "first", answers(row("at lincoln", "Ada", hour=1)))
    put(store, "second", answers(row("again", "Ada", hour=2)))
    put(store, "own", madrona("at madrona", "Ada", hour=5), reach=MADRONA)
    undo_upload(store, "second", "Mia")
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]


@pytest.mark.parametrize("order", [("office", "own"), ("own", "office")], ids=" then ".join)
def test_within_a_school_the_later_answer_counts_whoever_uploads_it(store: Store, order: tuple[str, str]):
    hours = {"office": 1, "own": 5}
    for name in order:
        rows = madrona(f"of {name}", "Ada", hour=hours[name])
        put(store, name, rows, reach=MADRONA if name == "own" else EVERYTHING)
    assert counting_at_schools(store) == [("Ada", "madrona", "of own")]


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_the_counts_are_the_same_where_the_own_answer_gave_way_to_one_from_another_school(
    store: Store, is_elsewhere: bool
):
    put(store, "office", madrona("at madrona", "Ada", hour=1))
    if is_elsewhere:
        put(store, "office later", answers(row("at lincoln", "Ada", hour=2)))
    assert counts(put(store, "own", madrona("again", "Ada", hour=5), reach=MADRONA)) == (0, 0, 1)


def test_who_uploads_for_one_school_replaces_its_own_answers_as_ever(store: Store):
    put(store, "moved", madrona("at madrona", "Ada", hour=2))
    assert counts(put(store, "own", madrona("later", "Ada", hour=5), reach=MADRONA)) == (0, 0, 1)
    assert counting(store) == {"Ada": "later"}


def test_who_uploads_for_one_school_does_not_read_whose_file_held_its_rows(store: Store):
    rows = madrona("one", "Ada")
    store_upload(store, upload("of the office", rows, content="the same"), rows, reach=EVERYTHING)
    again = store_upload(store, upload("own", rows, content="the same"), rows, reach=MADRONA)
    told = (again.status, again.upload_id, again.earlier_file, again.earlier_at)
    assert told == ("unchanged", None, "", None)


def test_rows_of_a_school_out_of_reach_are_refused(store: Store):
    with pytest.raises(RefusedAccess):
        put(store, "own", pl.concat([madrona("one", "Ada"), answers(row("two", "Ben"))]), reach=MADRONA)
    assert not queries.has_uploads(store)


def test_only_what_is_there_can_be_taken_out(store: Store):
    put(store, "first", staff(["Ada"]))
    undo_upload(store, "first", "Mia")
    version = store.version()
    for name in ("first", "never was"):
        with pytest.raises(UnknownName, match=name):
            undo_upload(store, name, "Mia")
    assert store.version() == version


def test_the_history_names_what_was_taken_out(store: Store):
    put(store, "first", staff(["Ada"]))
    put(store, "second", staff(["Ben", "Cleo"]))
    undo_upload(store, "first", "Mia")
    history = queries.uploads(store).select("upload_id", "file", "uploaded_by", "rows_added", "is_undone")
    assert history.rows() == [("second", "second.xlsx", "Mia", 2, False), ("first", "first.xlsx", "Mia", 1, True)]


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
