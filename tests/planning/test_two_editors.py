"""Two programs at one plan, and one that is killed: what was acknowledged is there once, and what differs is said."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pd_core.actions import plan_record
from pd_core.actions.plan_record import StaleBase, change_plan, put_note, take_step
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.planning.record import replay
from pd_core.storage import Store, open_store, reference
from pd_core.storage.change import Change
from pd_core.storage.plans import plan_changes, put_plan_changes
from tests.conftest import SCHOOLS
from tests.planning.test_record import NOW, put_lists, session, visitor

SESSIONS = 40
EDIT = """
import sys
from pathlib import Path
from pd_core.actions.plan_record import put_note
from pd_core.codebook_files import load_codebook
from pd_core.storage import open_store
from tests.planning.test_record import NOW, visitor
store = open_store(sys.argv[1], list(load_codebook(Path("data/codebook")).items.values()))
print("open", flush=True)
for number in range(100_000):
    session_id = f"S{1 + number % 40:03}"
    put_note(store, visitor(), session_id, f"note {number}", NOW)
    print(session_id, f"note {number}", sep=": ", flush=True)
"""
"""Another program that changes one session after the other, and says what was stored."""


def planned(path: Path | str, codebook: Codebook) -> Store:
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    put_lists(store)
    change_plan(store, visitor(), "proposed", lambda _: [session(number) for number in range(1, SESSIONS + 1)])
    return store


def test_a_program_that_is_killed_in_the_middle_of_a_change_loses_nothing(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "pd.duckdb"
    planned(path, codebook).close()
    editor = subprocess.Popen(
        [sys.executable, "-c", EDIT, str(path)], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    try:
        assert editor.stdout is not None and editor.stdout.readline() == "open\n"
        acknowledged = [editor.stdout.readline() for _ in range(15)]
        editor.kill()
        acknowledged += editor.stdout.readlines()
    finally:
        editor.kill()
        editor.communicate()
    said = [line.strip() for line in acknowledged if line.endswith("\n")]
    store = open_store(str(path), list(codebook.items.values()))
    record = replay(plan_changes(store))
    stored = Counter(f"{change.session.session_id}: {change.session.note}" for change in record.changes)
    assert {line: stored[line] for line in said} == dict.fromkeys(said, 1)
    assert sum(stored.values()) - SESSIONS in (len(said), len(said) + 1), (
        "at most the change that was under way is extra"
    )
    assert record.lost == ()
    store.close()


def test_of_two_editors_one_wins_each_session_and_the_other_reads_both_sides(
    tmp_path: Path, codebook: Codebook
) -> None:
    store = planned(tmp_path / "pd.duckdb", codebook)
    seen = replay(plan_changes(store))
    bases = {one.session_id: seen.change_of(one.session_id).number for one in seen.sessions()}
    start = threading.Barrier(2, timeout=60)
    won: dict[str, list[str]] = {"agreed": [], "noted": []}
    refused: dict[str, list[str]] = {"agreed": [], "noted": []}
    faults: list[BaseException] = []

    def edit(verb: str) -> None:
        start.wait()
        try:
            for number in range(1, 13):
                session_id = f"S{number:03}"
                try:
                    if verb == "agreed":
                        take_step(store, visitor(), [session_id], "agreed", NOW, note="Agreed", bases=bases)
                    else:
                        put_note(store, visitor("mie", "lincoln"), session_id, "Later", NOW, base=bases[session_id])
                    won[verb].append(session_id)
                except StaleBase as error:
                    refused[verb].append(session_id)
                    assert any(line.startswith("Theirs: ") for line in error.details)
                    assert any(line.startswith("Yours: ") for line in error.details)
        except BaseException as fault:
            faults.append(fault)

    editors = [threading.Thread(target=edit, args=(verb,)) for verb in won]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert faults == []
    record = replay(plan_changes(store))
    assert record.lost == ()
    for number in range(1, 13):
        session_id = f"S{number:03}"
        (winner,) = [verb for verb in won if session_id in won[verb]]
        (loser,) = [verb for verb in refused if session_id in refused[verb]]
        assert winner != loser
        assert record.session(session_id).note == {"agreed": "Agreed", "noted": "Later"}[winner]
        assert len(record.changes_of(session_id)) == 2


def test_a_plan_that_a_program_left_is_continued_by_another_from_an_older_base(
    tmp_path: Path, codebook: Codebook
) -> None:
    """What both wrote to other sessions stays; only where both wrote the same is the later one refused."""
    path = tmp_path / "pd.duckdb"
    first = planned(path, codebook)
    base = replay(plan_changes(first)).change_of("S001").number
    put_note(first, visitor(), "S001", "Theirs", NOW)
    first.close()
    second = open_store(str(path), list(codebook.items.values()))
    take_step(second, visitor(), ["S002"], "agreed", datetime(2026, 12, 2), bases={"S002": base})
    with pytest.raises(StaleBase) as error:
        take_step(second, visitor(), ["S001"], "agreed", datetime(2026, 12, 2), note="Mine", bases={"S001": base})
    assert error.value.details == (
        "Theirs: note none → Theirs.",
        "Yours: state proposed → agreed; note Theirs → Mine.",
    )
    record = replay(plan_changes(second))
    assert (record.session("S001").note, record.session("S002").state) == ("Theirs", "agreed")
    second.close()


@pytest.mark.parametrize("is_first", [True, False])
def test_on_a_shared_store_of_two_changes_at_one_moment_one_is_acknowledged_and_stays(
    tmp_path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    """A shared store lets two processes commit side by side: here the other one commits just before, or just after."""
    store = planned(tmp_path / "pd.duckdb", codebook)
    store.is_shared = True
    base = replay(plan_changes(store)).change_of("S001").number
    theirs = session(1, note="Theirs")

    def beside(*args: Any) -> int | None:
        if is_first:
            put_plan_changes(store, "other", "noted", lambda _: [(base, theirs)])
        change = store.write("plan", "me", mine, is_event=True)
        if not is_first:
            put_plan_changes(store, "other", "noted", lambda _: [(base, theirs)])
        return change

    def mine(change: Change) -> int:
        rows = change.frame("select * exclude (number) from store.plan_session where session_id in ('S001', 'S002')")
        change.insert("plan_session", rows.with_columns(base=pl.lit(base), note=pl.lit("Mine")))
        return change.number

    monkeypatch.setattr(plan_record, "put_plan_changes", beside)
    with pytest.raises(StaleBase, match="Someone else changed S001 at the same moment"):
        change_plan(store, visitor(), "noted", lambda _: [])
    record = replay(plan_changes(store))
    assert (record.session("S001").note, record.session("S002").note) == ("Theirs", ""), "all of it or nothing"
    assert record.lost == ()
    monkeypatch.undo()
    assert put_note(store, visitor(), "S001", "Again", NOW).sessions[0].note == "Again"
