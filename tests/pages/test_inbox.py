"""The folder PD_INBOX: the server takes what is dropped there, and logs what keeps it from doing so."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components import data
from pages.components.upload import inbox as server
from pd_core.actions.inbox import Inbox
from pd_core.codebook import Codebook
from pd_core.config import load_settings
from pd_core.errors import SettingError
from pd_core.reports.receipt_text import receipt_text
from pd_core.storage import Store, audit
from tests.forms import survey_workbook

KEY = b"a key of the tests"


@pytest.fixture
def opened(store: Store, codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(data, "store", lambda: store)
    monkeypatch.setattr(data, "real_codebook", lambda: codebook)
    monkeypatch.setattr(data, "key", lambda: KEY)
    return store


def test_a_file_is_taken_and_is_in_the_audit_as_the_inboxs(opened: Store, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "lincoln.xlsx").write_bytes(survey_workbook(n=12))
    inbox = Inbox(tmp_path / "inbox", receipt_text)
    assert [server.look(inbox, now) for now in (0, 10)] == ["", ""]
    assert (tmp_path / "inbox" / "taken" / "lincoln.xlsx").exists()
    (uploaded,) = audit.audit(opened, ["upload"]).to_dicts()
    assert (uploaded["actor"], uploaded["school_ids"]) == ("PD_INBOX", "lincoln")


def test_what_keeps_it_from_being_done_is_said(opened: Store, tmp_path: Path) -> None:
    assert "cannot be read" in server.look(Inbox(tmp_path / "none", receipt_text), 0)


def test_the_setting_is_a_whole_path_or_nothing() -> None:
    assert load_settings({}).inbox is None
    with pytest.raises(SettingError) as error:
        load_settings({"PD_INBOX": "inbox"})
    assert "PD_INBOX is 'inbox'" in error.value.text()
