"""A map of many schools is a table that a browser shows and a screen reader reads."""

from __future__ import annotations

import re

import pytest

from pages.components import heat_table
from pd_core.charts.comparison import Cell, HeatTable
from pd_core.config import ROOT

PAGE_CSS = (ROOT / "pages/components/browser/page.css").read_text(encoding="utf-8")
ROWS = (
    ("<b>Ash</b>", True, (Cell("40", "#B5D2E9", "#131C26", 0, 'Ash, "Word": 40%'), None)),
    ("Birch", False, (Cell("60", "#B3B8BD", "#131C26", 2, "Birch"), Cell("–", "", "", 0, "hidden: fewer than 5"))),
)


@pytest.fixture
def shown() -> str:
    return heat_table.html(HeatTable("Percent & more.", ("Word", "R&D"), ROWS))


def test_each_number_has_its_school_and_skill_as_headings(shown: str) -> None:
    assert '<th scope="col"><span>R&amp;D</span></th>' in shown
    assert '<th scope="row" title="Birch">Birch</th>' in shown
    assert shown.count("<tr>") == 3 and shown.count("<td") == 1 + 4


def test_ones_own_school_stands_out(shown: str) -> None:
    assert 'class="pulse-own">&lt;b&gt;Ash&lt;/b&gt;</th>' in shown


def test_names_and_words_stay_text(shown: str) -> None:
    assert "<b>" not in shown and 'title="Ash, &quot;Word&quot;: 40%"' in shown
    assert "<caption>Percent &amp; more.</caption>" in shown


def test_that_a_number_is_unsure_or_hidden_is_read_aloud(shown: str) -> None:
    assert re.search(r'<td class="pulse-unsure-2"[^>]*>60</td>', shown)
    read_aloud = re.search(r"#root .pulse-map :is\((.*)\)::after { content: \"\" / \", unsure\"; }", PAGE_CSS)
    assert read_aloud and read_aloud[1] == ".pulse-unsure-1, .pulse-unsure-2"
    assert ">–<span>hidden: fewer than 5</span></td>" in shown


def test_a_skill_that_was_not_asked_has_an_empty_cell(shown: str) -> None:
    assert "<td></td></tr>" in shown
