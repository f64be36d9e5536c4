"""A table of words says by what it is sorted, and each of its heads is a link that sorts it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from pages.components import sorted_table

HEADS = {"name": "School", "need": "Class & people"}
LINKS = {"name": "school=district&sort=-name", "need": "school=district&sort=need"}
ROWS = [[("<b>Ash</b>", ""), ("Word", "About 4 people (3 to 5)")], [("Birch", ""), ("", "")]]


@pytest.fixture
def shown() -> str:
    return sorted_table.html("schools", "What 2 schools need", HEADS, LINKS, ROWS, "name", is_reversed=False)


def test_each_head_is_a_link_that_keeps_the_rest_of_the_address(shown: str) -> None:
    links = {name: unescape(address) for address, name in re.findall(r'<a href="([^"]*)" id="schools-(\w+)"', shown)}
    assert links == {name: f"?{query}" for name, query in LINKS.items()}
    assert shown.count('data-pulse="page"') == 2
    assert ">Class &amp; people</a>" in shown


@pytest.mark.parametrize(("is_reversed", "said"), [(False, "ascending"), (True, "descending")])
def test_a_screen_reader_hears_by_what_it_is_sorted(is_reversed: bool, said: str) -> None:
    shown = sorted_table.html("schools", "", HEADS, LINKS, ROWS, "need", is_reversed=is_reversed)
    assert re.findall(r'aria-sort="(\w+)"', shown) == [said]
    assert shown.index("aria-sort") > shown.index("School</a>")


def test_the_first_cell_of_a_row_is_the_link_that_opens_it() -> None:
    opens = sorted_table.Links(["open=1&as=list", "open=2"], ["Ash: Word", "Birch"], "section-opened")
    shown = sorted_table.html("schools", "", HEADS, LINKS, ROWS, "name", is_reversed=False, opens=opens)
    link = (
        r'<th scope="row"><a href="([^"]*)" aria-label="([^"]*)" data-pulse="page" data-to="section-opened">(.*?)</a>'
    )
    assert re.findall(link, shown) == [
        ("?open=1&amp;as=list", "Ash: Word", "&lt;b&gt;Ash&lt;/b&gt;"), ("?open=2", "Birch", "Birch"),
    ]  # fmt: skip


def test_names_stay_text_and_smaller_words_are_below_them(shown: str) -> None:
    assert '<th scope="row">&lt;b&gt;Ash&lt;/b&gt;</th><td>Word<small>About 4 people (3 to 5)</small></td>' in shown
    assert shown.endswith("<td></td></tr></tbody></table></div>")


def test_its_frame_can_be_scrolled_by_keyboard(shown: str) -> None:
    assert shown.startswith('<div class="pulse-frame" role="region" aria-label="What 2 schools need" tabindex="0">')
