"""A real server, asked by everybody for everything: by address, by share link, by command."""

from __future__ import annotations

import html
import itertools
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.config import ROOT, load_settings
from pd_core.pseudonyms import respondent_key
from pd_core.sign_in import signed_id
from pd_core.storage import audit, links, open_store, reference, roles, table_feeds
from pd_core.storage.signed_addresses import revoke_address
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.server import running_server
from tests.visitor import Seen, send, signed_in, visit

NAMES = {"lincoln": "Lincoln High", "washington": "Washington Elementary"}
ROLES = {
    "ada@example.org": ("administrator", ()),
    "fay@example.org": ("facilitator", ()),
    "mia@example.org": ("mie", ("lincoln",)),
    "pat@example.org": ("principal", ("lincoln",)),
}
PAGES = (
    "",
    *sorted(file.stem for file in (ROOT / "pages").glob("[a-z]*.py") if file.stem not in ("frame", "overview")),
)
FIGURES = ("", "school_comparison", "samr_distribution", "growth", "training_planning", "plan", "responses")
FOR_ROLES = {
    "administration": ("administrator",),
    "impact": ("administrator", "facilitator"),
    "upload": ("administrator", "facilitator", "mie"),
    "training_lists": ("administrator", "facilitator"),
    "sessions": ("administrator", "facilitator", "mie", "principal"),
    "hours": ("administrator", "facilitator"),
    "programme": ("administrator", "facilitator"),
    "credentials": ("administrator", "facilitator"),
    "survey": ("administrator", "facilitator", "mie", "principal"),
}
REFUSED = "Your role does not include this page."
PROVIDER = "https://accounts.example.org"
REFUSED_BY_GATE = b"Sign in with a role that uploads first."


@dataclass(frozen=True)
class District:
    """A running server with answers of Lincoln (40 of 60) and Washington (20 of 40), and its open and closed links."""

    url: str
    store: Path
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("district") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    key = respondent_key(load_settings({}, store=str(path)), has_uploads=False)
    for number, (name, n) in enumerate((("Lincoln High", 40), ("Washington Elementary", 20)), start=1):
        table = ingestion.read(f"{name}.xlsx", survey_workbook(school=name, n=n, seed=number), codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, key, EVERYTHING), "test")
    for email, (role, school_ids) in ROLES.items():
        roles.put_person(store, email, role, school_ids, "test")
    made = {school_id: links.make_link(store, school_id, 90, "test") for school_id in ("lincoln", "district")}
    made["expired"] = links.make_link(store, "lincoln", -1, "test")
    made["revoked"] = links.make_link(store, "lincoln", 90, "test")
    links.revoke_link(store, made["revoked"].link_id, "test")
    feeds = {
        f"feed {name}": table_feeds.make_table_feed(store, FEED, school_id, days, maker)
        for name, school_id, days, maker in (
            ("fay/district", "district", 90, "fay@example.org"),
            ("fay/lincoln", "lincoln", 90, "fay@example.org"),
            ("pat/lincoln", "lincoln", 90, "pat@example.org"),
            ("expired", "lincoln", -1, "fay@example.org"),
            ("revoked", "lincoln", 90, "fay@example.org"),
            ("ended", "washington", 90, "pat@example.org"),
        )
    }
    revoke_address(store, table_feeds.FEEDS, feeds["feed revoked"].feed_id, "test")
    store.close()
    tokens = {name: signed_id(link.link_id, key, "share link") for name, link in made.items()}
    return path, tokens | {
        name: signed_id(feed.feed_id, key, table_feeds.FEEDS.purpose) for name, feed in feeds.items()
    }


@pytest.fixture(scope="module")
def district(filled: tuple[Path, dict[str, str]]) -> Iterator[District]:
    path, tokens = filled
    with running_server(path, provider=PROVIDER) as url:
        yield District(url, path, tokens)


def shows(seen: Seen, school_id: str) -> bool:
    return NAMES[school_id] in seen.everything


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
def test_by_address_everybody_gets_their_pages_and_their_buildings(district: District, page: str) -> None:
    for (email, (role, own)), asked in itertools.product(ROLES.items(), NAMES):
        seen = visit(district.url, page, signed_in(district.url, email), school=asked)
        where = f"{role} at /{page}?school={asked}"
        assert (REFUSED in seen.everything) is (role not in FOR_ROLES.get(page, [role])), where
        is_whole = role in ("administrator", "facilitator")
        for school_id in NAMES:
            may_be_seen = is_whole or school_id in own
            assert may_be_seen or not shows(seen, school_id), f"{where} shows {school_id}"
        if page == "":
            assert shows(seen, asked) is (is_whole or asked in own), where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
