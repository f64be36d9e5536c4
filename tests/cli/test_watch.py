"""The command that takes what is dropped into a folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pd_core.actions import inbox as actions
from pd_core.config import ROOT
from tests.cli.command import pd, uploads


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("pd_core.cli.commands.inbox.SETTLED_SECONDS", 0.05)
    monkeypatch.setattr(actions, "SETTLED_SECONDS", 0.05)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def test_what_is_there_is_taken_once_with_receipts_as_ingest_gives_them(
    store: Path, export: Path, folder: Path
) -> None:
    shutil.copy(export, folder)
    (folder / "half.xlsx").write_bytes(export.read_bytes()[:1000])
    (folder / "menu.csv").write_text("soup\n1\n")
    answer = pd("watch", folder, "--once", "--json", store=store)
    assert answer.code == 1, "one was refused"
    assert [(receipt["file"], receipt["status"]) for receipt in answer.json] == [
        ("lincoln.xlsx", "committed"), ("menu.csv", "rejected"),
    ]  # fmt: skip
    assert "left where they are: half.xlsx." in answer.err
    assert len(uploads(store)) == 1
    assert pd("watch", folder, "--once", "--json", store=store).json == []


def test_a_folder_that_is_not_there_is_refused(store: Path, tmp_path: Path) -> None:
    answer = pd("watch", tmp_path / "none", store=store)
    assert answer.code == 1 and "There is no folder" in answer.err


@pytest.mark.slow
def test_it_goes_on_until_it_is_stopped_and_holds_no_store_meanwhile(store: Path, export: Path, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    command = [sys.executable, "-m", "pd_core", "watch", str(folder), "--store", str(store)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watching:
        assert watching.stderr is not None
        assert b"Watching" in watching.stderr.readline()
        shutil.copy(export, folder)
        deadline = time.monotonic() + 60
        while not (folder / "taken" / "lincoln.xlsx").exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert len(uploads(store)) == 1
        watching.terminate()
