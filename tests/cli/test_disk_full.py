"""A real disk that is full, small enough to fill: the store says so, keeps what it had, goes on once there is room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pd_core.config import ROOT
from tests.forms import survey_workbook

DISK = "mount -t tmpfs -o size=16m none {disk} && cp {store} {disk}/pd.duckdb && "
KEY = "printf %064d 7 > {disk}/pd.key && chmod 600 {disk}/pd.key && "
FILLED = "(head -c 20000000 /dev/zero > {disk}/filler 2>&- || true) && "
INGEST = "({python} -m pd_core ingest {export} --store {disk}/pd.duckdb || true)"
MAKE_ROOM = " && echo MADE ROOM && rm {disk}/filler && "
OF_OWN = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
"""Runs a script as the root of a world of its own, which alone sees the disks that it makes."""


def has_small_disks(folder: Path) -> bool:
    """Whether this computer lets everybody make such a world: some kinds of Linux do."""
    if shutil.which(OF_OWN[0]) is None:
        return False
    return subprocess.run([*OF_OWN, f"mount -t tmpfs -o size=1m none {folder}"], check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where a script of `on_its_disk` has a small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not has_small_disks(folder):
        pytest.skip("this computer lets nobody make a small disk to fill")
    return folder


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "lincoln.xlsx"
    file.write_bytes(survey_workbook(school="Lincoln High", n=40, seed=1))
    return file


def on_its_disk(script: str, **places: Path) -> tuple[str, str]:
    """What was printed before and after there was room."""
    command = [*OF_OWN, script.format(python=sys.executable, **places)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert "Traceback" not in done.stdout
    full, said, roomy = done.stdout.partition("MADE ROOM")
    assert said, done
    return full, roomy


def test_a_full_disk_is_named_loses_nothing_and_takes_the_file_once_there_is_room(
    disk: Path, export: Path, store_of_schools: Path
) -> None:
    script = DISK + KEY + FILLED + INGEST + MAKE_ROOM + INGEST
    full, roomy = on_its_disk(script, disk=disk, store=store_of_schools, export=export)
    assert "The disk that holds the store is full." in full
    assert "Nothing was stored. Make room on it" in full
    assert "0 read = 0 added" in full
    assert "40 answers of lincoln.xlsx were added" in roomy


def test_a_secret_that_no_longer_fits_the_disk_is_not_kept_by_half(
    disk: Path, export: Path, store_of_schools: Path
) -> None:
    full, roomy = on_its_disk(
        DISK + FILLED + INGEST + MAKE_ROOM + INGEST, disk=disk, store=store_of_schools, export=export
    )
    assert "cannot be used: the disk is full." in full
    assert "40 answers of lincoln.xlsx were added" in roomy
