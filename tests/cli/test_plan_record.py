"""The plan as a record on the command line: agreed, scheduled, moved, cancelled, exported, edited and loaded again."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.cli.command import Answer, audited, pd

WAVE = "Fall 2026"
COLUMNS = [
    "session_id", "state", "school_ids", "training_id", "trainer_id", "slot_id", "starts_at", "ends_at", "reached",
    "note", "changed_by", "changed_at", "base",
]  # fmt: skip


@pytest.fixture(scope="module")
def proposed(planned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("proposed") / "pd.duckdb"
    copied(planned, store)
    assert pd("plan", "propose", "--wave", WAVE, "--time-limit", "2", store=store).code == 0
    return store


@pytest.fixture
def store(proposed: Path, tmp_path: Path) -> Path:
    """A store with a proposal, to change."""
    copied(proposed, tmp_path / "pd.duckdb")
    return tmp_path / "pd.duckdb"


def copied(source: Path, target: Path) -> None:
    shutil.copy(source, target)
    shutil.copy(source.with_suffix(".key"), target.with_suffix(".key"))


def plan(store: Path, *arguments: object) -> Answer:
    return pd("plan", *arguments, store=store)


def sessions(store: Path, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = plan(store, "show", "--json", *options).json["sessions"]
    return found


def one(store: Path, session_id: str) -> dict[str, Any]:
    return next(row for row in sessions(store) if row["session_id"] == session_id)


def edited(
    store: Path, folder: Path, changes: dict[str, dict[str, object]], added: tuple[dict[str, str], ...] = ()
) -> Path:
    """The exported plan with some cells changed, as a spreadsheet would save it."""
    rows = plan(store, "export").rows
    for row in rows:
        row.update({name: str(value) for name, value in changes.get(row["session_id"], {}).items()})
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows([*rows, *added])
    file = folder / "plan.csv"
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


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


def test_an_edited_export_is_loaded_as_one_change(store: Path, tmp_path: Path) -> None:
    first, second = sessions(store)[:2]
    changes: dict[str, dict[str, object]] = {
        first["session_id"]: {"state": "agreed", "note": "=1+1"}, second["session_id"]: {"reached": 5},
    }  # fmt: skip
    file = edited(store, tmp_path, changes)
    preview = plan(store, "import", file, "--dry-run", "--json").json
    assert (preview["changed"], preview["stored"]) == (2, False)
    assert one(store, first["session_id"])["state"] == "proposed"
    answer = plan(store, "import", file, "--json")
    assert answer.json["changed"] == 2
    assert answer.json["unchanged"] == len(sessions(store)) - 2
    assert one(store, first["session_id"])["base"] == one(store, second["session_id"])["base"]
    assert one(store, first["session_id"])["note"] == "=1+1"
    assert {row["session_id"]: row["note"] for row in plan(store, "export").rows}[first["session_id"]] == "'=1+1"
    assert plan(store, "import", edited(store, tmp_path, {}), "--json").json["changed"] == 0


def test_an_import_keeps_what_others_changed_in_rows_that_it_did_not_touch(store: Path, tmp_path: Path) -> None:
    first, second = sessions(store)[:2]
    file = edited(store, tmp_path, {second["session_id"]: {"reached": 5}})
    plan(store, "agree", first["session_id"])
    assert plan(store, "import", file, "--json").json["changed"] == 1
    assert one(store, first["session_id"])["state"] == "agreed"


def test_an_import_that_touches_what_others_changed_is_refused_with_both_sides(store: Path, tmp_path: Path) -> None:
    first = sessions(store)[0]
    file = edited(store, tmp_path, {first["session_id"]: {"reached": 5}})
    plan(store, "agree", first["session_id"])
    answer = plan(store, "import", file)
    assert answer.code == 1
    assert "row 2: Session" in answer.err
    assert "(state proposed → agreed); the file wants people" in answer.err
    assert one(store, first["session_id"])["reached"] == first["reached"]


def test_an_import_adds_sessions(store: Path, tmp_path: Path) -> None:
    first = sessions(store)[0]
    plan(store, "cancel", first["session_id"], "--reason", "Held otherwise")
    new = {name: str(first[name]) for name in ("school_ids", "training_id", "trainer_id", "slot_id", "reached")}
    file = edited(store, tmp_path, {}, ({**new, "state": "agreed", "session_id": ""},))
    assert plan(store, "import", file, "--json").json["changed"] == 1
    assert [row["state"] for row in sessions(store) if row["slot_id"] == first["slot_id"]].count("agreed") == 1


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"state": "done"}, "state is “done”; expected proposed, agreed, scheduled, delivered, cancelled."),
        ({"state": "scheduled"}, "is proposed and can't become scheduled."),
        ({"state": "cancelled", "note": ""}, "is cancelled without a reason"),
        ({"school_ids": "Atlantis"}, "school_ids “Atlantis” is not a school of the district."),
        ({"trainer_id": "no one"}, "There is no trainer “no one” in the list."),
        ({"reached": "many"}, "reached is “many”; expected a whole number"),
        ({"reached": "500"}, "planned for 500 people"),
        ({"session_id": "S999"}, "There is no session “S999” in the plan."),
        ({"base": "17"}, "never had the base 17"),
    ],
)
def test_a_row_that_cannot_be_taken_refuses_the_file(
    store: Path, tmp_path: Path, cells: dict[str, object], sentence: str
) -> None:
    before = sessions(store)
    answer = plan(store, "import", edited(store, tmp_path, {before[0]["session_id"]: cells}))
    assert answer.code == 1
    assert sentence in answer.err
    assert sessions(store) == before


def test_a_session_that_is_listed_twice_refuses_the_file(store: Path, tmp_path: Path) -> None:
    file = edited(store, tmp_path, {})
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    assert "is already in row 2." in plan(store, "import", file).err


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
    plan_is_empty = not sessions(store)
    if plan_is_empty:
        assert plan(store, "show").out == "There are no sessions in the plan.\n"
        assert "Propose a plan first." in plan(store, "agree", "S001").err
    assert plan(store, "agree").code == 1
