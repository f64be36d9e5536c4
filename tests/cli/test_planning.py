"""A plan on the command line: lists are set, a plan is proposed as JSON, and what cannot be planned is a sentence."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pd_core.config import ROOT
from tests.cli.command import Answer, audited, pd

WAVE = "Fall 2026"
SAMPLE = ROOT / "data" / "sample"
LISTS = ("slots", "trainers", "goals", "travel")


@pytest.fixture(scope="module")
def proposal(planned: Path) -> dict[str, Any]:
    answer = pd("plan", "propose", "--wave", WAVE, "--time-limit", "4", "--json", store=planned)
    assert answer.code == 0
    found: dict[str, Any] = answer.json
    return found


def propose(store: Path, *options: object) -> Answer:
    return pd("plan", "propose", "--wave", WAVE, "--time-limit", "2", "--json", *options, store=store)


def rows_of(table: str, store: Path) -> list[dict[str, str]]:
    return pd("export", table, "--wave", WAVE, store=store).rows


def test_a_proposal_has_every_field_of_the_contract(proposal: dict[str, Any]) -> None:
    assert set(proposal) == {
        "status", "objective", "bound", "gap", "comfort", "seconds", "cost", "trainer_hours", "sessions", "unmet",
        "resend", "binding",
    }  # fmt: skip
    assert set(proposal["sessions"][0]) == {
        "session_id", "school_ids", "training_id", "trainer_id", "slot_id", "reached", "reached_by_school", "why",
    }  # fmt: skip
    assert proposal["objective"] <= proposal["bound"]


def test_people_and_resends_come_from_the_tables_that_can_be_taken_away(
    planned: Path, proposal: dict[str, Any]
) -> None:
    needs = {
        (row["school_id"], row["skill_id"], row["training"]): int(float(row["people_low"]))
        for row in rows_of("needs", planned)
        if row["people_low"] and row["school_id"] != "district"
    }
    skills = {f"{skill}-{kind}": (skill, kind) for _, skill, kind in needs}
    left = {need: people for need, people in needs.items() if people > 0}
    for session in proposal["sessions"]:
        for school_id, people in session["reached_by_school"].items():
            left[school_id, *skills[session["training_id"]]] -= people
    told = {(one["school_id"], one["skill_id"], one["kind"]): one["people"] for one in proposal["unmet"]}
    assert told == {need: people for need, people in left.items() if people}
    early = {
        row["school_id"]
        for row in rows_of("verdicts", planned)
        if row["verdict"] == "too early" and int(row["missing"] or 0) > 0
    }
    assert {one["school_id"] for one in proposal["resend"]} == early
    assert early.isdisjoint(one for session in proposal["sessions"] for one in session["school_ids"])


def test_a_small_school_whose_answers_are_hidden_stands_nowhere_in_a_plan(
    planned: Path, proposal: dict[str, Any]
) -> None:
    hidden = {row["school_id"] for row in rows_of("needs", planned)} - {
        row["school_id"] for row in rows_of("needs", planned) if row["people_low"]
    }
    assert hidden
    assert hidden.isdisjoint(one["school_id"] for one in proposal["unmet"])
    assert hidden.isdisjoint(one for session in proposal["sessions"] for one in session["school_ids"])


def test_without_json_the_plan_is_a_few_sentences_and_a_line_for_each_session(planned: Path) -> None:
    answer = pd("plan", "propose", "--wave", WAVE, "--time-limit", "2", store=planned)
    assert answer.code == 0
    assert " people in need; " in answer.out.splitlines()[0]
    assert "2031-01-14 15:30  " in answer.out


def test_locks_of_a_file_hold(planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "locks.csv"
    file.write_text(
        "action,school_id,training_id,trainer_id,slot_id\nlock,kelp_harbor,,,pd_mar\nforbid,,onenote-entry,,\n",
        encoding="utf-8",
    )
    answer = propose(planned, "--locks", file)
    assert answer.code == 0
    sessions = answer.json["sessions"]
    assert any("kelp_harbor" in one["school_ids"] and one["slot_id"] == "pd_mar" for one in sessions)
    assert all(one["training_id"] != "onenote-entry" for one in sessions)


@pytest.mark.parametrize(
    ("lock", "sentence"),
    [
        ("lock,nowhere,,,", "school “nowhere” is not listed."),
        (
            "lock,,onenote-entry,fac_all,",
            "is an entry training, and fac_all a trainer of the other kind.",
        ),
        ("lock,,sway-entry,,\nforbid,,sway-entry,,", "contradicts row 3 (forbid: training sway-entry)"),
    ],
)
def test_locks_that_cannot_be_kept_are_refused_as_infeasible(
    planned: Path, tmp_path: Path, lock: str, sentence: str
) -> None:
    file = tmp_path / "locks.csv"
    file.write_text(f"action,school_id,training_id,trainer_id,slot_id\n{lock}\n", encoding="utf-8")
    answer = propose(planned, "--locks", file)
    assert answer.code == 1
    assert answer.json["status"] == "infeasible"
    assert sentence in answer.json["message"]
    assert sentence in answer.err


@pytest.mark.parametrize("missing", ["trainers", "trainings in the catalog", "slots"])
def test_a_list_that_is_not_there_is_named(district: Path, tmp_path: Path, missing: str) -> None:
    store = tmp_path / "pd.duckdb"
    shutil.copy(district, store)
    for name, listed in (("trainers", "trainers"), ("slots", "slots")):
        if listed != missing:
            pd(name, SAMPLE / f"{name}.csv", store=store)
    if missing != "trainings in the catalog":
        pd("catalog", ROOT / "data" / "catalogue" / "catalogue.csv", store=store)
    answer = propose(store)
    assert (answer.code, answer.json["status"]) == (1, "infeasible")
    assert f"There are no {missing}." in answer.json["message"]


def test_slots_that_are_all_past_are_told(planned: Path, tmp_path: Path) -> None:
    store = tmp_path / "pd.duckdb"
    shutil.copy(planned, store)
    file = tmp_path / "slots.csv"
    file.write_text("slot_id,starts_at,ends_at,time\nold,2020-01-14 15:30,2020-01-14 17:00,\n", encoding="utf-8")
    assert pd("slots", file, store=store).code == 0
    answer = propose(store)
    assert answer.code == 1
    assert "the last, old, began on 2020-01-14 at 15:30" in answer.json["message"]


def test_a_home_that_is_no_school_any_more_is_told(planned: Path, tmp_path: Path) -> None:
    store, file = tmp_path / "pd.duckdb", tmp_path / "trainers.csv"
    shutil.copy(planned, store)
    (tmp_path / "new.csv").write_text("school_id,name\nnew,New School\n", encoding="utf-8")
    with_new = (SAMPLE / "schools.csv").read_text(encoding="utf-8") + "new,New School,,high,North,30\n"
    (tmp_path / "with_new.csv").write_text(with_new, encoding="utf-8")
    pd("schools", tmp_path / "with_new.csv", store=store)
    file.write_text("trainer_id,kind,home_school_id,hours,skills\nann,mie,new,5,teams\n", encoding="utf-8")
    assert pd("trainers", file, store=store).code == 0
    pd("schools", SAMPLE / "schools.csv", store=store)
    answer = propose(store)
    assert answer.code == 1
    assert "Trainers, ann: the home new is not in the list of schools any more." in answer.json["message"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--budget", "100"), "A budget needs a rate."),
        (("--fewest", "0"), "The fewest people in a session is 0."),
        (("--time-limit", "0"), "The time limit is 0 seconds."),
        (("--wave", "Spring 1999"), "There is no wave “Spring 1999” with answers."),
    ],
)
def test_a_number_or_wave_that_cannot_be_used_is_refused(
    planned: Path, options: tuple[str, str], sentence: str
) -> None:
    answer = pd("plan", "propose", *(() if options[0] == "--wave" else ("--wave", WAVE)), *options, store=planned)
    assert answer.code == 1
    assert sentence in answer.err


def test_a_budget_holds(planned: Path) -> None:
    answer = propose(planned, "--budget", "3000", "--rate", "45")
    assert answer.code == 0
    assert 0 < answer.json["cost"] <= 3000


def test_each_list_replaces_the_one_before_and_stands_in_the_audit(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "trainers.csv"
    head = "trainer_id,name,kind,home_school_id,skills,hours,slots\n"
    file.write_text(f"{head}a,A,mie,ruby,teams,5,x1\n", encoding="utf-8")
    answer = pd("trainers", file, "--json", store=store)
    assert answer.json == {
        "trainers": 1, "mies": 1, "warnings": ["1 trainer with slots of their own: no slots are listed yet."]
    }  # fmt: skip
    file.write_text(f"{head}b,B,facilitator,,teams,5,\nc,C,mie,ruby,word,5,\n", encoding="utf-8")
    assert pd("trainers", file, "--json", store=store).json["trainers"] == 2
    assert pd("trainers", file, store=store).code == 0
    entries = [row for row in audited(store) if row["kind"] == "planning list"]
    assert [row["subject"] for row in entries] == ["2 in the list: trainer", "1 in the list: trainer"]


def test_a_list_with_a_bad_row_changes_nothing(planned: Path, tmp_path: Path) -> None:
    file = tmp_path / "slots.csv"
    file.write_text(f"slot_id,starts_at,ends_at\nx,{datetime(2031, 1, 1)},later\n", encoding="utf-8")
    answer = pd("slots", file, store=planned)
    assert answer.code == 1
    assert "row 2: ends_at is “later”" in answer.err
    assert "Nothing was changed." in answer.err
