"""A plan that was edited in a spreadsheet is loaded as one change, or refused row by row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.recorded import COLUMNS, one, plan, sessions


@pytest.fixture
def store(recorded: Path) -> Path:
    return recorded


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


def test_an_edited_export_is_loaded_as_one_change(store: Path, tmp_path: Path) -> None:
    first, second = sessions(store)[:2]
    changes: dict[str, dict[str, object]] = {
        first["session_id"]: {"state": "agreed", "note": "=1+1"},
        second["session_id"]: {"reached": second["reached"] - 1},
    }
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
    file = edited(store, tmp_path, {second["session_id"]: {"reached": second["reached"] - 1}})
    plan(store, "agree", first["session_id"])
    assert plan(store, "import", file, "--json").json["changed"] == 1
    assert one(store, first["session_id"])["state"] == "agreed"


def test_an_import_that_touches_what_others_changed_is_refused_with_both_sides(store: Path, tmp_path: Path) -> None:
    first = sessions(store)[0]
    file = edited(store, tmp_path, {first["session_id"]: {"reached": first["reached"] - 1}})
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
