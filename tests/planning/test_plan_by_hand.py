"""Sessions added, moved, split and joined by hand, and requests for a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pd_core.actions.plan_by_hand import add, join, move, split
from pd_core.actions.plan_record import (
    StaleBase,
    change_plan,
    put_note,
    record_of,
    record_proposal,
    take_step,
    undo_change,
)
from pd_core.actions.plan_requests import answer_request, ask_for_change
from pd_core.entities import PlanSession
from pd_core.errors import RefusedAccess, UserError
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.result import Plan, PlannedSession
from pd_core.storage import Store, open_store, reference
from pd_core.summaries.planning_lists import planning_lists
from tests.conftest import SCHOOLS
from tests.pages.planned import load_lists
from tests.planning.test_record import NOW, session, visitor

FAY = visitor()


@pytest.fixture
def planned(store: Store, codebook: Any) -> Store:
    """A store with lists and two agreed sessions of Word: S001 by Mia in slot one, S002 by Mia in slot two."""
    load_lists(store, codebook)
    at = datetime(2031, 1, 14, 15, 30)
    first = PlanSession("S001", "agreed", ("lincoln",), "word-entry", "mia", "one", at, at + timedelta(minutes=90), 12)
    second = replace(first, session_id="S002", slot_id="two", reached=6)
    change_plan(store, FAY, "proposed", lambda _: [first, second])
    return store


@pytest.fixture
def store(tmp_path: Any, codebook: Any) -> Store:
    found = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    reference.set_schools(found, SCHOOLS, "test")
    return found


def now_of(store: Store, session_id: str) -> PlanSession:
    return record_of(store, FAY).session(session_id)


def test_a_split_session_has_a_second_part_of_its_own(planned: Store) -> None:
    done = split(planned, FAY, "S001", 5, NOW, slot_id="three")
    assert [(one.session_id, one.reached, one.slot_id, one.state) for one in done.sessions] == [
        ("S001", 7, "one", "agreed"),
        ("S003", 5, "three", "agreed"),
    ]
    assert done.broken == ()
    changes = record_of(planned, FAY).changes
    assert changes[-1].number == changes[-2].number, "both parts are one change"
    undo_change(planned, FAY, changes[-1].number)
    assert now_of(planned, "S001").reached == 12
    assert now_of(planned, "S003").state == "withdrawn"


def test_a_part_at_the_same_time_with_the_same_trainer_is_refused_until_there_is_a_reason(planned: Store) -> None:
    with pytest.raises(UserError) as error:
        split(planned, FAY, "S001", 5, NOW)
    assert "S003: Mia Lane teaches S001 at that time." in error.value.details
    assert split(planned, FAY, "S001", 5, NOW, reason="Two rooms, one door").sessions[1].note == "Two rooms, one door"


@pytest.mark.parametrize("people", [0, 12, -1])
def test_a_part_has_some_of_the_people_and_not_all(planned: Store, people: int) -> None:
    with pytest.raises(UserError, match="can't be split off"):
        split(planned, FAY, "S001", people, NOW)


def test_joined_sessions_are_one_and_the_other_is_cancelled(planned: Store) -> None:
    join(planned, FAY, "S001", "S002", NOW)
    assert now_of(planned, "S001").reached == 18
    other = now_of(planned, "S002")
    assert (other.state, other.note) == ("cancelled", "Joined with S001.")


def test_sessions_of_two_trainings_are_not_joined(planned: Store) -> None:
    change_plan(planned, FAY, "proposed", lambda _: [session(3, training_id="excel-entry", trainer_id="mia")])
    for other in ("S003", "S001"):
        with pytest.raises(UserError, match="can't be joined"):
            join(planned, FAY, "S001", other, NOW)


def test_a_session_far_from_its_guests_is_said_to_be(planned: Store) -> None:
    tried = move(planned, FAY, "S001", NOW, school_ids=["lincoln", "washington"], dry_run=True)
    assert "Washington Elementary is no neighbor of Lincoln High." in tried.broken
    assert now_of(planned, "S001").school_ids == ("lincoln",)


def test_a_session_is_added_by_hand_after_the_highest_id(planned: Store) -> None:
    what = {"school_ids": ["lincoln"], "training_id": "word-entry", "trainer_id": "mia", "slot_id": "three"}
    done = add(planned, FAY, NOW, reached=9, **what)
    (found,) = done.sessions
    assert (found.session_id, found.state, found.starts_at) == ("S003", "proposed", datetime(2031, 1, 28, 9))


def test_a_slot_in_the_past_is_said_and_an_unknown_one_refused(planned: Store) -> None:
    how = {"school_ids": ["lincoln"], "training_id": "word-entry", "trainer_id": "mia", "reached": 9}
    late = datetime(2032, 1, 1)
    with pytest.raises(UserError) as error:
        add(planned, FAY, late, slot_id="one", **how)
    assert "Slot one began on January 14, 3:30 p.m.." in " ".join(error.value.details) + "."
    with pytest.raises(UserError, match="There is no slot “never”"):
        add(planned, FAY, NOW, slot_id="never", **how)


def test_an_mie_changes_the_entry_classes_of_the_own_school_alone(planned: Store) -> None:
    mia = visitor("mie", "lincoln")
    assert move(planned, mia, "S001", NOW, slot_id="three").sessions
    with pytest.raises(RefusedAccess):
        move(planned, mia, "S001", NOW, school_ids=["washington"], dry_run=True)
    with pytest.raises(RefusedAccess):
        split(planned, visitor("principal", "lincoln"), "S001", 5, NOW)


def test_a_change_from_an_older_version_is_refused_and_one_next_to_it_is_not(planned: Store) -> None:
    base = record_of(planned, FAY).change_of("S001").number
    move(planned, visitor("mie", "lincoln"), "S001", NOW, reached=11, base=base)
    for late in (
        lambda: move(planned, FAY, "S001", NOW, slot_id="three", base=base),
        lambda: split(planned, FAY, "S001", 5, NOW, slot_id="three", base=base),
        lambda: put_note(planned, FAY, "S001", "Mine", NOW, base=base),
    ):
        with pytest.raises(StaleBase) as error:
            late()
        assert "Theirs: people 12 → 11." in error.value.details
    assert move(planned, FAY, "S002", NOW, reached=5, base=base).sessions, "another session is not touched by it"


def test_a_request_waits_until_it_is_answered_or_the_session_moves(planned: Store) -> None:
    pat = visitor("principal", "lincoln")
    ask_for_change(planned, pat, "S001", "A Thursday,\nplease", NOW)
    take_step(planned, FAY, ["S001"], "scheduled", NOW)
    assert now_of(planned, "S001").asked == "A Thursday, please"
    with pytest.raises(RefusedAccess):
        answer_request(planned, pat, "S001", "Yes", NOW)
    answer_request(planned, FAY, "S001", "No slot", NOW)
    assert (now_of(planned, "S001").asked, now_of(planned, "S001").note) == ("", "No slot")
    with pytest.raises(UserError, match="No change of session S001 is asked for"):
        answer_request(planned, FAY, "S001", "No slot", NOW)
    ask_for_change(planned, pat, "S001", "Later", NOW)
    move(planned, FAY, "S001", NOW, slot_id="three")
    assert now_of(planned, "S001").asked == ""


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_request_is_refused(planned: Store, text: str) -> None:
    with pytest.raises(UserError, match="is empty"):
        ask_for_change(planned, FAY, "S001", text, NOW)


def test_no_change_is_asked_of_what_is_over(planned: Store) -> None:
    take_step(planned, FAY, ["S001"], "cancelled", NOW, note="Snow day")
    with pytest.raises(UserError, match="S001 is cancelled"):
        ask_for_change(planned, FAY, "S001", "Later", NOW)


def test_a_trainer_whose_home_is_gone_can_teach_nothing_but_closes_no_page(planned: Store) -> None:
    reference.set_schools(planned, SCHOOLS.filter(SCHOOLS["school_id"] != "washington"), "test")
    assert [one.trainer_id for one in planning_lists(planned, NOW).trainers] == ["mia", "fay"]
    with pytest.raises(NoPlan, match="the home washington is not in the list of schools any more"):
        planning_lists(planned, NOW, needs_homes=True)
    with pytest.raises(UserError, match="There is no trainer “wes” in the list"):
        move(planned, FAY, "S001", NOW, trainer_id="wes")


def test_what_people_wrote_of_a_proposal_stays_when_it_is_proposed_again(planned: Store) -> None:
    one = now_of(planned, "S001")
    proposed = replace(one, session_id="S003", state="proposed", slot_id="three")
    change_plan(planned, FAY, "proposed", lambda _: [proposed])
    ask_for_change(planned, visitor("principal", "lincoln"), "S003", "Later", NOW)
    again = PlannedSession("new", one.school_ids, one.training_id, one.trainer_id, "three", 9, {"lincoln": 9}, "")
    record_proposal(planned, FAY, Plan("optimal", 9, 9, 0, 0, 0, 0, 1, (again,), (), (), ()), NOW)
    assert (now_of(planned, "S003").reached, now_of(planned, "S003").asked) == (9, "Later")


def test_a_decided_session_that_is_proposed_with_another_neighbor_is_not_doubled(planned: Store) -> None:
    one = now_of(planned, "S001")
    schools = ("lincoln", "madrona")
    again = PlannedSession(
        "new", schools, one.training_id, one.trainer_id, one.slot_id, 14, dict.fromkeys(schools, 7), ""
    )
    found = record_proposal(planned, FAY, Plan("optimal", 14, 14, 0, 0, 0, 0, 1, (again,), (), (), ()), NOW)
    assert [session.session_id for session in found.sessions] == ["S001"]
    assert [session.session_id for session in record_of(planned, FAY).sessions()] == ["S001", "S002"]
    assert now_of(planned, "S001") == one
