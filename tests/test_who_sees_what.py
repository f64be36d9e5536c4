"""A real server, asked by everybody for everything: by address, by share link, by command."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.storage import audit, open_store
from tests.guarded import NAMES, PROVIDER, ROLES, District, shows
from tests.server import COOKIE_SECRET, running_server
from tests.visitor import send, signed_in, visit

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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
def test_by_address_everybody_gets_their_pages_and_their_buildings(guarded: District, page: str) -> None:
    for (email, (role, own)), asked in itertools.product(ROLES.items(), NAMES):
        seen = visit(guarded.url, page, signed_in(guarded.url, email), school=asked)
        where = f"{role} at /{page}?school={asked}"
        assert (REFUSED in seen.everything) is (role not in FOR_ROLES.get(page, [role])), where
        is_whole = role in ("administrator", "facilitator")
        for school_id in NAMES:
            may_be_seen = is_whole or school_id in own
            assert may_be_seen or not shows(seen, school_id), f"{where} shows {school_id}"
        if page == "":
            assert shows(seen, asked) is (is_whole or asked in own), where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
def test_by_link_a_visitor_gets_that_links_figures(guarded: District, page: str) -> None:
    for opened, asked in itertools.product(("lincoln", "district"), NAMES):
        seen = visit(guarded.url, page, link=guarded.tokens[opened], school=asked)
        where = f"the link to {opened} at /{page}?school={asked}"
        assert (REFUSED in seen.everything) is (page in FOR_ROLES), where
        assert not shows(seen, "washington"), f"{where} shows washington"
        assert opened == "lincoln" or not shows(seen, "lincoln"), f"{where} shows lincoln"
        assert "In their own words" not in seen.everything, where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
@pytest.mark.parametrize("how", ["nobody", "stranger", "old", "forged", "expired", "revoked"])
def test_whoever_has_no_way_in_gets_no_figure(guarded: District, page: str, how: str) -> None:
    cookies, address = {}, {}
    if how in ("stranger", "old"):
        email, issued = ("who@example.org", None) if how == "stranger" else ("ada@example.org", time.time() - 10**5)
        cookies = signed_in(guarded.url, email, issued=issued)
    elif how != "nobody":
        address = {"link": guarded.tokens.get(how, guarded.tokens["lincoln"][:-3] + "abc")}
    seen = visit(guarded.url, page, cookies, **address)
    titles = {"stranger": "You don't have a role yet"} | dict.fromkeys(
        ("forged", "expired", "revoked"), "This link no longer works"
    )
    assert seen.title == titles.get(how, "Sign in to PD Pulse")
    assert ("Your sign-in has ended." in seen.everything) is (how == "old")
    assert not [kind for kind in seen.texts if kind in ("arrow_data_frame", "vega_lite_chart", "metric", "table")]
    assert not [school_id for school_id in NAMES if shows(seen, school_id)]


@pytest.mark.parametrize("how", ["signed with another secret", "changed"])
def test_a_cookie_that_this_server_did_not_make_signs_nobody_in(guarded: District, how: str) -> None:
    secret = "somebody else's secret, just as long" if how == "signed with another secret" else COOKIE_SECRET
    ((name, value),) = signed_in(guarded.url, "ada@example.org", secret=secret).items()
    if how == "changed":
        payload, rest = value.split(".", 1)
        value = f"{payload[:-2]}{'AA' if payload[-2:] != 'AA' else 'BB'}.{rest}"
    seen = visit(guarded.url, "", {name: value})
    assert seen.title == "Sign in to PD Pulse"
    assert not [school_id for school_id in NAMES if shows(seen, school_id)]


def test_nobody_empties_the_server_for_the_others(guarded: District) -> None:
    emptied, again = BackMsg(clear_cache=True), BackMsg()
    again.rerun_script.query_string = ""
    assert send(guarded.url, emptied, again).title == "Sign in to PD Pulse"
    assert shows(visit(guarded.url, "", signed_in(guarded.url, "fay@example.org"), school="lincoln"), "lincoln")


@pytest.mark.parametrize("name", ["look_as", "school", "plan_lock", "$$ID-0-school", "$$ID-00-look_as", "$$ID-x"])
def test_a_forged_widget_opens_no_other_school(guarded: District, name: str) -> None:
    """A principal's browser sends the state of a widget that the page does not have, or that only others are shown."""
    forged = BackMsg()
    forged.rerun_script.query_string = "school=lincoln"
    forged.rerun_script.widget_states.widgets.add(id=name, string_value="washington")
    seen = send(guarded.url, forged, cookies=signed_in(guarded.url, "pat@example.org"))
    assert not shows(seen, "washington")
    assert "pat@example.org, Principal" in seen.everything
    # It may break the page of the one who sent it, and nobody else's.
    assert shows(visit(guarded.url, "", signed_in(guarded.url, "pat@example.org")), "lincoln")


def test_the_audit_shows_each_refusal(
    guarded_files: tuple[Path, dict[str, str]], codebook: Codebook, tmp_path: Path
) -> None:
    path, tokens = guarded_files
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


def test_by_command_whoever_holds_the_files_gets_every_building(
    guarded_files: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    copy = Path(shutil.copy(guarded_files[0], tmp_path / "pd.duckdb"))
    shutil.copy(guarded_files[0].with_suffix(".key"), tmp_path / "pd.key")
    command = [sys.executable, "-m", "pd_core", "export", "skill-summary", "--json"]
    done = subprocess.run([*command, "--store", str(copy)], cwd=ROOT, capture_output=True, check=True)
    found = {row["school_id"] for row in json.loads(done.stdout)}
    assert {"lincoln", "washington", "district"} <= found


def test_a_fresh_servers_first_request_is_guarded(guarded_files: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """One page for all: tests/pages/test_guards.py proves that each begins with the same guard."""
    copy = Path(shutil.copy(guarded_files[0], tmp_path / "pd.duckdb"))
    with running_server(copy, provider=PROVIDER) as url:
        seen = visit(url, "school_comparison")
    assert seen.title == "Sign in to PD Pulse"
    assert not [school_id for school_id in NAMES if shows(seen, school_id)]


@pytest.mark.slow
@pytest.mark.parametrize("email", [None, *ROLES])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "overview")
def test_a_fresh_servers_first_request_is_guarded_for_every_role(
    guarded_files: tuple[Path, dict[str, str]], page: str, email: str | None, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(guarded_files[0], tmp_path / "pd.duckdb"))
    with running_server(copy, provider=PROVIDER) as url:
        seen = visit(url, page, signed_in(url, email) if email else {}, school="washington")
    if email is None:
        assert seen.title == "Sign in to PD Pulse"
        assert not [school_id for school_id in NAMES if shows(seen, school_id)]
        return
    role, own = ROLES[email]
    assert (REFUSED in seen.everything) is (role not in FOR_ROLES.get(page, [role]))
    assert not own or not shows(seen, "washington")
