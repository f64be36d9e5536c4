"""Programs that are killed at any moment: what they had acknowledged is whole, and nothing is there by half."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pd_core.config import ROOT
from pd_core.storage import Store

KILLS, PARTS = 200, 8
"""Kills on each kind of store, and the parts in which they are made: each takes minutes."""
ROWS, SESSIONS = 20, 5
MOST_CHANGES, MOST_SECONDS = 8, 0.2
"""Of each program before it is killed: changes that are waited for, and the pause after them, at random."""
STUCK_SECONDS = 150
"""How long one change may take before its program ends itself: longer than any wait for a database."""
READ_SECONDS = 60
NO_COPIES = "a program is started by a copy of another, which Windows has not"
NURSERY = f"""
import faulthandler, os, sys, threading
from datetime import datetime
from pathlib import Path
from pd_core.access import EVERYTHING
from pd_core.codebook_files import load_codebook
from pd_core.entities import PlanSession
from pd_core.storage import open_store, store_upload
from pd_core.storage.plans import put_plan_changes
from tests.storage.made_up import staff, upload
items = list(load_codebook(Path("data/codebook")).items.values())
def planned(number):
    at = datetime(2031, 1, 1, 15, 30)
    return [(None, PlanSession(f"{{number}}-{{place}}", "agreed", ("lincoln",), "training", "mia", "slot", at, at, 8))
            for place in range({SESSIONS})]
def say(what, number):
    faulthandler.dump_traceback_later({STUCK_SECONDS}, exit=True)
    sys.stdout.write(f"{{what}} {{number}}\\n")
    sys.stdout.flush()
def end_with(nursery):
    os.read(nursery, 1)
    os._exit(1)
def write(location):
    faulthandler.dump_traceback_later({STUCK_SECONDS}, exit=True)
    store = open_store(location, items)
    say("open", os.getpid())
    for number in range(100_000):
        rows = staff(f"{{number}}-{{place}}" for place in range({ROWS}))
        store_upload(store, upload(f"upload {{number}}", rows), rows, reach=EVERYTHING)
        say("upload", number)
        put_plan_changes(store, "Mia", "agreed", lambda _: planned(number))
        say("plan", number)
for line in sys.stdin:
    nursery, open_while_it_lives = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(open_while_it_lives)
        threading.Thread(target=end_with, args=(nursery,), daemon=True).start()
        write(line.strip())
    os.close(nursery)
    os.waitpid(child, 0)
    os.close(open_while_it_lives)
    print("gone", 0, flush=True)
"""
"""Starts programs that upload and change the plan, one after another: what takes seconds is loaded once.

A program ends with the nursery, and by itself where it is stuck: it then says where. What it says it writes at once,
also where Python does not buffer: a line of which it wrote a part would run on with the nursery's.
"""


@contextmanager
def new_nursery() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", NURSERY]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=READ_SECONDS)


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    with new_nursery() as process:
        yield process


def kept(store: Store) -> dict[tuple[str, int], int]:
    """Each change that is there, an upload or one of the plan, to the number of its rows."""
    uploads = store.frame(
        """select u.upload_id, count(r.row_key) as rows
        from store.upload u left join store.response r using (upload_id) group by 1"""
    )
    found = {("upload", int(name.split()[1])): rows for name, rows in uploads.iter_rows()}
    sessions = store.frame("select session_id from store.plan_session")["session_id"]
    plans = Counter(int(name.partition("-")[0]) for name in sessions)
    return found | {("plan", number): rows for number, rows in plans.items()}


def killed(
    location: str, nursery: subprocess.Popen[str], opened: Callable[[object], Store], moments: random.Random
) -> tuple[int, int]:
    """Kill a program while it uploads and changes the plan: how many changes it had acknowledged, and how many are lost
    or half there."""
    process = begun(location, nursery)
    said = [heard(nursery) for _ in range(moments.randrange(MOST_CHANGES + 1))]
    time.sleep(moments.uniform(0, MOST_SECONDS))
    os.kill(process, signal.SIGKILL)
    while (line := heard(nursery)) != ("gone", 0):
        said.append(line)
    store = opened(location)
    found = kept(store)
    store.close()
    whole = {"upload": ROWS, "plan": SESSIONS}
    half = [change for change, rows in found.items() if rows != whole[change[0]]]
    return len(said), len(set(said) - found.keys()) + len(half)


def begun(location: str, nursery: subprocess.Popen[str]) -> int:
    """The number of a program that has opened the store and begins to write."""
    assert nursery.stdin is not None
    nursery.stdin.write(f"{location}\n")
    nursery.stdin.flush()
    what, number = heard(nursery)
    assert what == "open", "the program did not open the store"
    return number


def heard(nursery: subprocess.Popen[str]) -> tuple[str, int]:
    """What was done next, and its number."""
    assert nursery.stdout is not None
    line = nursery.stdout.readline()
    assert line, "the nursery has died"
    what, _, number = line.strip().partition(" ")
    assert number.isdecimal(), f"a program said {line!r}"
    return what, int(number)


@pytest.fixture(
    params=[
        "file",
        "ducklake",
        pytest.param("postgres", marks=pytest.mark.shared),
        pytest.param("ducklake in postgres", marks=pytest.mark.shared),
    ]
)
def places(
    request: pytest.FixtureRequest, tmp_path: Path, lake: Path, opened: Callable[[object], Store]
) -> Iterator[str]:
    """New stores of one kind, with their tables and nothing in them."""
    kind, numbers = request.param, itertools.count()
    if kind == "ducklake in postgres":
        return iter(request.getfixturevalue("new_lake"), None)
    if kind == "ducklake":
        return (f"ducklake:{shutil.copy(lake, tmp_path / f'{number}.duckdb')}" for number in numbers)
    server = request.getfixturevalue("postgres") if kind == "postgres" else None
    empty = server.database() if server else str(tmp_path / "empty.duckdb")
    opened(empty).close()
    if server:
        return (server.database(empty) for _ in numbers)
    return (str(shutil.copy(empty, tmp_path / f"{number}.duckdb")) for number in numbers)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason=NO_COPIES)
def test_a_program_that_writes_ends_with_the_one_that_started_it(file: Path) -> None:
    with new_nursery() as nursery:
        begun(str(file), nursery)
        nursery.kill()
        nursery.communicate(timeout=READ_SECONDS)  # to the end, which comes when the last that could write has gone
        assert nursery.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason=NO_COPIES)
@pytest.mark.parametrize("part", range(PARTS))
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(
    places: Iterator[str],
    part: int,
    nursery: subprocess.Popen[str],
    opened: Callable[[object], Store],
    request: pytest.FixtureRequest,
) -> None:
    moments = random.Random(part)
    acknowledged = lost = 0
    for location in itertools.islice(places, KILLS // PARTS):
        of_this, lost_of_this = killed(location, nursery, opened, moments)
        acknowledged, lost = acknowledged + of_this, lost + lost_of_this
    kind = request.node.callspec.params["places"]
    sys.stderr.write(f"\n{kind}: {KILLS // PARTS} kills, {acknowledged} changes acknowledged, {lost} lost\n")
    assert acknowledged > KILLS // PARTS
    assert lost == 0
