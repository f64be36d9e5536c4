"""The tables behind charts are sent when a reader unfolds them, and not before."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import display
from tests.pages.seen import OpenPage, charts, tables


def downloads(page: AppTest) -> list[str]:
    """The downloads of tables; the page's brief is another matter."""
    return [button.proto.label for button in page.get("download_button") if button.proto.label.endswith("file")]


def test_a_folded_table_and_its_downloads_are_not_sent(app: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "STARTS_OPEN", False)
    page = app("overview", school="cedar_hollow")
    assert charts(page)
    assert "The numbers as a table" in [fold.label for fold in page.expander]
    assert tables(page) == []
    assert downloads(page) == []


def test_unfolding_a_table_shows_it_with_its_downloads(app: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "STARTS_OPEN", False)
    page = app("overview", school="cedar_hollow")
    page.session_state["fold_skills"] = True
    page.run()
    assert len(tables(page)) == 1
    assert downloads(page) == ["Download Excel file", "Download CSV file"]
