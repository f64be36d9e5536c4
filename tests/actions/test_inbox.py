"""A folder whose files are taken: whole ones at once, unfinished ones later, each with a receipt, none twice."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pd_core.access import Visitor
from pd_core.actions import inbox as actions
from pd_core.actions.inbox import PATIENCE_SECONDS, SETTLED_SECONDS, Inbox
from pd_core.errors import RefusedFile, StoreError, UserError
from pd_core.ingestion import Receipt
from pd_core.ingestion.choices import NO_CHOICES
from pd_core.reports.receipt_text import receipt_text
from pd_core.storage import Store, queries
from tests.actions.changes import CODEBOOK
from tests.actions.people import FACILITATOR, KEY, MIE, PRINCIPAL
from tests.forms import survey_workbook

Look = Callable[..., list[Receipt]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def look(store: Store, folder: Path) -> Look:
    """Looks at the folder at a time (seconds), and takes what is whole."""
    inbox = Inbox(folder, receipt_text)

    def at(now: float, who: Visitor = FACILITATOR, of: Store = store) -> list[Receipt]:
        taken = [inbox.take(path, of, who, CODEBOOK, KEY, NO_CHOICES, shown) for path in inbox.ready(now)]
        return [receipt for receipt in taken if receipt is not None]

    return at


def shown(error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    raise error


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_whole_file_is_taken_once_and_moved_with_its_receipt(look: Look, folder: Path, store: Store) -> None:
    (folder / "lincoln.xlsx").write_bytes(survey_workbook(n=12, seed=7))
    assert look(0) == [], "it may still be written"
    (receipt,) = look(SETTLED_SECONDS)
    assert (receipt.status, receipt.rows_read) == ("committed", 12)
    assert names(folder) == [f"taken/lincoln.xlsx{ending}" for ending in ("", ".receipt.json", ".receipt.txt")]
    assert json.loads((folder / "taken/lincoln.xlsx.receipt.json").read_text()) == receipt.as_dict()
    assert "lincoln.xlsx: committed" in (folder / "taken/lincoln.xlsx.receipt.txt").read_text()
    assert look(100) == [] and receipt.upload_id in queries.uploads(store)["upload_id"]


def test_the_same_file_again_changes_nothing_and_keeps_both_receipts(look: Look, folder: Path) -> None:
    for start in (0, 100):
        (folder / "lincoln.xlsx").write_bytes(survey_workbook(n=12, seed=7))
        look(start)
        (receipt,) = look(start + SETTLED_SECONDS)
    assert receipt.status == "unchanged"
    assert "taken/lincoln-2.xlsx" in names(folder) and "taken/lincoln.xlsx" in names(folder)


def test_a_refused_file_is_moved_with_the_reason(look: Look, folder: Path) -> None:
    (folder / "menu.csv").write_text("soup,bread\n1,2\n")
    look(0)
    (receipt,) = look(SETTLED_SECONDS)
    assert receipt.status == "rejected"
    assert "is not a survey export" in (folder / "refused/menu.csv.receipt.txt").read_text()
    assert "menu.csv" not in names(folder)


def test_a_half_written_file_waits_until_it_is_whole(look: Look, folder: Path) -> None:
    content = survey_workbook(n=12, seed=7)
    (folder / "lincoln.xlsx").write_bytes(content[:2000])
    assert look(0) == look(10) == look(20) == []
    (folder / "lincoln.xlsx").write_bytes(content)
    assert look(21) == []
    assert [receipt.rows_read for receipt in look(21 + SETTLED_SECONDS)] == [12]


def test_a_file_that_never_ends_is_reported_once_and_taken_when_it_does(look: Look, folder: Path) -> None:
    growing, note = folder / "lincoln.csv", folder / "lincoln.csv.waiting.txt"
    for second in range(0, int(PATIENCE_SECONDS) + 60, 30):
        growing.write_text("x" * (second + 1))
        assert look(second) == []
    assert "still being written after 10 minutes" in note.read_text()
    growing.write_bytes(b"")
    growing.unlink()
    look(5000)
    assert names(folder) == []


def test_a_workbook_that_stays_unfinished_is_refused_in_the_end(look: Look, folder: Path) -> None:
    (folder / "lincoln.xlsx").write_bytes(survey_workbook(n=12, seed=7)[:2000])
    assert look(0) == look(PATIENCE_SECONDS) == []
    (receipt,) = look(PATIENCE_SECONDS + 1)
    assert receipt.status == "rejected" and "refused/lincoln.xlsx" in names(folder)


@pytest.mark.parametrize("name", ["~$lincoln.xlsx", ".lincoln.xlsx.part", "lincoln.xlsx.crdownload", "x.receipt.txt"])
def test_what_other_programs_keep_there_is_left(look: Look, folder: Path, name: str) -> None:
    (folder / name).write_bytes(survey_workbook(n=3))
    assert look(0) == look(100) == []
    assert names(folder) == [name]


@pytest.mark.skipif(os.name != "posix", reason="making links needs a right on Windows")
def test_a_link_to_a_file_elsewhere_is_left(look: Look, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text("secret\n")
    (folder / "lincoln.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert look(0) == look(100) == []


def test_a_store_that_cannot_be_written_is_no_fault_of_the_file(
    look: Look, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "lincoln.xlsx").write_bytes(survey_workbook(n=12, seed=7))
    look(0)
    with monkeypatch.context() as full:

        def fails(*_: object) -> None:
            raise StoreError("The disk that holds the store is full.")

        full.setattr(actions.uploads, "ingest", fails)
        with pytest.raises(StoreError):
            look(10)
        assert names(folder) == ["lincoln.xlsx"]
    assert [receipt.status for receipt in look(20)] == ["committed"]


@pytest.mark.parametrize("who", [MIE, PRINCIPAL], ids=lambda who: who.actor.name)
def test_what_is_taken_is_what_the_one_who_takes_it_may_upload(
    look: Look, folder: Path, store: Store, who: Visitor
) -> None:
    before = queries.uploads(store).height
    (folder / "jefferson.xlsx").write_bytes(survey_workbook(school="Jefferson Middle", n=12))
    look(0)
    (receipt,) = look(10, who)
    assert receipt.status == "rejected" and queries.uploads(store).height == before


def test_a_folder_that_has_gone_is_said(look: Look, folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(RefusedFile, match="cannot be read"):
        look(0)
