"""Backups from the command line: whole or not there, checked without restoring, restored only where asked for."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from pd_core.access import Actor, Visitor
from pd_core.actions import backups
from pd_core.config import ROOT, load_settings
from pd_core.errors import RefusedAccess
from pd_core.storage import Store, copies
from tests.actions.people import FACILITATOR, MIE, PRINCIPAL
from tests.cli.command import Answer, audited, opened, pd, uploads
from tests.forms import survey_workbook


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "pd.zip"


def make(store: Path, file: Path, *options: object) -> Answer:
    answer = pd("backup", file, "--json", *options, store=store)
    assert answer.code == 0, answer.err
    return answer


def is_fine(file: Path) -> bool:
    return pd("doctor", "--backup", file).code == 0


def test_a_backup_is_checked_and_restored_with_its_key(with_answers: Path, backup: Path, tmp_path: Path) -> None:
    made = make(with_answers, backup).json
    assert (made["key"], made["tables"]["upload"], made["tables"]["response"]) == ("in the backup", 1, 12)
    checked = pd("doctor", "--backup", backup, "--json").json
    assert [(check["name"], check["is_ok"]) for check in checked["checks"]] == [
        ("backup", True), ("store", True), ("key", True),
    ]  # fmt: skip
    elsewhere = tmp_path / "elsewhere" / "pd.duckdb"
    restored = pd("restore", backup, "--json", store=elsewhere)
    assert (restored.code, restored.json["key"]) == (0, "next to the store")
    assert elsewhere.with_suffix(".key").read_bytes() == with_answers.with_suffix(".key").read_bytes()
    assert uploads(elsewhere) == uploads(with_answers)
    assert pd("doctor", store=elsewhere).out.rstrip().endswith("Everything is fine.")
    assert sorted(path.name for path in elsewhere.parent.iterdir()) == ["pd.duckdb", "pd.key"]
    if os.name == "posix":
        assert [path.stat().st_mode & 0o077 for path in (backup, *elsewhere.parent.iterdir())] == [0, 0, 0]
    assert "backup" in [entry["kind"] for entry in audited(with_answers)]
    assert "restore" in [entry["kind"] for entry in audited(elsewhere)]


def test_a_store_or_key_that_is_there_is_replaced_only_when_asked(
    with_answers: Path, backup: Path, tmp_path: Path
) -> None:
    make(with_answers, backup)
    (upload,) = uploads(with_answers)
    assert pd("undo", upload["upload_id"], store=with_answers).code == 0
    refused = pd("restore", backup, store=with_answers)
    assert refused.code == 1 and "There is a store already" in refused.err and "--overwrite" in refused.err
    assert [row["status"] for row in uploads(with_answers)] == ["undone"]
    assert pd("restore", backup, "--overwrite", store=with_answers).code == 0
    assert [row["status"] for row in uploads(with_answers)] == ["committed"]

    other = tmp_path / "other" / "pd.duckdb"
    other.parent.mkdir()
    other.with_suffix(".key").write_text("another key, which is long enough to be one")
    refused = pd("restore", backup, store=other)
    assert refused.code == 1 and "There is another key already" in refused.err
    assert not other.exists()


def test_a_store_in_use_is_not_replaced(with_answers: Path, backup: Path) -> None:
    make(with_answers, backup)
    held = opened(with_answers)
    try:
        answer = pd("restore", backup, "--overwrite", store=with_answers)
    finally:
        held.close()
    assert answer.code == 1 and "already open" in answer.err
    assert sorted(path.suffix for path in with_answers.parent.glob(".pd-restore*")) == []


def test_the_key_can_be_left_out_and_is_asked_for_at_the_restore(
    with_answers: Path, backup: Path, tmp_path: Path
) -> None:
    made = pd("backup", backup, "--without-key", store=with_answers)
    assert "The key is not in it, as you asked" in made.out
    assert zipfile.ZipFile(backup).namelist() == ["pd.duckdb", "backup.json"]
    assert "it is not in this backup" in pd("doctor", "--backup", backup).out
    elsewhere = tmp_path / "elsewhere" / "pd.duckdb"
    restored = pd("restore", backup, store=elsewhere)
    assert restored.code == 0
    assert f"put it back as {elsewhere.with_suffix('.key')} before anyone uploads" in restored.out


def test_with_a_key_in_the_environment_it_stays_there(
    store: Path, export: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PD_KEY", "a key that is kept in the environment, and nowhere else")
    assert pd("ingest", export, store=store).code == 0
    assert make(store, backup).json["key"] == "in PD_KEY"
    monkeypatch.setenv("PD_KEY", "another key in the environment, as long as the first")
    refused = pd("restore", backup, store=tmp_path / "elsewhere" / "pd.duckdb")
    assert refused.code == 1 and "PD_KEY is not the key" in refused.err


def test_earlier_backups_get_their_time_and_the_oldest_are_deleted(with_answers: Path, backup: Path) -> None:
    for day in range(5):
        make(with_answers, backup, "--keep", 3)
        os.utime(backup, (at := 1_790_000_000 + day * 86_400, at))
    names = sorted(path.name for path in backup.parent.iterdir())
    assert names == ["pd-2026-09-23-141320.zip", "pd-2026-09-24-141320.zip", "pd.zip"]
    assert all(is_fine(backup.parent / name) for name in names)
    assert "Keep 1 or more" in pd("backup", backup, "--keep", 0, store=with_answers).err


def test_a_file_of_another_kind_is_not_overwritten(with_answers: Path, tmp_path: Path) -> None:
    for file in (with_answers, tmp_path / "lincoln.xlsx"):
        before = file.read_bytes()
        answer = pd("backup", file, store=with_answers)
        assert answer.code == 1 and "is not a backup of PD Pulse" in answer.err
        assert file.read_bytes() == before


def test_a_backup_without_a_place_says_so_and_leaves_nothing(with_answers: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    answer = pd("backup", tmp_path / "file" / "pd.zip", store=with_answers)
    assert answer.code == 1 and "cannot be written" in answer.err
    assert not copies.folder_of(str(with_answers)).exists()


def damaged(content: bytes) -> list[bytes]:
    flipped = bytearray(content)
    flipped[len(content) // 3] ^= 0xFF
    return [content[: len(content) // 2], bytes(flipped), b"", b"PK\x03\x04 no archive", survey_workbook(n=3)]


@pytest.mark.parametrize("kind", range(5), ids=["cut short", "a bit flipped", "empty", "no archive", "a workbook"])
def test_what_is_damaged_is_found_and_never_restored(
    with_answers: Path, backup: Path, tmp_path: Path, kind: int
) -> None:
    make(with_answers, backup)
    backup.write_bytes(damaged(backup.read_bytes())[kind])
    checked = pd("doctor", "--backup", backup)
    assert checked.code == 1 and "it is damaged" in checked.out
    restored = pd("restore", backup, "--overwrite", store=with_answers)
    assert restored.code == 1 and "it is damaged" in restored.err
    assert len(uploads(with_answers)) == 1


def test_a_backup_of_a_newer_version_is_not_restored(
    with_answers: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(with_answers, backup)
    monkeypatch.setattr(copies, "newest_migration", lambda: 1)
    answer = pd("restore", backup, store=tmp_path / "elsewhere" / "pd.duckdb")
    assert answer.code == 1 and "newer version" in answer.err and "Install that version" in answer.err


def test_a_server_of_databases_backs_itself_up() -> None:
    answer = pd("restore", "pd.zip", "--store", "postgresql://nobody@127.0.0.1:1/none")
    assert answer.code == 1 and "pg_dump" in answer.err


@pytest.mark.parametrize("who", [FACILITATOR, MIE, PRINCIPAL], ids=lambda who: who.actor.name)
def test_backups_are_for_administrators(store: Path, tmp_path: Path, who: Visitor) -> None:
    settings = load_settings(store=str(store))
    held = opened(store)
    try:
        with pytest.raises(RefusedAccess):
            backups.make_backup(held, who, settings, tmp_path / "pd.zip")
    finally:
        held.close()
    with pytest.raises(RefusedAccess):
        backups.restore(who, settings, [], tmp_path / "pd.zip")


def killed_in_mid_backup(store: Path, backup: Path, seconds: float) -> int:
    command = [sys.executable, "-m", "pd_core", "backup", str(backup), "--store", str(store)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    running.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    return running.wait()


@pytest.mark.slow
def test_a_crash_in_mid_backup_leaves_the_last_one_whole(with_answers: Path, backup: Path) -> None:
    make(with_answers, backup)
    moments, ended = random.Random(1), 0
    for _ in range(60):
        ended += killed_in_mid_backup(with_answers, backup, moments.uniform(0.3, 1.2)) != 0
        assert is_fine(backup)
    assert ended > 20, "the crashes came too late"
    assert len(uploads(with_answers)) == 1
    make(with_answers, backup)


def test_a_backup_that_fails_half_written_leaves_the_last_one_whole(
    with_answers: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(with_answers, backup)
    before = backup.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = pd("backup", backup, store=with_answers)
    assert answer.code == 1 and "No space left on device" in answer.err
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_the_command_lines_account_makes_them(store: Path, tmp_path: Path) -> None:
    held: Store = opened(store)
    try:
        made = backups.make_backup(
            held, Visitor.as_oneself(Actor("it (command line)", "administrator")), load_settings(store=str(store)),
            tmp_path / "pd.zip",
        )  # fmt: skip
    finally:
        held.close()
    assert made.key == "none yet" and backups.verify(tmp_path / "pd.zip").is_own_key is None