def test_by_link_a_visitor_gets_that_links_figures(district: District, page: str) -> None:
    for opened, asked in itertools.product(("lincoln", "district"), NAMES):
        seen = visit(district.url, page, link=district.tokens[opened], school=asked)
        where = f"the link to {opened} at /{page}?school={asked}"
        assert (REFUSED in seen.everything) is (page in FOR_ROLES), where
        assert not shows(seen, "washington"), f"{where} shows washington"
        assert opened == "lincoln" or not shows(seen, "lincoln"), f"{where} shows lincoln"
        assert "In their own words" not in seen.everything, where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
@pytest.mark.parametrize("how", ["nobody", "stranger", "old", "forged", "expired", "revoked"])
def test_whoever_has_no_way_in_gets_no_figure(district: District, page: str, how: str) -> None:
    cookies, address = {}, {}
    if how in ("stranger", "old"):
        email, issued = ("who@example.org", None) if how == "stranger" else ("ada@example.org", time.time() - 10**5)
        cookies = signed_in(district.url, email, issued=issued)
    elif how != "nobody":
        address = {"link": district.tokens.get(how, district.tokens["lincoln"][:-3] + "abc")}
    seen = visit(district.url, page, cookies, **address)
    titles = {"stranger": "You don't have a role yet"} | dict.fromkeys(
        ("forged", "expired", "revoked"), "This link no longer works"
    )
    assert seen.title == titles.get(how, "Sign in to PD Pulse")
    assert not [kind for kind in seen.texts if kind in ("arrow_data_frame", "vega_lite_chart", "metric", "table")]
    assert not [school_id for school_id in NAMES if shows(seen, school_id)]


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


def test_the_brief_is_for_the_same_people_as_the_pages(district: District) -> None:
    for (email, (role, own)), asked, at in itertools.product(ROLES.items(), NAMES, ("brief", "said")):
        status, page = brief(district.url, asked, signed_in(district.url, email), at)
        may_see = role in ("administrator", "facilitator") or asked in own
        where = f"{role} at /{at}/{asked}"
        assert status == (200 if may_see else 404), where
        assert [name for name in NAMES.values() if name in page] == ([NAMES[asked]] if may_see else []), where
        assert ("% of the staff answered" in page) is may_see, where


def test_a_link_opens_the_brief_of_its_own_school_alone(district: District) -> None:
    for opened, asked, at in itertools.product(("lincoln", "district"), (*NAMES, "district"), ("brief", "said")):
        status, page = brief(district.url, asked, at=at, link=district.tokens[opened])
        may_see = asked in (opened, "district")
        assert status == (200 if may_see else 404), f"the link to {opened} at /{at}/{asked}"
        assert ("Lincoln High" in page) is (opened == asked == "lincoln")
        assert "Washington" not in page
    _, page = brief(district.url, "lincoln", link=district.tokens["lincoln"])
    assert "<script" not in page
    live = html.unescape(re.findall(r'href="([^"]+)"', page)[0])
    assert live == f"{district.url}/?link={district.tokens['lincoln']}&school=lincoln&wave=Fall+2026"
    _, framed = brief(district.url, "lincoln", link=district.tokens["lincoln"], embed="true")
    assert "&amp;school=lincoln&amp;embed=true&amp;wave=" in framed


@pytest.mark.parametrize(("name", "status"), [("lincoln", 200), ("district", 200), ("revoked", 403), ("expired", 403)])
def test_a_phone_that_opens_a_shared_link_gets_the_brief(district: District, name: str, status: int) -> None:
    address = f"{district.url}/?{urlencode({'link': district.tokens[name]})}"
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
def test_whoever_has_no_way_in_gets_no_brief(district: District, how: str) -> None:
    cookies: dict[str, str] = {}
    asked: dict[str, str] = {}
    if how in ("stranger", "old"):
        email, issued = ("who@example.org", None) if how == "stranger" else ("ada@example.org", time.time() - 10**5)
        cookies = signed_in(district.url, email, issued=issued)
    elif how != "nobody":
        asked = {"link": district.tokens.get(how, district.tokens["lincoln"][:-3] + "abc")}
    for at in ("brief", "said"):
        status, page = brief(district.url, "lincoln", cookies, at, **asked)
        assert status == (403 if asked else 401)
        assert ("This link no longer works" if asked else "Sign in to PD Pulse") in page
        assert "Lincoln" not in page and "answered" not in page


