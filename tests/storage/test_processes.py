"""Several threads and several programs at one store: nothing acknowledged is lost, nothing half-done is seen."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pd_core.access import EVERYTHING
from pd_core.config import ROOT
from pd_core.errors import StoreError
from pd_core.storage import Store, queries, store_upload, undo_upload

from .made_up import counting, staff, upload

Open = Callable[[object], Store]
PREPARE = """
import sys
from pathlib import Path
from pd_core.access import EVERYTHING
from pd_core.codebook_files import load_codebook
from pd_core.storage import open_store, store_upload
from tests.storage.made_up import staff, upload
store = open_store(sys.argv[1], list(load_codebook(Path("data/codebook")).items.values()))
print("open", flush=True)
"""
HOLD = PREPARE + "sys.stdin.read()"
WRITE = (
    PREPARE
    + """
for number in range(100_000):
    rows = staff(f"{number}-{place}" for place in range(20))
    outcome = store_upload(store, upload(f"upload {number}", rows), rows, reach=EVERYTHING)
    print(outcome.upload_id, flush=True)
"""
)


@contextmanager
def program(code: str, location: object) -> Iterator[subprocess.Popen[str]]:
    """Another program at the store, from the moment it has opened it; killed outright at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(location)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n", "the other program did not open the store"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_program_is_told_which_one_holds_the_store(file: Path, opened: Open):
    with program(HOLD, file) as other, pytest.raises(StoreError) as error:
        opened(file)
    assert "in use by another program" in error.value.message
    if sys.platform != "win32":
        assert f"(process {other.pid})" in error.value.message
    assert "one program at a time" in error.value.remedy
    assert not queries.has_uploads(opened(file)), "the store opens once the other program has gone"


def test_a_program_that_is_killed_loses_nothing_it_had_acknowledged(location: str, opened: Open):
    with program(WRITE, location) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(15)]
        writer.kill()
        acknowledged += writer.stdout.read().split("\n")[:-1]
    store = opened(location)
    kept = store.frame(
        """select u.upload_id, u.rows_added, count(r.row_key) as rows
        from store.upload u left join store.response r using (upload_id) group by all"""
    )
    assert set(acknowledged) <= set(kept["upload_id"])
    assert (kept["rows"] == 20).all(), "half an upload was kept"
    assert (kept["rows_added"] == 20).all()


def test_no_bar_of_progress_is_drawn_into_what_a_program_says():
    ask = "from pd_core.storage.backend import connect; "
    ask += "print(connect().execute(\"select current_setting('enable_progress_bar')\").fetchall())"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[(False,)]\n"


def test_two_uploads_at_once_lose_nothing(store: Store):
    start = threading.Barrier(2, timeout=60)
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            start.wait()
            for number in range(4):
                rows = staff([f"{name} {number}", "somebody in both"])
                store_upload(store, upload(f"{name}-{number}", rows), rows, reach=EVERYTHING)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(counting(store)) == sorted(
        [*(f"{n} {i}" for n in ("left", "right") for i in range(4)), "somebody in both"]
    )
    assert queries.uploads(store).height == 8
    assert store.frame("select number from store.change").to_series().is_unique().all()


def test_readers_never_wait_for_writers_and_never_see_half_an_upload(store: Store):
    done = threading.Event()
    halves: list[tuple[object, ...]] = []
    looks = [0]
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while True:
                last = done.is_set()
                seen = store.frame(
                    f"""select u.upload_id, u.rows_added, count(r.row_key) as rows
                    from ({queries.LIVE_UPLOADS}) u left join ({queries.LIVE}) r using (upload_id) group by all"""
                )
                halves.extend(seen.filter(seen["rows"] != seen["rows_added"]).rows())
                looks[0] += 1
                if last:
                    return
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(12):
        rows = staff(f"{number}-{place}" for place in range(200))
        store_upload(store, upload(f"upload {number}", rows), rows, reach=EVERYTHING)
        if number % 3 == 2:
            undo_upload(store, f"upload {number - 1}", "Mia")
    done.set()
    reader.join()
    assert failures == []
    assert halves == []
    assert looks[0] > 1
