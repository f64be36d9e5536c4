"""A district too large to wait for: pages say how far the work is, and everything else on them is there at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pd_core.background import MOST_SCHOOLS_AT_ONCE
from pd_core.codebook import Codebook
from pd_core.storage import open_store, outcomes, reference
from tests.conftest import SCHOOLS
from tests.growth_work import held_back, wait_until_ended
from tests.pages.seen import OpenPage, tables, title, words

WORKING = "Working out what changed at each school: 0%."


@pytest.fixture
def large(two_waves: Path, codebook: Codebook) -> Path:
    """Two waves, and more schools than pages wait for."""
    store = open_store(str(two_waves), list(codebook.items.values()))
    ids = [f"school{number:03}" for number in range(MOST_SCHOOLS_AT_ONCE)]
    more = pl.DataFrame({"school_id": ids, "name": ids, "headcount": 40})
    reference.set_schools(store, pl.concat([SCHOOLS, more], how="diagonal_relaxed").fill_null(""), "test")
    store.close()
    return two_waves


@pytest.fixture
def may_work() -> Iterator[threading.Event]:
    """Growth is worked out once this is set."""
    with held_back() as event:
        yield event


def progress(page: AppTest) -> list[str]:
    return [bar.proto.text for bar in page.get("progress")]


def worked_out(page: AppTest, free: threading.Event) -> AppTest:
    """The page as it is once the work has ended."""
    free.set()
    wait_until_ended()
    return page.run()


def test_overview_says_what_to_do_next_while_growth_is_worked_out(
    app: OpenPage, large: Path, may_work: threading.Event
) -> None:
    page = app("overview", store=large, school="lincoln")
    assert WORKING in progress(page)
    assert "Next:" in words(page)
    assert "Since " not in words(page)
    page = worked_out(page, may_work)
    assert "Since Fall 2025" in words(page)
    assert not progress(page)


def test_growth_says_how_far_it_is_and_shows_no_figure_before(
    app: OpenPage, large: Path, may_work: threading.Event
) -> None:
    page = app("growth", store=large, school="lincoln")
    assert title(page) == "What changed is being worked out"
    assert progress(page) == [WORKING]
    assert not page.header
    page = worked_out(page, may_work)
    assert title(page).startswith("Lincoln High")
    assert not progress(page)


def test_impact_shows_the_board_once_growth_is_worked_out(
    app: OpenPage, large: Path, may_work: threading.Event, codebook: Codebook
) -> None:
    store = open_store(str(large), list(codebook.items.values()))
    given = pl.DataFrame([("lincoln", "x", "2026-03", 9)], schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(store, given, "deliveries.csv", "test")
    store.close()
    page = app("impact", store=large)
    assert progress(page) == [WORKING]
    assert not [table for table in tables(page) if table and "what" in table[0]]
    page = worked_out(page, may_work)
    assert [table[0]["title"] for table in tables(page) if table and "what" in table[0]] == ["x"]