def test_a_brief_is_sent_again_only_where_it_changed(district: District) -> None:
    address = f"{district.url}/brief/lincoln?link={district.tokens['lincoln']}"
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
def test_a_brief_of_no_school_is_a_sentence(district: District, asked: str) -> None:
    status, page = brief(district.url, asked, link=district.tokens["lincoln"])
    assert status == 404 and "<b>" not in page and "Traceback" not in page
    status, page = brief(district.url, asked, signed_in(district.url, "ada@example.org"))
    assert status == 404 and "<b>" not in page


def test_a_brief_of_a_wave_that_is_gone_names_those_there_are(district: District) -> None:
    status, page = brief(district.url, "lincoln", link=district.tokens["lincoln"], wave="Spring 2020")
    assert status == 404 and "There is no wave “Spring 2020” with answers." in page and "Known: Fall 2026" in page


def test_nobody_empties_the_server_for_the_others(district: District) -> None:
    emptied, again = BackMsg(clear_cache=True), BackMsg()
    again.rerun_script.query_string = ""
    assert send(district.url, emptied, again).title == "Sign in to PD Pulse"
    assert shows(visit(district.url, "", signed_in(district.url, "fay@example.org"), school="lincoln"), "lincoln")


FEED = "skill-summary"


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
def test_a_feed_gives_its_schools_and_no_other(district: District, name: str) -> None:
    token, school_id = district.tokens[f"feed {name}"], name.partition("/")[2]
    status, text = read(district.url, token)
    assert status == 200 and text.startswith("wave_id,school_id,school_name")
    for other, school in NAMES.items():
        assert (school in text) is (school_id in (other, "district")), f"{name} and {other}"
    for table in ("comments", "uploads", "needs", "audit"):
        assert read(district.url, token, table)[0] == 404
    if school_id == "lincoln":
        status, text = read(district.url, token, school="washington")
        assert status == 400 and "Washington Elementary" not in text


@pytest.mark.parametrize("name", ["feed forged", "feed expired", "feed revoked", "feed ended", "lincoln", "", "x"])
def test_a_feed_that_does_not_work_gives_nothing(district: District, name: str) -> None:
    token = district.tokens.get(name, name)
    if name == "feed forged":
        token = district.tokens["feed fay/lincoln"][:-3] + "abc"
    status, text = read(district.url, token)
    assert status == 404 and not [school for school in NAMES.values() if school in text]


@pytest.mark.parametrize("path", ["upload_file/any-session/any-file", "metrics"])
def test_who_has_not_signed_in_reaches_nothing_beside_the_pages(district: District, path: str) -> None:
    method = "GET" if path == "metrics" else "PUT"
    asked = urllib.request.Request(
        f"{district.url}/_stcore/{path}", data=b"x" if method == "PUT" else None, method=method
    )
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(asked, timeout=30)
    assert refusal.value.code == 403
    refusal.value.close()


def is_taken_by_gate(url: str, cookies: dict[str, str]) -> bool:
    """Whether a file that is sent from nowhere, under a made-up session, comes as far as Streamlit, which refuses it
    for other reasons."""
    request = urllib.request.Request(f"{url}/_stcore/upload_file/any-session/any-file", data=b"x", method="PUT")
    for name, value in cookies.items():
        request.add_header("Cookie", f"{name}={value}")
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return REFUSED_BY_GATE not in refusal.read()
    return True


