"""A program that is killed after its change of the plan was stored and before it could look for rivals."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pd_core.actions.plan_record import StaleBase, put_note, undo_change
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.planning.record import replay
from pd_core.storage import Store
from pd_core.storage.plans import plan_changes
from tests.planning.test_record import NOW, visitor
from tests.planning.test_two_editors import planned
from tests.storage.conftest import make_tables

KILLED = """
import os, signal, sys
from pathlib import Path
from pd_core.actions import plan_record
from pd_core.codebook_files import load_codebook
from pd_core.storage import open_store
from tests.planning.test_record import NOW, visitor
plan_record.yield_to_rivals = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store = open_store(sys.argv[1], list(load_codebook(Path("data/codebook")).items.values()))
plan_record.put_note(store, visitor(), "S001", "Ours", NOW, base=int(sys.argv[2]))
print("acknowledged")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends programs otherwise")
def test_a_change_whose_program_is_killed_before_its_check_is_there_once(
    location: str, lake: Path, codebook: Codebook, opened: Callable[[object], Store]
) -> None:
    make_tables(location, lake)
    store = planned(location, codebook)
    base = replay(plan_changes(store)).change_of("S001").number
    store.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, location, str(base)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, ""), done.stderr

    store = opened(location)
    record = replay(plan_changes(store))
    assert record.session("S001").note == "Ours"
    assert [change.base for change in record.changes_of("S001")] == [None, base]
    for note in ("Ours", "Theirs"):  # the author's second try, and a colleague who decided from the old version
        with pytest.raises(StaleBase, match="changed meanwhile"):
            put_note(store, visitor(), "S001", note, NOW, base=base)
    put_note(store, visitor(), "S001", "Ours", NOW)
    record = replay(plan_changes(store))
    assert len(record.changes_of("S001")) == 2, "the same again is no change"
    assert record.lost == ()
    undo_change(store, visitor(), record.change_of("S001").number)
    assert replay(plan_changes(store)).session("S001").note == ""
