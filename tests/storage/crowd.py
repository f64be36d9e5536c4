"""A crowd at one store: writers that upload files of their own and one they all have, readers that look for halves.

As a program, `python -m tests.storage.crowd LOCATION NAME SECONDS MEGABYTES`, one of the crowd: it says that it is
open, waits for a line, and says what it did as one line of JSON. With MEGABYTES it reads from a copy of PostgreSQL.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

from pd_core.access import EVERYTHING
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT
from pd_core.storage import Store, open_store, store_upload
from pd_core.storage.queries import LIVE, LIVE_UPLOADS

from .made_up import staff, upload

ROWS = 20
LATEST = 40
"""Uploads that a reader looks at, the latest ones: half of one could only be seen while it is stored."""
PAUSE = 0.01
"""Between two looks of a reader: what was not written meanwhile is cached, and would be looked up without end."""
MOST_FAILURES = 5


@dataclass
class Did:
    """What one of the crowd did. Writers: content to status, of each upload that was acknowledged. Readers: how often
    they looked, and what was half there."""

    stored: list[tuple[str, str, str]] = field(default_factory=list)
    looks: int = 0
    halves: list[object] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def write(store: Store, name: str, seconds: float) -> Did:
    """Upload for so long: files of one's own, and in each second the one that everybody has."""
    did, begin, number, shared = Did(), time.monotonic(), 0, -1
    while (now := time.monotonic() - begin) < seconds and len(did.failures) < MOST_FAILURES:
        is_shared = int(now) > shared
        if is_shared:
            shared = int(now)
        content = f"everyone's {shared}" if is_shared else f"{name}'s {number}"
        number += 1
        rows = staff(f"{content} {place}" for place in range(ROWS))
        try:
            outcome = store_upload(store, upload(f"{name} {number}", rows, content=content), rows, reach=EVERYTHING)
            did.stored.append((content, outcome.status, str(outcome.upload_id)))
        except Exception as error:  # what it was is said at the end
            did.failures.append(repr(error))
    return did


def read(store: Store, seconds: float) -> Did:
    """Look for so long at the latest uploads and their rows."""
    did, begin = Did(), time.monotonic()
    while time.monotonic() - begin < seconds and len(did.failures) < MOST_FAILURES:
        try:
            seen = store.frame(
                f"""select u.upload_id, u.rows_added, count(r.row_key)::bigint as rows
                from (select * from ({LIVE_UPLOADS}) order by number desc limit {LATEST}) u
                left join ({LIVE}) r using (upload_id) group by all"""
            )
            did.halves += seen.filter(seen["rows"] != seen["rows_added"]).rows()
            did.looks += 1
            time.sleep(PAUSE)
        except Exception as error:
            did.failures.append(repr(error))
    return did


def one_of(store: Store, name: str, seconds: float) -> Did:
    """What this one does: readers' names begin so."""
    return read(store, seconds) if name.startswith("reader") else write(store, name, seconds)


def in_threads(store: Store, names: list[str], seconds: float) -> list[Did]:
    """What these did, each a thread of this program."""
    done: list[Did] = []
    threads = [
        threading.Thread(target=lambda name=name: done.append(one_of(store, name, seconds)))  # type: ignore[misc]
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def faults(store: Store, crowd: list[Did]) -> list[str]:
    """What was lost, doubled or seen by half, after all of the crowd are done; empty where nothing was."""
    found = [failure for did in crowd for failure in did.failures]
    found += [f"seen by half: {half}" for did in crowd for half in did.halves]
    said = [stored for did in crowd for stored in did.stored]
    committed = Counter(content for content, status, _ in said if status == "committed")
    found += [f"committed {times} times: {content}" for content, times in committed.items() if times > 1]
    found += [f"never committed: {content}" for content, status, _ in said if not committed[content]]
    found += [f"{status}: {content}" for content, status, _ in said if status not in ("committed", "unchanged")]
    kept = store.frame(
        f"""select u.content_hash, u.upload_id, count(r.row_key)::bigint as rows
        from ({LIVE_UPLOADS}) u left join ({LIVE}) r using (upload_id) group by all"""
    )
    there = {(content, upload_id) for content, upload_id, _ in kept.iter_rows()}
    acknowledged = {(content, upload_id) for content, status, upload_id in said if status == "committed"}
    found += [f"lost: {one}" for one in acknowledged - there] + [f"unknown: {one}" for one in there - acknowledged]
    found += [f"{rows} rows of {content}" for content, _, rows in kept.iter_rows() if rows != ROWS]
    people = store.frame(f"select person from ({LIVE})")["person"]
    found += [f"{people.len() - people.n_unique()} people count twice"] * (not people.is_unique().all())
    numbers = store.frame("select number from store.change")["number"]
    return found + ["two changes have one number"] * (not numbers.is_unique().all())


def main(location: str, name: str, seconds: str, megabytes: str) -> None:
    store = open_store(location, list(load_codebook(ROOT / "data" / "codebook").items.values()))
    store.keep_mirror(int(megabytes))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(asdict(one_of(store, name, float(seconds)))) + "\n")
    assert store.mirror is None or store.mirror.frame("select 1 as one", {}, store.revision()) is not None
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
