"""What goes wrong with a store's file and its process: said in plain words, nothing overwritten, nothing lost."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pd_core.codebook import Item
from pd_core.config import ROOT
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage import Store, copies, reach_store
from pd_core.storage.reached import ReachedStore
from tests.storage.made_up import put, staff
from tests.storage.test_processes import program

Open = Callable[[object], Store]


@pytest.fixture
def filled(file: Path, opened: Open) -> Path:
    """A closed store with a few uploads."""
    store = opened(file)
    for number in range(2):
        put(store, f"upload {number}", staff(f"{number}-{place}" for place in range(200)))
    store.close()
    return file


@pytest.mark.parametrize("part", [0.3, 0.98])
def test_a_file_that_was_cut_short_is_called_damaged_and_left_as_it_is(filled: Path, opened: Open, part: float) -> None:
    content = filled.read_bytes()
    filled.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(StoreError, match="is damaged, or is another kind of file") as error:
        opened(filled)
    assert "Put a backup" in error.value.remedy and not isinstance(error.value, StoreInUse)
    assert filled.read_bytes() == content[: int(len(content) * part)]


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 20))])
def test_a_file_with_wrong_bytes_is_called_damaged_and_not_in_use(filled: Path, opened: Open, seed: int) -> None:
    content, moments = bytearray(filled.read_bytes()), random.Random(seed)
    for _ in range(len(content) // 4096):  # one in each block
        content[moments.randrange(len(content))] ^= 0xFF
    filled.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged, or is another kind of file") as error:
        opened(filled)
    assert not isinstance(error.value, StoreInUse)
    assert filled.read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_is(file: Path, opened: Open) -> None:
    with duckdb.connect(str(file)) as other:
        other.execute("create table customer (name text)")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="is a database of another program: it has 1 table") as error:
        opened(file)
    assert "--store" in error.value.remedy and file.read_bytes() == before


def test_a_folder_in_the_place_of_the_file_is_said(file: Path, opened: Open) -> None:
    file.mkdir()
    with pytest.raises(StoreError, match="another kind of file"):
        opened(file)


def survivors(store: Store) -> dict[str, int]:
    """Upload to the number of its rows, of those that are kept."""
    found = store.frame(
        """select u.upload_id, count(r.row_key) as rows
        from store.upload u left join store.response r using (upload_id) group by 1"""
    )
    return dict(found.iter_rows())


HOLDER = """
import sys
from pathlib import Path
from pd_core.codebook_files import load_codebook
from pd_core.storage import open_store
from pd_core.storage.served import Served
store = open_store(sys.argv[1], list(load_codebook(Path("data/codebook")).items.values()))
server = Served(store)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_server_that_is_killed_keeps_what_it_acknowledged_to_commands(
    file: Path, opened: Open, items: list[Item]
) -> None:
    with program(HOLDER, file) as holder:
        reached = reach_store(str(file), items)
        assert isinstance(reached, ReachedStore)
        for number in range(3):
            put(reached, f"upload {number}", staff(f"{number}-{place}" for place in range(20)))
        with reached.cursor() as cursor:
            cursor.begin()
            cursor.execute("insert into store.dead values (1, 'upload', 'upload 0')")
            holder.kill()
            holder.wait()
            with pytest.raises(StoreError, match="has stopped in the middle"):
                cursor.commit()
        with pytest.raises(StoreError, match="has stopped in the middle"):
            put(reached, "too late", staff(["Ada"]))
    store = reach_store(str(file), items)
    assert not isinstance(store, ReachedStore), "the file is free again"
    assert survivors(store) == {f"upload {number}": 20 for number in range(3)}
    assert store.frame("select * from store.dead").is_empty()
    store.close()


def test_a_damaged_store_is_replaced_by_its_backup(filled: Path, opened: Open) -> None:
    store = opened(filled)
    copy = store.copy()
    store.close()
    content = bytearray(filled.read_bytes())
    content[20_000:40_000] = bytes(20_000)
    filled.write_bytes(content)
    copies.put_in_place(copy, str(filled))
    assert len(survivors(opened(filled))) == 2


def test_a_second_server_says_at_once_who_holds_the_store(filled: Path) -> None:
    ask = "import asyncio, app; app.probes.state.is_up = True; "
    ask += "print(bytes(asyncio.run(app.probes.ready(None)).body).decode(), app.probes.problems())"
    with program(HOLDER, filled) as holder:
        done = subprocess.run(
            [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "PD_STORE": str(filled)},
        )  # fmt: skip
    assert '"status":"not ready"' in done.stdout, done.stderr
    assert re.search(rf"in use by another program \(process {holder.pid}\)", done.stdout) or sys.platform == "win32"
