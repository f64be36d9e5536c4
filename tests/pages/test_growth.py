"""Growth: what changed between two waves, as people see it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pd_core import ingestion
from pd_core.access import EVERYTHING, Actor
from pd_core.codebook import Codebook
from pd_core.storage import open_store, reference
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage, charts, page_links, sent, tables, title, words

KEY = b"a secret of the tests"
PRINCIPAL = Actor("pat@example.org", "principal", frozenset({"lincoln"}))


def test_the_sample_shows_growth_at_once_with_every_section(app: OpenPage) -> None:
    page = app("growth", school="heron_slough")
    assert title(page).startswith("Heron Slough Elementary ")
    assert "Heron Slough Elementary, Fall 2025 → Fall 2026" in words(page)
    headings = [header.value for header in page.header]
    assert headings == [
        "Skill by skill, then and now", "The same people, then and now", "All skills, the same people",
        "SAMR profile, then and now", "What was taught in between", "Who stayed, left and came",
        "The district, then and now", "How sure, and what could have been seen",
    ]  # fmt: skip
    assert "It does not show that one caused the other." in words(page)


def test_every_chart_has_its_table_and_its_sentence(app: OpenPage) -> None:
    page = app("growth", school="cedar_hollow")
    assert charts(page)
    assert len(tables(page)) >= len(charts(page))
    assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))


def test_the_district_has_the_schools_of_a_skill_and_no_list_of_winners(app: OpenPage) -> None:
    page = app("growth", skill="onenote")
    assert title(page).startswith("The district")
    assert any(header.value.startswith("OneNote, ") for header in page.header)
    assert "The order is no ranking" in words(page)
    assert "lowest in OneNote in Fall 2025" in words(page)


def test_the_waves_are_in_the_address_and_may_be_turned_round(app: OpenPage) -> None:
    page = app("growth", **{"from": "Fall 2026", "to": "Fall 2025"})
    assert "Fall 2026 → Fall 2025" in words(page)
    assert page.query_params["from"] == "Fall 2026"


def test_each_wave_is_offered_with_the_earlier_ones_the_last_two_first(
    app: OpenPage, two_waves: Path, codebook: Codebook
) -> None:
    store = open_store(str(two_waves), list(codebook.items.values()))
    export = survey_workbook(school="Lincoln High", n=12, seed=9, start=datetime(2026, 3, 2, 8))
    prepared = ingestion.prepare(ingestion.read("spring.xlsx", export, codebook), codebook, store, KEY, EVERYTHING)
    ingestion.commit(store, prepared, "test")
    store.close()
    page = app("growth", store=two_waves)
    waves = page.selectbox(key="filter_waves")
    assert waves.options == ["Spring 2026 → Fall 2026", "Fall 2025 → Fall 2026", "Fall 2025 → Spring 2026"]
    assert waves.value == waves.options[0]
    waves.select_index(2).run()
    assert (page.query_params["from"], page.query_params["to"]) == ("Fall 2025", "Spring 2026")
    assert "Fall 2025 → Spring 2026" in words(page)


def test_a_wave_that_does_not_exist_is_said(app: OpenPage) -> None:
    page = app("growth", **{"from": "Spring 1999"})
    assert "This link is for a wave that you cannot see or that does not exist." in words(page)
    assert "Fall 2025 → Fall 2026" in words(page)


def test_capital_letters_of_a_wave_in_the_address_do_not_matter(app: OpenPage) -> None:
    page = app("growth", **{"from": "fall 2025", "to": "FALL 2026"})
    assert "that does not exist" not in words(page)
    assert page.query_params["from"] == "Fall 2025"


def test_a_wave_against_itself_is_refused_in_a_sentence(app: OpenPage) -> None:
    page = app("growth", **{"from": "Fall 2026", "to": "Fall 2026"})
    assert title(page) == "Growth cannot be shown yet"
    assert "cannot be compared with itself" in words(page)
    assert not sent(page)


def test_one_wave_says_that_it_takes_two(app: OpenPage, looked_at: Path) -> None:
    page = app("growth", store=looked_at)
    assert title(page) == "Growth cannot be shown yet"
    assert "growth needs two" in words(page)


def test_a_principal_sees_the_own_school_and_no_other(app: OpenPage, two_waves: Path) -> None:
    page = app("growth", store=two_waves, as_=PRINCIPAL)
    assert title(page).startswith("Lincoln High")
    seen = words(page) + str(sent(page)) + str([box.options for box in page.selectbox])
    assert not [other for other in ("Washington", "Jefferson", "Madrona", "washington") if other in seen]
    assert {row["school_id"] for row in sent(page) if "school_id" in row} == {"lincoln", "district"}


def test_a_hidden_school_shows_no_number(app: OpenPage) -> None:
    page = app("growth", school="trillium")
    assert "fewer than 5" in title(page)
    rows = [row for row in sent(page) if row.get("school_id") == "trillium"]
    assert rows and all(row.get("change") is None and row.get("share_to") is None for row in rows)


@pytest.fixture
def merged(two_waves: Path, codebook: Codebook) -> Path:
    """The two waves, and Madrona was merged into Lincoln."""
    store = open_store(str(two_waves), list(codebook.items.values()))
    is_madrona = pl.col("school_id") == "madrona"
    became = SCHOOLS.with_columns(successor=pl.when(is_madrona).then(pl.lit("lincoln")).otherwise(pl.lit("")))
    reference.set_schools(store, became, "test")
    store.close()
    return two_waves


def test_a_school_that_was_merged_says_so_and_leads_to_its_successor(app: OpenPage, merged: Path) -> None:
    page = app("growth", store=merged, school="madrona")
    assert "was merged into Lincoln High, where its answers count" in title(page)
    assert "no skill was asked about" not in words(page)
    assert list(page_links(page)) == ["See Lincoln High"]
    assert not charts(page)


def test_the_successors_page_says_whose_answers_are_in_it(app: OpenPage, merged: Path) -> None:
    seen = words(app("growth", store=merged, school="lincoln"))
    assert "was merged into Lincoln High, where its answers count." in seen
    assert "was merged" not in words(app("growth", store=merged, school="washington"))


def test_overview_of_a_merged_school_says_where_its_answers_count(app: OpenPage, merged: Path) -> None:
    assert "was merged into Lincoln High, where its answers count." in words(app(store=merged, school="madrona"))


def test_who_does_not_see_the_other_school_does_not_learn_its_name(app: OpenPage, merged: Path) -> None:
    seen = words(app("growth", store=merged, as_=PRINCIPAL))
    assert "Answers of a school that was merged into Lincoln High count here too." in seen
    assert "Madrona" not in seen
    other = app("growth", store=merged, as_=Actor("mo@example.org", "principal", frozenset({"madrona"})))
    assert "was merged into another school" in title(other)
    assert "Lincoln" not in words(other)
