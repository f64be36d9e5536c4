"""A click: filters that show their value are left alone, and a changed title comes before its page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pages.components import display
from tests.pages.seen import OpenPage


def test_a_filter_that_shows_its_value_is_not_set_again(app: OpenPage) -> None:
    page = app("overview", school="cedar_hollow")
    assert page.selectbox(key="filter_school").proto.set_value
    page.selectbox(key="filter_school").set_value("driftwood_bay").run()
    assert page.selectbox(key="filter_school").value == "driftwood_bay"
    assert [one.key for one in (*page.selectbox, *page.button_group) if one.proto.set_value] == []


def test_a_filter_follows_the_address(app: OpenPage) -> None:
    page = app("overview", school="cedar_hollow")
    page.query_params["school"] = "driftwood_bay"
    page.run()
    assert page.selectbox(key="filter_school").value == "driftwood_bay"


def test_the_filter_of_the_next_page_shows_what_was_chosen_on_the_last(app: OpenPage) -> None:
    page = app("overview", school="cedar_hollow")
    page.selectbox(key="filter_school").set_value("driftwood_bay").run()
    for number, file in enumerate(("responses", "overview")):
        page.query_params.clear()
        page.switch_page(f"{file}.py").run()
        school = page.selectbox(key="filter_school")
        assert (school.value, school.proto.set_value) == ("driftwood_bay", True), f"move {number + 1}"


def test_only_a_changed_title_of_an_open_page_is_waited_for(app: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(display, "time", SimpleNamespace(sleep=waits.append))
    page = app("overview", school="cedar_hollow")
    page.run()
    assert waits == []
    page.selectbox(key="filter_school").set_value("driftwood_bay").run()
    assert waits == [display.TITLE_SECONDS]
    page.switch_page("responses.py").run()
    assert len(waits) == 1
