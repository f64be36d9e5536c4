"""What somebody sets for a wave, as people paste it."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, quote_plus

import polars as pl
import pytest

from pd_core.entities import Wave
from pd_core.errors import RefusedName
from pd_core.reference.waves import read_wave

FORM = "https://forms.office.com/Pages/ResponsePage.aspx?id=LHS-xLHS"
SCHOOLS = pl.DataFrame(
    [
        ("lincoln", "Lincoln", "LHS"),
        ("lincoln-high", "Lincoln High", ""),
        ("mary", "St. Mary’s (K/8)", "Santa María;A+ School"),
    ],
    schema=["school_id", "name", "aliases"],
    orient="row",
)


def link(text: str) -> str:
    return read_wave("Fall 2026", None, text, False, SCHOOLS).form_link


@pytest.mark.parametrize(
    "name", ["Lincoln High", "lincoln  high", "LHS", "St. Mary’s (K/8)", "Santa María", "A+ School"]
)
@pytest.mark.parametrize("encoded", [quote, quote_plus, lambda name: quote(name, safe="!'()*")])
def test_a_link_that_is_filled_in_for_one_building_becomes_every_buildings(name: str, encoded):  # type: ignore[no-untyped-def]
    value = encoded(name)
    assert link(f"{FORM}&r1=%22{value}%22") == f"{FORM}&r1=%22{{school}}%22"
    assert (
        link(f"{FORM}&r1=%5B%22{value}%22%5D&r2=%22Teacher%22") == f"{FORM}&r1=%5B%22{{school}}%22%5D&r2=%22Teacher%22"
    )
    assert link(f"{FORM}&entry.1={value}#top") == f"{FORM}&entry.1={{school}}#top"


def test_the_whole_answer_has_to_be_a_buildings_name():
    """A short name may well stand in a form's id by chance, or begin the name of another building."""
    for text in (
        FORM,
        f"{FORM}&r1=%22Lincoln%20Park%22",
        f"{FORM}&r1=Near%20Lincoln",
        f"{FORM}&r1=",
        "https://a.b/LHS",
    ):
        assert link(text) == text


def test_what_is_read_once_is_read_the_same_again():
    once = link(f"{FORM}&r1=%22LHS%22")
    assert link(once) == once == link(once.replace("{school}", "%7Bschool%7D"))
    assert Wave("Fall 2026", form_link=once).link_to("Ruby & Co") == f"{FORM}&r1=%22Ruby%20%26%20Co%22"


def test_no_sign_of_a_link_can_end_it_where_it_stands_in_a_text():
    assert link("https://a.b/x?y=O'Neil)|`[z]ü") == "https://a.b/x?y=O%27Neil%29%7C%60[z]%C3%BC"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://forms.office.com/r/1", "https://"),
        ("forms.office.com/r/1", "https://"),
        ("javascript:alert(1)//https://a.b", "https://"),
        ("https://", "https://"),
        ("https:forms", "https://"),
        ("https://[a", "https://"),
        ("https://forms.office.com@evil.example/", "https://"),
        ("https://a.b/x y", "contains a space"),
        ("https://a.b/x\u00a0y", "contains a space"),
        ("https://a.b/x\ny", "contains a space"),
        ("https://a.b/\u202ex", "contains a space"),
        ("https://a.b/\x00", "contains a space"),
        ('https://a.b/"onclick', "contains a space"),
        ("https://a.b/<b>", "contains a space"),
        ("https://a.b/" + "x" * 2000, "2,012 characters; the maximum is 2,000"),
    ],
)
def test_what_is_no_link_is_refused(text: str, told: str):
    with pytest.raises(RefusedName, match=told):
        link(text)


def test_a_wave_needs_a_name_and_a_day_of_these_years():
    assert read_wave("Fall 2026", date(2026, 11, 6), "  ", True, SCHOOLS) == Wave(
        "Fall 2026", date(2026, 11, 6), "", True
    )
    with pytest.raises(RefusedName, match="no name"):
        read_wave(" ", None, "", False, SCHOOLS)
    for day in (date(1999, 12, 31), date(9999, 12, 31)):
        with pytest.raises(RefusedName, match="not a valid closing date"):
            read_wave("Fall 2026", day, "", False, SCHOOLS)
