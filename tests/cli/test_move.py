"""A store in another place: the same table by table, and the old one as it was."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from pd_core.access import Visitor
from pd_core.actions import moving
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT, load_settings
from pd_core.errors import RefusedAccess
from pd_core.storage.moving import move_store
from tests.actions.people import FACILITATOR, MIE, PRINCIPAL
from tests.cli.command import Answer, audited, opened, pd, uploads

ITEMS = list(load_codebook(ROOT / "data" / "codebook").items.values())


def move(source: object, target: object, *options: object) -> Answer:
    return pd("move", "--from", source, "--to", target, *options)


def test_a_store_is_moved_with_its_key_and_compared_table_by_table(with_answers: Path, tmp_path: Path) -> None:
    there, before = tmp_path / "there" / "pd.duckdb", uploads(with_answers)
    answer = move(with_answers, there, "--json")
    assert answer.code == 0, answer.err
    tables = {table["table"]: table for table in answer.json["tables"]}
    assert tables["response"] == {"table": "response", "rows": 12, "was_there": False}
    assert answer.json["key"] == "copied" and "response: 12 rows, the same in both" in answer.err
    assert uploads(there) == uploads(with_answers) == before
    assert "move" in [entry["kind"] for entry in audited(there)]
    assert pd("doctor", store=there).out.rstrip().endswith("Everything is fine.")
    assert there.with_suffix(".key").read_bytes() == with_answers.with_suffix(".key").read_bytes()


def test_an_interrupted_move_goes_on_where_it_ended(with_answers: Path, tmp_path: Path) -> None:
    there = str(tmp_path / "there.duckdb")
    steps = move_store(str(with_answers), there, ITEMS)
    done = [table.name for table in itertools.islice(steps, 20) if table.rows]
    steps.close()
    assert done
    again = list(move_store(str(with_answers), there, ITEMS))
    assert [table.name for table in again if table.was_there] == done
    assert sum(table.rows for table in again) > 12


def test_a_place_with_other_answers_is_left_as_it_is(with_answers: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "pd.duckdb"
    (tmp_path / "schools.csv").write_text("school_id,name\nelm,Elm Street School\n", encoding="utf-8")
    assert pd("schools", tmp_path / "schools.csv", store=other).code == 0
    answer = move(with_answers, other)
    assert answer.code == 1 and "is not empty: its table" in answer.err
    assert uploads(other) == []


def test_a_key_of_another_store_is_not_overwritten(with_answers: Path, tmp_path: Path) -> None:
    there = tmp_path / "there" / "pd.duckdb"
    there.parent.mkdir()
    there.with_suffix(".key").write_text("another key, which is long enough to be one")
    answer = move(with_answers, there)
    assert answer.code == 1 and "is another key" in answer.err and not there.exists()


def test_a_store_in_use_is_not_moved(with_answers: Path, tmp_path: Path) -> None:
    held = opened(with_answers)
    try:
        answer = move(with_answers, tmp_path / "there.duckdb")
    finally:
        held.close()
    assert answer.code == 1 and "already open" in answer.err


def test_nothing_is_made_where_there_is_nothing_to_move(tmp_path: Path) -> None:
    answer = move(tmp_path / "none.duckdb", tmp_path / "there.duckdb")
    assert answer.code == 1 and "There is no store" in answer.err
    assert list(tmp_path.iterdir()) == []
    assert "Name two places" in move(tmp_path / "a.duckdb", tmp_path / "a.duckdb").err


@pytest.mark.parametrize("who", [FACILITATOR, MIE, PRINCIPAL], ids=lambda who: who.actor.name)
def test_moving_is_for_administrators(tmp_path: Path, who: Visitor) -> None:
    a, b = (load_settings(store=str(tmp_path / name)) for name in ("a.duckdb", "b.duckdb"))
    with pytest.raises(RefusedAccess):
        moving.move(who, a, b, [], lambda table: None)


@pytest.mark.slow
def test_a_store_goes_to_ducklake_and_back(with_answers: Path, tmp_path: Path) -> None:
    lake, back = f"ducklake:{tmp_path / 'catalog.duckdb'}", str(tmp_path / "back.duckdb")
    there = list(move_store(str(with_answers), lake, ITEMS))
    assert list(move_store(lake, back, ITEMS)) == there
