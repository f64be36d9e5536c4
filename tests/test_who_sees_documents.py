"""A real server, asked by everyone for plain pages and feeds: by address, by share link, by feed."""

from __future__ import annotations

import html
import itertools
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from urllib.parse import urlencode

import pytest

from tests.guarded import FEED, NAMES, ROLES, District
from tests.visitor import signed_in


def brief(
    url: str, school_id: str, cookies: dict[str, str] | None = None, at: str = "brief", **asked: str
) -> tuple[int, str]:
    """The status and the text of a school's plain page."""
    address = f"{url}/{at}/{school_id}?{urllib.parse.urlencode(asked)}"
    cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    headers = {"Accept": "text/html"} | ({"Cookie": cookie} if cookie else {})
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def test_the_brief_is_for_the_same_people_as_the_pages(guarded: District) -> None:
    for (email, (role, own)), asked, at in itertools.product(ROLES.items(), NAMES, ("brief", "said")):
        status, page = brief(guarded.url, asked, signed_in(guarded.url, email), at)
        may_see = role in ("administrator", "facilitator") or asked in own
        where = f"{role} at /{at}/{asked}"
        assert status == (200 if may_see else 404), where
        assert [name for name in NAMES.values() if name in page] == ([NAMES[asked]] if may_see else []), where
        assert ("% of the staff answered" in page) is may_see, where


def test_a_link_opens_the_brief_of_its_own_school_alone(guarded: District) -> None:
    for opened, asked, at in itertools.product(("lincoln", "district"), (*NAMES, "district"), ("brief", "said")):
        status, page = brief(guarded.url, asked, at=at, link=guarded.tokens[opened])
        may_see = asked in (opened, "district")
        assert status == (200 if may_see else 404), f"the link to {opened} at /{at}/{asked}"
        assert ("Lincoln High" in page) is (opened == asked == "lincoln")
        assert "Washington" not in page
    _, page = brief(guarded.url, "lincoln", link=guarded.tokens["lincoln"])
    assert "<script" not in page
    live = html.unescape(re.findall(r'href="([^"]+)"', page)[0])
    assert live == f"{guarded.url}/?link={guarded.tokens['lincoln']}&school=lincoln&wave=Fall+2026"
    _, framed = brief(guarded.url, "lincoln", link=guarded.tokens["lincoln"], embed="true")
    assert "&amp;school=lincoln&amp;embed=true&amp;wave=" in framed


@pytest.mark.parametrize(("name", "status"), [("lincoln", 200), ("district", 200), ("revoked", 403), ("expired", 403)])
def test_a_phone_that_opens_a_shared_link_gets_the_brief(guarded: District, name: str, status: int) -> None:
    address = f"{guarded.url}/?{urlencode({'link': guarded.tokens[name]})}"
    request = urllib.request.Request(address, headers={"User-Agent": "iPhone Mobile", "Accept": "text/html"})
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        page = answer.read().decode()
        school_id = "district" if name == "district" else "lincoln"
        assert (answer.status, urllib.parse.urlsplit(answer.url).path) == (status, f"/brief/{school_id}")
        assert ("Open the live dashboard" in page) is (status == 200)


@pytest.mark.parametrize("how", ["nobody", "stranger", "old", "forged", "expired", "revoked"])
def test_whoever_has_no_way_in_gets_no_brief(guarded: District, how: str) -> None:
    cookies: dict[str, str] = {}
    asked: dict[str, str] = {}
    if how in ("stranger", "old"):
        email, issued = ("who@example.org", None) if how == "stranger" else ("ada@example.org", time.time() - 10**5)
        cookies = signed_in(guarded.url, email, issued=issued)
    elif how != "nobody":
        asked = {"link": guarded.tokens.get(how, guarded.tokens["lincoln"][:-3] + "abc")}
    for at in ("brief", "said"):
        status, page = brief(guarded.url, "lincoln", cookies, at, **asked)
        assert status == (403 if asked else 401)
        assert ("This link no longer works" if asked else "Sign in to PD Pulse") in page
        assert "Lincoln" not in page and "answered" not in page


def test_a_brief_is_sent_again_only_where_it_changed(guarded: District) -> None:
    address = f"{guarded.url}/brief/lincoln?link={guarded.tokens['lincoln']}"
    first = urllib.request.Request(address, headers={"Accept": "text/html"})
    with urllib.request.urlopen(first, timeout=30) as answer:
        tag, policy = answer.headers["ETag"], answer.headers["Content-Security-Policy"]
    assert "frame-ancestors" in policy
    again = urllib.request.Request(address, headers={"Accept": "text/html", "If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as same:
        urllib.request.urlopen(again, timeout=30)
    assert same.value.code == 304
    same.value.close()


@pytest.mark.parametrize("asked", ["nowhere", "%3Cb%3E", "LINCOLN"])
def test_a_brief_of_no_school_is_a_sentence(guarded: District, asked: str) -> None:
    status, page = brief(guarded.url, asked, link=guarded.tokens["lincoln"])
    assert status == 404 and "<b>" not in page and "Traceback" not in page
    status, page = brief(guarded.url, asked, signed_in(guarded.url, "ada@example.org"))
    assert status == 404 and "<b>" not in page


def test_a_brief_of_a_wave_that_is_gone_names_those_there_are(guarded: District) -> None:
    status, page = brief(guarded.url, "lincoln", link=guarded.tokens["lincoln"], wave="Spring 2020")
    assert status == 404 and "There is no wave “Spring 2020” with answers." in page and "Known: Fall 2026" in page


def read(url: str, token: str, table: str = FEED, **asked: str) -> tuple[int, str]:
    """What a program gets from a feed: the status and the text."""
    address = f"{url}/feed/{table}.csv?{urlencode({'token': token, **asked})}"
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


@pytest.mark.parametrize("name", ["fay/district", "fay/lincoln", "pat/lincoln"])
def test_a_feed_gives_its_schools_and_no_other(guarded: District, name: str) -> None:
    token, school_id = guarded.tokens[f"feed {name}"], name.partition("/")[2]
    status, text = read(guarded.url, token)
    assert status == 200 and text.startswith("wave_id,school_id,school_name")
    for other, school in NAMES.items():
        assert (school in text) is (school_id in (other, "district")), f"{name} and {other}"
    for table in ("comments", "uploads", "needs", "audit"):
        assert read(guarded.url, token, table)[0] == 404
    if school_id == "lincoln":
        status, text = read(guarded.url, token, school="washington")
        assert status == 400 and "Washington Elementary" not in text


@pytest.mark.parametrize("name", ["feed forged", "feed expired", "feed revoked", "feed ended", "lincoln", "", "x"])
def test_a_feed_that_does_not_work_gives_nothing(guarded: District, name: str) -> None:
    token = guarded.tokens.get(name, name)
    if name == "feed forged":
        token = guarded.tokens["feed fay/lincoln"][:-3] + "abc"
    status, text = read(guarded.url, token)
    assert status == 404 and not [school for school in NAMES.values() if school in text]
