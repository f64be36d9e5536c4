"""Commands while another process holds the store and serves them: the same output, the same exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pd_core.config import ROOT
from pd_core.storage import Store
from pd_core.storage.served import Served
from tests.cli.command import opened, pd, process, uploads


@pytest.fixture
def held(store: Path) -> Iterator[Store]:
    """The store, held and served by this process."""
    holder = opened(store)
    server = Served(holder)
    yield holder
    server.close()
    holder.close()


def test_files_are_stored_shown_and_undone(held: Store, store: Path, export: Path) -> None:
    (receipt,) = pd("ingest", export, "--json", store=store).json
    assert (receipt["status"], receipt["rows_added"]) == ("committed", 12)
    again = pd("ingest", export, store=store)
    assert again.code == 0 and "unchanged" in again.out
    assert [row["upload_id"] for row in uploads(store)] == [receipt["upload_id"]]
    assert pd("undo", receipt["upload_id"], store=store).code == 0
    refused = pd("undo", receipt["upload_id"], "--json", store=store)
    assert refused.code == 1 and refused.json["message"] == refused.err.rstrip("\n")


def test_tables_are_the_same_to_the_byte(store: Path, export: Path) -> None:
    assert pd("ingest", export, store=store).code == 0
    tables = ("response-rates", "skill-summary", "needs")
    alone = [pd("export", table, store=store) for table in tables]
    holder = opened(store)
    server = Served(holder)
    try:
        assert [pd("export", table, store=store) for table in tables] == alone
    finally:
        server.close()
        holder.close()


def test_files_are_named_from_the_callers_folder_and_the_key_is_the_callers(
    held: Store, store: Path, export: Path
) -> None:
    def called(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "pd_core", *words, "--store", str(store)], cwd=export.parent, check=False,
            capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )  # fmt: skip

    assert called("ingest", export.name).returncode == 0
    assert called("export", "uploads", "--output", "out.csv").returncode == 0
    assert (export.parent / "out.csv").read_text().startswith("upload_id,")
    other = called("ingest", export.name, PD_KEY="another key, which is long enough to be taken for one")
    assert other.returncode == 1 and b"is not the one that this store started with" in other.stderr


def test_a_backup_is_made_while_the_server_runs_and_a_restore_waits_until_it_stops(
    held: Store, store: Path, export: Path, tmp_path: Path
) -> None:
    assert pd("ingest", export, store=store).code == 0
    backup = tmp_path / "pd.zip"
    assert pd("backup", backup, "--json", store=store).json["tables"]["response"] == 12
    assert pd("doctor", "--backup", backup).code == 0
    assert sorted(path.suffix for path in store.parent.glob("pd.duckdb.copies")) == []
    refused = pd("restore", backup, "--overwrite", store=store)
    assert refused.code == 1 and len(uploads(store)) == 1


def test_the_doctor_says_which_way_it_went(held: Store, store: Path) -> None:
    answer = process("doctor", "--store", store, "--json")
    assert answer.returncode == 0, answer.stdout
    found = json.loads(answer.stdout)
    assert found["status"] == "ok"
    (said,) = [check["message"] for check in found["checks"] if check["name"] == "store"]
    assert f"The server, which runs (process {os.getpid()}), looked into it." in said


@pytest.mark.parametrize("command", ["forget", "retain"])
def test_what_deletes_for_good_runs_alone_and_deletes_nothing_before_it_does(
    held: Store, store: Path, export: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PD_KEEP_YEARS", "1")
    assert pd("ingest", export, store=store).code == 0
    before = held.version()
    answer = pd(command, *(["p1@example.org"] if command == "forget" else []), store=store)
    assert answer.code == 1 and "open in this program" in answer.err
    assert held.version() == before
