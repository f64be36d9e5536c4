"""Sessions said to be held, and who attended, by command: receipts add up, and nothing is stored twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pd_core.summaries.years import year_of
from tests.cli.command import Answer, audited, pd
from tests.cli.recorded import plan, sessions

COLUMNS = [
    "session_id", "school_id", "training_id", "trainer_id", "delivered_on", "attended", "minutes", "hours", "cost",
    "suppressed",
]  # fmt: skip
TODAY = date.today().isoformat()
SCHOOL = "cedar_hollow"


@pytest.fixture
def store(recorded: Path) -> Path:
    return recorded


def deliver(store: Path, *rows: str, columns: str = "session_id,delivered_on,attended,minutes,note") -> dict[str, Any]:
    file = store.with_name("deliver.csv")
    file.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return receipt(pd("deliver", file, "--json", store=store))


def attend(store: Path, session_id: str, text: str, *options: str, name: str = "list.csv") -> dict[str, Any]:
    file = store.with_name(name)
    file.write_bytes(text.encode())
    return receipt(pd("attendance", session_id, file, "--json", *options, store=store))


def receipt(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = answer.json[0]
    assert answer.code == (1 if found["status"] == "rejected" else 0)
    parts = ("rows_added", "rows_existing", "rows_replaced", "rows_set_aside")
    assert found["rows_read"] == sum(found[part] for part in parts)
    return found


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[f"rows_{name}"] for name in ("added", "existing", "replaced", "set_aside"))


def exported(store: Path, table: str = "deliveries") -> list[dict[str, str]]:
    return pd("export", table, store=store).rows


def staff(first: int, last: int, school: str = SCHOOL) -> list[str]:
    return [f"sample.person{number}.{school}@example.org" for number in range(first, last + 1)]


def test_more_people_than_work_there_are_taken_and_asked_about(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    found = deliver(store, f"{session_id},{TODAY},900,60,")
    assert counts(found) == (1, 0, 0, 0)
    assert f"Check {session_id}: 900 people attended, and its school" in found["message"]
    assert "Check" not in deliver(store, f"{session_id},{TODAY},9,60,")["message"]


def test_sessions_are_said_to_be_held_and_the_same_file_again_changes_nothing(store: Path) -> None:
    first, second = sessions(store)[:2]
    rows = [f"{first['session_id']},{TODAY},12,90,Full room", f"{second['session_id']},{TODAY},3,60,"]
    assert counts(deliver(store, *rows)) == (2, 0, 0, 0)
    again = deliver(store, *rows)
    assert (again["status"], counts(again)) == ("unchanged", (0, 2, 0, 0))
    assert [row["state"] for row in sessions(store)[:2]] == ["delivered", "delivered"]
    shown, hidden = exported(store)
    assert list(shown) == COLUMNS
    assert (shown["attended"], float(shown["hours"]), shown["suppressed"]) == ("12", 18.0, "false")
    assert (hidden["attended"], hidden["hours"], hidden["suppressed"]) == ("", "", "true")
    assert counts(deliver(store, rows[0].replace(",12,", ",14,"))) == (0, 0, 1, 0)
    assert exported(store)[0]["attended"] == "14"
    assert any(row["kind"] == "delivery" for row in audited(store))


def test_each_row_that_cannot_be_is_set_aside_with_a_sentence(store: Path) -> None:
    ids = [row["session_id"] for row in sessions(store)]
    plan(store, "cancel", ids[0], "--reason", "Snow day")
    tomorrow, yesterday = (date.today() + timedelta(days=days) for days in (2, -2))
    found = deliver(
        store,
        f"{ids[0]},{TODAY},9,60,",
        f"{ids[1]},{tomorrow},9,60,",
        f"{ids[2]},{yesterday},9,60,",
        f"{ids[3]},{TODAY},9,1500,",
        f"{ids[4]},{TODAY},9,0,",
        f"{ids[5]},{TODAY},many,60,",
        f"S999,{TODAY},9,60,",
        f"{ids[6]},soon,9,60,",
        f",{TODAY},9,60,",
    )
    assert (found["status"], counts(found)) == ("rejected", (0, 0, 0, 9))
    said = [one["reason"] for one in found["problems"]]
    assert "was cancelled on" in said[0] and "(Snow day)" in said[0]
    assert said[1] == "this day is still to come"
    assert "was planned later" in said[2]
    assert "24 hours" in said[3] and "no minutes" in said[4] and "number of people" in said[5]
    assert "no session of the plan has this id" in said[6]
    assert exported(store) == []


def test_a_list_joins_the_staff_without_a_name_and_a_longer_one_adds_people(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    people = staff(1, 8)
    found = attend(store, session_id, "\n".join(["email", *people]))
    assert counts(found) == (8, 0, 0, 0)
    assert sessions(store)[0]["state"] == "delivered"
    again = attend(store, session_id, "\n".join(["email", *people]))
    assert (again["status"], counts(again)) == ("unchanged", (0, 8, 0, 0))
    spelled = [people[0].upper(), people[1].replace("@", "+pd@"), *staff(9, 10)]
    assert counts(attend(store, session_id, "\n".join(["email", *spelled]))) == (2, 2, 0, 0)
    longer = attend(store, session_id, f"email,minutes\n{people[0]},200\n")
    assert counts(longer) == (0, 0, 1, 0)
    assert counts(attend(store, session_id, f"email,minutes\n{people[0]},100\n")) == (0, 1, 0, 0)
    (row,) = exported(store)
    assert row["attended"] == "10"
    assert float(row["hours"]) == pytest.approx((9 * float(row["minutes"]) + 200) / 60, abs=1e-3)
    for file in store.parent.glob("pd.duckdb*"):
        assert b"person1." not in file.read_bytes()


def test_the_file_can_be_made_the_whole_list(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    attend(store, session_id, "\n".join(staff(1, 8)))
    found = attend(store, session_id, "\n".join(staff(1, 6)), "--replace")
    assert "2 people removed." in found["message"]
    assert exported(store)[0]["attended"] == "6"


def test_a_list_with_people_of_three_schools_counts_each_at_the_own_one(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    people = [*staff(1, 6), *staff(1, 7, "driftwood_bay"), *staff(1, 5, "salal_ridge"), "guest@elsewhere.org"]
    found = attend(store, session_id, "\n".join(people))
    assert counts(found) == (19, 0, 0, 0)
    assert "They work at 3 schools" in found["message"] and "1 person not on the staff list" in found["message"]
    hours = {row["school_id"]: row["attended"] for row in exported(store, "hours") if not row["training_id"]}
    known = {"cedar_hollow": 6, "driftwood_bay": 7, "salal_ridge": 5}
    shown = {school: int(people) for school, people in hours.items() if people}
    assert shown.items() <= {**known, "district": 19}.items()
    assert len(shown) == 3, "one sum is hidden, or the guest could be told from the others"


def test_one_who_is_in_two_sessions_at_once_is_set_aside_in_the_second(store: Path) -> None:
    by_slot: dict[str, list[str]] = {}
    for row in sessions(store):
        by_slot.setdefault(row["slot_id"], []).append(row["session_id"])
    first, second = next(ids for ids in by_slot.values() if len(ids) > 1)[:2]
    attend(store, first, "\n".join(staff(1, 6)))
    found = attend(store, second, "\n".join(staff(6, 12)))
    assert counts(found) == (6, 0, 0, 1)
    assert found["problems"][0]["reason"] == f"already on the list of {first}, which was held at the same time"


def test_a_training_outside_the_plan_is_recorded_and_takes_a_list(store: Path) -> None:
    columns = "session_id,delivered_on,attended,minutes,note,school_id,training_id,trainer_id"
    found = deliver(store, f"online-1,2020-10-02,,120,,{SCHOOL},hoonuit,", columns=columns)
    assert counts(found) == (1, 0, 0, 0)
    assert counts(attend(store, "online-1", "\n".join(staff(1, 6)))) == (6, 0, 0, 0)
    (row,) = exported(store)
    assert (row["school_id"], row["training_id"], row["hours"]) == (SCHOOL, "hoonuit", "12.0")


def test_attendance_of_no_session_is_refused(store: Path) -> None:
    found = attend(store, "S999", "ada@example.org\n")
    assert found["status"] == "rejected" and "There is no session “S999” in the plan." in found["message"]


def test_a_trial_stores_nothing(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    found = attend(store, session_id, "\n".join(staff(1, 6)), "--dry-run")
    assert found["message"].startswith("This was a trial")
    assert exported(store) == []


def test_a_forgotten_person_is_on_no_list_any_more(store: Path) -> None:
    session_id = sessions(store)[0]["session_id"]
    attend(store, session_id, "\n".join(staff(1, 6)))
    assert pd("forget", staff(1, 1)[0], store=store).code == 0
    assert exported(store)[0]["attended"] == "5"


def test_hours_cost_what_the_fund_of_their_training_pays(store: Path) -> None:
    first, second = sessions(store)[:2]
    file = store.with_name("budget.csv")
    year = year_of(date.today())
    later = year_of(date.fromisoformat(second["starts_at"][:10]))
    file.write_text(
        f"year,fund,rate,amount,trainings\n{year},Title II,$40,1000,{first['training_id']}\n{year},Levy,50,9000,\n"
        f"{later},Levy,50,100,\n",
        encoding="utf-8",
    )
    assert pd("budget", file, store=store).code == 0
    deliver(store, f"{first['session_id']},{TODAY},10,90,")
    assert plan(store, "agree", second["session_id"]).code == 0
    assert exported(store)[0]["cost"] == "600.0"
    rows = {(row["year"], row["fund"]): row for row in exported(store, "money")}
    assert [rows[year, "Title II"][name] for name in ("spent", "committed", "left")] == ["600.0", "0.0", "400.0"]
    assert rows[year, "Levy"]["left"] == "9000.0"
    assert float(rows[later, "Levy"]["committed"]) > 0 and float(rows[later, "Levy"]["left"]) < 100
    file.write_text("year,fund,rate,amount\n2026,Levy,x,\n", encoding="utf-8")
    answer = pd("budget", file, store=store)
    assert answer.code == 1 and "expected a school year such as 2026-27" in answer.err


def test_the_people_who_teach_are_exported_with_whom_they_reached(store: Path) -> None:
    first = sessions(store)[0]
    deliver(store, f"{first['session_id']},{TODAY},12,90,")
    rows = {row["trainer_id"]: row for row in exported(store, "programme") if row["by"] == "trainer"}
    assert (rows[first["trainer_id"]]["attended"], rows[first["trainer_id"]]["sessions"]) == ("12", "1")
    assert len({row["school_id"] for row in exported(store, "programme") if row["by"] == "school"}) == 12
