"""What undoing an upload gives back."""

from __future__ import annotations

import pytest
from polars.testing import assert_frame_equal

from pd_core.errors import UnknownName
from pd_core.storage import Store, queries, undo_upload
from tests.storage.made_up import FALL, SPRING, answers, counting, counts, live, put, row, staff


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