@pytest.mark.parametrize(
    ("email", "days_ago", "may"),
    [
        ("mia@example.org", 0, True),
        ("fay@example.org", 0, True),
        ("pat@example.org", 0, False),
        ("who@example.org", 0, False),
        ("mia@example.org", 2, False),
    ],
    ids=["an MIE", "a facilitator", "a principal", "somebody without a role", "an MIE whose sign-in is old"],
)
def test_a_file_is_taken_only_from_people_who_upload(district: District, email: str, days_ago: int, may: bool) -> None:
    cookies = signed_in(district.url, email, issued=time.time() - days_ago * 86_400)
    assert is_taken_by_gate(district.url, cookies) is may


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The answer itself, not what it leads to."""

    def redirect_request(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("address", ["auth/logout", "auth/logout?again=1", "administration/auth/logout"])
def test_signing_out_by_address_ends_the_sign_in_for_every_copy_of_its_cookie(district: District, address: str) -> None:
    cookies = signed_in(district.url, "fay@example.org", issued=time.time() - len(address))
    assert shows(visit(district.url, "", cookies, school="lincoln"), "lincoln")
    request = urllib.request.Request(f"{district.url}/{address}")
    for name, value in cookies.items():
        request.add_header("Cookie", f"{name}={value}")
    try:
        urllib.request.build_opener(NoRedirect).open(request, timeout=30).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    seen = visit(district.url, "", cookies, school="lincoln")
    assert seen.title == "Sign in to PD Pulse"
    assert "Your sign-in has ended." in seen.everything
    assert not shows(seen, "lincoln")
    assert not is_taken_by_gate(district.url, cookies)


@pytest.mark.parametrize("name", ["look_as", "school", "plan_lock", "$$ID-0-school", "$$ID-00-look_as", "$$ID-x"])
def test_a_forged_widget_opens_no_other_school(district: District, name: str) -> None:
    """A principal's browser sends the state of a widget that the page does not have, or that only others are shown."""
    forged = BackMsg()
    forged.rerun_script.query_string = "school=lincoln"
    forged.rerun_script.widget_states.widgets.add(id=name, string_value="washington")
    seen = send(district.url, forged, cookies=signed_in(district.url, "pat@example.org"))
    assert not shows(seen, "washington")
    assert "pat@example.org, Principal" in seen.everything
    # It may break the page of the one who sent it, and nobody else's.
    assert shows(visit(district.url, "", signed_in(district.url, "pat@example.org")), "lincoln")


def test_the_audit_shows_each_refusal(filled: tuple[Path, dict[str, str]], codebook: Codebook, tmp_path: Path) -> None:
    path, tokens = filled
    copy = Path(shutil.copy(path, tmp_path / "pd.duckdb"))
    shutil.copy(path.with_suffix(".key"), tmp_path / "pd.key")
    with running_server(copy, provider=PROVIDER) as url:
        visit(url, link=tokens["lincoln"][:-3] + "abc")
        visit(url, link=tokens["expired"])
        visit(url, link=tokens["revoked"])
        visit(url, link=tokens["lincoln"])
        visit(url, "", signed_in(url, "pat@example.org"), school="washington")
        visit(url, "administration", signed_in(url, "pat@example.org"))
    store = open_store(str(copy), list(codebook.items.values()))
    done = audit.audit(store)
    store.close()
    said = [(row["kind"], row["actor"].split(" ")[0], row["subject"]) for row in done.to_dicts()]
    for expected in [
        ("refused", "somebody", "a link that was not made here"),
        ("refused", "Link", "the link has been revoked"),
        ("link opened", "Link", ""),
        ("refused", "pat@example.org", "school: washington"),
        ("refused", "pat@example.org", "page administration"),
    ]:
        assert expected in said, f"{expected} is not in {said}"
    assert [row for row in said if row[2].startswith("the link expired")]
    assert [row for row in said if row[0] == "sign-in"]


def test_by_command_whoever_holds_the_files_gets_every_building(filled: tuple[Path, dict[str, str]]) -> None:
    path, _ = filled
    command = [sys.executable, "-m", "pd_core", "export", "skill-summary", "--json"]
    copy = shutil.copytree(path.parent, path.parent.with_name("copied"), dirs_exist_ok=True) / path.name
    done = subprocess.run([*command, "--store", str(copy)], cwd=ROOT, capture_output=True, check=True)
    found = {row["school_id"] for row in json.loads(done.stdout)}
    assert {"lincoln", "washington", "district"} <= found


def test_a_fresh_servers_first_request_is_guarded(filled: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """One page for all: tests/pages/test_guards.py proves that each begins with the same guard."""
    copy = Path(shutil.copy(filled[0], tmp_path / "pd.duckdb"))
    with running_server(copy, provider=PROVIDER) as url:
        seen = visit(url, "school_comparison")
    assert seen.title == "Sign in to PD Pulse"
    assert not [school_id for school_id in NAMES if shows(seen, school_id)]


@pytest.mark.slow
@pytest.mark.parametrize("email", [None, *ROLES])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
def test_a_fresh_servers_first_request_is_guarded_for_every_role(
    filled: tuple[Path, dict[str, str]], page: str, email: str | None, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(filled[0], tmp_path / "pd.duckdb"))
    with running_server(copy, provider=PROVIDER) as url:
        seen = visit(url, page, signed_in(url, email) if email else {}, school="washington")
    if email is None:
        assert seen.title == "Sign in to PD Pulse"
        assert not [school_id for school_id in NAMES if shows(seen, school_id)]
        return
    role, own = ROLES[email]
    assert (REFUSED in seen.everything) is (role not in FOR_ROLES.get(page, [role]))
    assert not own or not shows(seen, "washington")
