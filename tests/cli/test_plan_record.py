"""The plan as a record on the command line: agreed, scheduled, moved, cancelled and exported."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.cli.command import audited
from tests.cli.recorded import COLUMNS, WAVE, copied, one, plan, sessions


@pytest.fixture
def store(recorded: Path) -> Path:
    return recorded


def test_a_proposal_becomes_the_sessions_of_the_plan(store: Path) -> None:
    found = sessions(store)
    assert found
    assert {row["state"] for row in found} == {"proposed"}
    assert list(found[0]) == COLUMNS
    assert [row["starts_at"] for row in found] == sorted(row["starts_at"] for row in found)


def test_sessions_are_agreed_to_then_scheduled_and_every_step_is_in_the_history(store: Path) -> None:
    first, second = (row["session_id"] for row in sessions(store)[:2])
    assert plan(store, "agree", first, second, "--note", "Staff meeting in December").code == 0
    assert plan(store, "schedule", first).code == 0
    assert (one(store, first)["state"], one(store, second)["state"]) == ("scheduled", "agreed")
    assert one(store, second)["note"] == "Staff meeting in December"
    changes = plan(store, "history", first, "--json").json["changes"]
    assert [change["state"] for change in changes] == ["proposed", "agreed", "scheduled"]
    assert changes[1]["what"] == "state proposed → agreed; note none → Staff meeting in December"
    assert any(row["kind"] == "plan" and row["subject"] == f"scheduled: {first}" for row in audited(store))


def test_a_step_cannot_be_skipped(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    answer = plan(store, "schedule", session_id)
    assert answer.code == 1
    assert answer.err == f"Session {session_id} is proposed and can't become scheduled.\nAgree to it first.\n"
    assert one(store, session_id)["state"] == "proposed"


def test_either_all_sessions_are_agreed_to_or_none(store: Path) -> None:
    first = sessions(store)[0]["session_id"]
    answer = plan(store, "agree", first, "S999")
    assert answer.code == 1
    assert "There is no session “S999” in the plan." in answer.err
    assert one(store, first)["state"] == "proposed"


def test_a_cancelled_session_needs_a_reason_and_stays_cancelled(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    assert plan(store, "cancel", session_id).code == 1
    assert plan(store, "cancel", session_id, "--reason", "Snow day").code == 0
    assert (one(store, session_id)["state"], one(store, session_id)["note"]) == ("cancelled", "Snow day")
    assert "can't become agreed" in plan(store, "agree", session_id).err


def test_a_change_from_an_older_version_is_refused_with_both_sides(store: Path) -> None:
    session = sessions(store)[0]
    session_id, base = session["session_id"], session["base"]
    people = session["reached"] - 1
    assert plan(store, "move", session_id, "--people", people).code == 0
    answer = plan(store, "agree", session_id, "--base", base)
    assert answer.code == 1
    assert f"Session {session_id} was changed meanwhile by" in answer.err
    assert f"Theirs: people {session['reached']} → {people}." in answer.err
    assert "Yours: state proposed → agreed." in answer.err
    assert one(store, session_id)["state"] == "proposed"


def test_a_move_that_breaks_a_limit_says_so_and_can_be_overruled_with_a_reason(store: Path) -> None:
    session = sessions(store)[0]
    answer = plan(store, "move", session["session_id"], "--people", 500)
    assert answer.code == 1
    assert "It is planned for 500 people;" in answer.err
    assert one(store, session["session_id"])["reached"] == session["reached"]
    answer = plan(store, "move", session["session_id"], "--people", 500, "--reason", "In the gym", "--json")
    assert answer.code == 0
    assert "500 people" in answer.json["overruled"][0]
    assert (one(store, session["session_id"])["reached"], one(store, session["session_id"])["note"]) == (
        500,
        "In the gym",
    )


def test_two_sessions_of_one_trainer_at_once_are_a_conflict(store: Path) -> None:
    by_trainer: dict[str, list[dict[str, Any]]] = {}
    for row in sessions(store):
        by_trainer.setdefault(row["trainer_id"], []).append(row)
    first, second = next(rows for rows in by_trainer.values() if len({row["slot_id"] for row in rows}) > 1)[:2]
    answer = plan(store, "move", second["session_id"], "--slot", first["slot_id"])
    assert answer.code == 1
    assert f"teaches {first['session_id']} at that time." in answer.err


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--slot", "never", "There is no slot “never” in the list."),
        ("--trainer", "no one", "There is no trainer “no one” in the list."),
        ("--school", "Atlantis", "There is no school “Atlantis”."),
    ],
)
def test_a_move_to_what_is_not_listed_is_refused(store: Path, option: str, value: str, sentence: str) -> None:
    answer = plan(store, "move", sessions(store)[0]["session_id"], option, value)
    assert answer.code == 1
    assert sentence in answer.err


def test_a_change_is_taken_back(store: Path) -> None:
    before = one(store, sessions(store)[0]["session_id"])
    plan(store, "agree", before["session_id"])
    change = plan(store, "history", before["session_id"], "--json").json["changes"][-1]["change"]
    assert plan(store, "undo", change).code == 0
    after = one(store, before["session_id"])
    assert {**after, "base": 0, "changed_at": ""} == {**before, "base": 0, "changed_at": ""}
    assert "can't be undone" in plan(store, "undo", change).err


def test_an_earlier_version_of_the_plan_can_be_shown(store: Path) -> None:
    before = sessions(store)
    plan(store, "cancel", before[0]["session_id"], "--reason", "Snow day")
    assert sessions(store, "--at", before[0]["base"]) == before


def test_the_next_proposal_keeps_what_was_decided_and_replaces_the_rest(store: Path) -> None:
    first, second, *_ = sessions(store)
    plan(store, "agree", first["session_id"])
    plan(store, "cancel", second["session_id"], "--reason", "Not this year")
    answer = plan(store, "propose", "--wave", WAVE, "--time-limit", "2", "--json")
    assert answer.code == 0
    kept = [row for row in answer.json["sessions"] if row["session_id"] == first["session_id"]]
    assert [(row["trainer_id"], row["slot_id"]) for row in kept] == [(first["trainer_id"], first["slot_id"])]
    assert one(store, first["session_id"])["state"] == "agreed"
    open_ids = {row["session_id"] for row in sessions(store) if row["state"] in ("proposed", "agreed")}
    assert open_ids == {row["session_id"] for row in answer.json["sessions"]}


def test_the_calendar_is_read_back_with_local_times_and_stable_ids(store: Path, tmp_path: Path) -> None:
    first = sessions(store)[0]
    before = events(store, tmp_path)
    assert len(before) == len(sessions(store))
    plan(store, "cancel", first["session_id"], "--reason", "Snow day")
    after = events(store, tmp_path)
    assert after.keys() == before.keys()
    uid = next(uid for uid in after if uid.startswith(first["session_id"]))
    assert (before[uid]["status"], before[uid]["sequence"]) == ("TENTATIVE", 0)
    assert (after[uid]["status"], after[uid]["sequence"]) == ("CANCELLED", 1)
    starts = after[uid].decoded("dtstart")
    assert starts.isoformat()[:16] == first["starts_at"][:16]
    assert starts.utcoffset() in (timedelta(hours=-8), timedelta(hours=-7))


def events(store: Path, folder: Path) -> dict[str, Any]:
    assert plan(store, "export", "--output", folder / "plan.ics").code == 0
    calendar = icalendar.Calendar.from_ical((folder / "plan.ics").read_bytes())
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Los_Angeles"]
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_a_plan_is_narrowed_to_a_school_or_a_trainer(store: Path) -> None:
    first = sessions(store)[0]
    school_id = first["school_ids"].split(";")[0]
    assert all(school_id in row["school_ids"].split(";") for row in sessions(store, "--school", school_id))
    assert {row["trainer_id"] for row in sessions(store, "--trainer", first["trainer_id"])} == {first["trainer_id"]}
    answer = plan(store, "show", "--trainer", "no one")
    assert answer.code == 1
    assert "There is no trainer “no one”." in answer.err


def test_without_a_plan_every_command_says_what_to_do(planned: Path, tmp_path: Path) -> None:
    copied(planned, tmp_path / "pd.duckdb")
    store = tmp_path / "pd.duckdb"
    assert plan(store, "show").out == "There are no sessions in the plan.\n"
    assert "Propose a plan first." in plan(store, "agree", "S001").err
    assert plan(store, "agree").code == 1


def test_sessions_are_split_joined_and_added_from_the_command_line(store: Path) -> None:
    session = next(row for row in sessions(store) if row["reached"] >= 10 and ";" not in row["school_ids"])
    session_id = session["session_id"]
    answer = plan(store, "split", session_id, "--people", 5, "--reason", "Two rooms", "--json")
    assert answer.code == 0, answer.err
    first, second = answer.json["sessions"]
    assert (first["reached"], second["reached"]) == (session["reached"] - 5, 5)
    assert plan(store, "join", session_id, second["session_id"], "--reason", "One room", "--json").code == 0
    assert one(store, session_id)["reached"] == session["reached"]
    assert one(store, second["session_id"])["state"] == "cancelled"
    answer = plan(
        store, "add", "--school", session["school_ids"], "--training", session["training_id"], "--trainer",
        session["trainer_id"], "--slot", session["slot_id"], "--people", 5, "--reason", "Again", "--json",
    )  # fmt: skip
    assert answer.json["sessions"][0]["state"] == "proposed"


def test_a_change_is_asked_for_and_answered(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    assert "Change asked for: On a Thursday" in plan(store, "ask", session_id, "On a Thursday").out
    assert "Note: Done" in plan(store, "answer", session_id, "Done").out
    assert "Change asked for" not in plan(store, "show").out
