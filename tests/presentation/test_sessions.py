"""Sessions whose school, trainer, class or slot is on no list any more are still told of, by what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pd_core.access import DISTRICT
from pd_core.planning.problem import Problem
from pd_core.planning.record import replay
from pd_core.presentation import session_views
from pd_core.presentation.sessions import HEADS, arranged, cards, cells, coming_up
from pd_core.reference.plan_file import read_plan
from pd_core.reports.files import render
from pd_core.reports.plan_record_text import change_labels, history_rows, plan_frame
from pd_core.school_names import SchoolNames
from tests.conftest import SCHOOLS
from tests.planning.test_record import STARTS, change, session

EMPTY = Problem((), (), (), (), needs={}, now=datetime(2026, 12, 1))


def test_a_session_of_what_is_deleted_is_shown_by_its_ids() -> None:
    record = replay([change(1, None, session(1))])
    (card,) = cards(record, EMPTY, record.sessions())
    assert (card.title, card.who) == (
        "word-entry",
        "For 8 people, at a school no longer listed (lincoln), taught by mie1.",
    )
    assert coming_up(record, EMPTY, DISTRICT, EMPTY.now).startswith(
        "Coming up: word-entry at a school no longer listed"
    )
    grid = session_views.board(EMPTY, record.sessions(), DISTRICT, None)
    assert grid.rows == (("lincoln", "word-entry, January 19 (S001)", "", "", ""),)
    assert session_views.by_trainer(EMPTY, record.sessions(), EMPTY.now).rows[0][:3] == ("mie1", "1", "0.0")


def test_a_day_with_many_sessions_says_how_many_more_there_are() -> None:
    record = replay([change(1, None, session(number)) for number in range(1, 6)])
    name = f"{STARTS:%Y-%m}"
    ((_, cell),) = session_views.month(EMPTY, record.sessions(), name).rows
    assert cell.split("\n")[-1] == "and 2 more"


def test_a_formula_in_a_note_is_harmless_in_a_file_and_comes_back_as_it_was() -> None:
    record = replay([change(1, None, session(1, note="=1+1"))])
    content = render(plan_frame(record, record.sessions()), "csv", title="plan")
    assert b"'=1+1" in content
    (row,) = read_plan("plan.csv", content, SchoolNames(SCHOOLS))
    assert row.note == "=1+1"


def test_a_change_is_picked_by_when_who_and_what() -> None:
    record = replay([change(1, None, session(1)), change(1, None, session(2)), change(2, 1, session(2, reached=9))])
    assert change_labels(history_rows(record)) == {
        2: "December 1, 9:00 a.m. UTC, someone: S002, people 8 → 9",
        1: "December 1, 9:00 a.m. UTC, someone: 2 sessions",
    }


def test_the_tenth_session_of_a_school_comes_after_its_second() -> None:
    record = replay([change(1, None, session(1))])
    (card,) = cards(record, EMPTY, record.sessions())
    ids = ["camas-10", "S3", "camas-2", "camas", "9" * 5000, "12", "²"]
    found = [replace(card, session=replace(card.session, session_id=one)) for one in ids]
    in_order = [one.session.session_id for one in arranged(found, "session_id", is_reversed=False)]
    assert in_order == ["12", "9" * 5000, "S3", "camas", "camas-2", "camas-10", "²"]
    turned = [one.session.session_id for one in arranged(found, "session_id", is_reversed=True)]
    assert turned == in_order[::-1]


def test_a_row_of_the_table_has_a_cell_for_each_heading() -> None:
    record = replay([change(1, None, session(1))])
    ((row,), (card,)) = cells(found := cards(record, EMPTY, record.sessions())), found
    assert dict(zip(HEADS, (words for words, _ in row), strict=True)) == {
        "session_id": "S001", "when": card.when, "title": card.title, "who": card.who,
        "state": "Proposed", "note": card.session.note,
    }  # fmt: skip
