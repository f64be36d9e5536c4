"""The brief and “you said, we did” as the server gives them: for whom, how often anew, and what is said instead."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import polars as pl
import pytest
from starlette.requests import Request
from starlette.responses import Response

from pages.components import data, signed_files
from pages.components.documents import plain_pages, sources
from pages.components.session import plain_visitor
from pages.components.session.singletons import kept
from pd_core.access import Actor
from pd_core.actions import audit as audit_of_actions
from pd_core.actions import guesses, share_links
from pd_core.codebook import Codebook
from pd_core.entities import Wave
from pd_core.errors import StoreError
from pd_core.reports.documents.files import Kind
from pd_core.storage import Store, audit, links, open_store, reference, waves
from tests.conftest import SCHOOLS
from tests.coroutines import finished

KEY = b"a key of the tests"
FALL = "Fall 2026"
PAT = Actor("pat@example.org", "principal", frozenset({"lincoln"}))
FAY = Actor("fay@example.org", "facilitator")
LONG = (
    "Saint Exupéry Academy of Arts, Languages, Science, Technology, Enginee"
    "ring and Math at the Old Harbor, North Entrance 3"
)


@pytest.fixture
def store(answers: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    opened = open_store(str(answers), list(codebook.items.values()))
    monkeypatch.setattr(data, "store", kept(lambda: opened))
    monkeypatch.setattr(data, "key", lambda: KEY)
    sources.documents().clear()
    plain_visitor._noted().clear()
    yield opened
    opened.close()


@pytest.fixture
def signed_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Actor | None]]:
    """The person whose sign-in the next request carries."""
    who: list[Actor | None] = [FAY]
    monkeypatch.setattr(plain_visitor, "request_actor", lambda _headers: who[-1])
    yield who


def got(school_id: str, kind: Kind = "brief", headers: dict[str, str] | None = None, **asked: str) -> Response:
    """What the server answers to a request for a school's page."""
    named = {"host": "pulse.example.org", **(headers or {})}
    scope = {
        "type": "http", "method": "GET", "scheme": "https", "server": ("pulse.example.org", 443), "root_path": "",
        "path": f"/{kind}/{school_id}", "app_root_path": "", "path_params": {"school_id": school_id},
        "query_string": urlencode(asked).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }  # fmt: skip
    return finished(partial(plain_pages._answer, kind)(Request(scope)))


def words(answer: Response) -> str:
    return bytes(answer.body).decode()


def token_of(store: Store, school_id: str = "lincoln") -> str:
    return share_links.token(links.make_link(store, school_id, 7, "test"), KEY)


def test_a_page_is_sent_compressed_and_not_again_where_it_is_known(signed_in: list[Actor | None]) -> None:
    plain, packed = got("lincoln"), got("lincoln", headers={"accept-encoding": "br, gzip"})
    assert gzip.decompress(bytes(packed.body)) == bytes(plain.body)
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert plain.headers["etag"] == packed.headers["etag"]
    assert plain.headers["vary"] == "Cookie, Accept-Encoding"
    known = got("lincoln", headers={"if-none-match": plain.headers["etag"]})
    assert (known.status_code, known.body) == (304, b"")


def test_a_page_that_was_just_given_is_given_again_until_something_is_written(
    store: Store, signed_in: list[Actor | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.make_link(store, "lincoln", 7, "test")
    token = share_links.token(link, KEY)
    first = [got("lincoln", link=token) for _ in range(2)]  # the first is noted, which is a write
    with monkeypatch.context() as unchanged:
        unchanged.setattr(plain_pages, "_page", lambda *_: pytest.fail("looked up again"))
        assert got("lincoln", link=token).body == first[1].body
    assert got("lincoln", link=token, embed="true").body != first[1].body
    signed_in.append(PAT)
    assert got("washington", headers={"cookie": "another reader"}).status_code == 404
    links.revoke_link(store, link.link_id, "test")
    assert got("lincoln", link=token).status_code == 403
    signed_files._given.put((store, "an earlier revision"), "any", signed_files.signed_file(b"", ""))
    assert not signed_files._given.find((store, store.revision()), "any")


def test_a_link_that_expires_ends_within_seconds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = token_of(store), [0.0]
    monkeypatch.setattr(signed_files, "time", SimpleNamespace(monotonic=lambda: now[0]))
    assert [got("lincoln", link=token).status_code for _ in range(2)] == [200, 200]
    monkeypatch.setattr(plain_visitor.share_links, "carried_link", lambda *_: None)
    assert got("lincoln", link=token).status_code == 200
    now[0] = 6.0
    assert got("lincoln", link=token).status_code == 403


def test_a_document_outlives_what_does_not_change_it(
    store: Store, signed_in: list[Actor | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = got("lincoln")
    monkeypatch.setattr(plain_pages, "_made", lambda *_: pytest.fail("made again"))
    audit_of_actions.note(store, "export", "test", "a table")
    assert got("lincoln").body == first.body


def test_guests_of_two_links_read_one_document_with_their_own_link_in_it(store: Store) -> None:
    tokens = [token_of(store), token_of(store)]
    pages = [words(got("lincoln", link=token)) for token in tokens]
    assert [token in page for token in tokens for page in pages] == [True, False, False, True]
    assert pages[0].replace(tokens[0], tokens[1]) == pages[1]


@pytest.mark.parametrize("kind", ["brief", "said"])
def test_where_a_wave_asks_for_a_guess_it_comes_before_the_page(
    store: Store, codebook: Codebook, signed_in: list[Actor | None], kind: Kind
) -> None:
    waves.put_wave(store, Wave(FALL, asks_guesses=True), "test")
    signed_in.append(PAT)
    answer = got("lincoln", kind)
    assert answer.status_code == 403 and "Guess first, then see the results" in words(answer)
    assert 'href="../?school=lincoln&amp;wave=Fall+2026"' in words(answer)
    assert "40 of 60" not in words(answer) and "%" not in words(answer)
    assert got("lincoln", kind, link=token_of(store)).status_code == 200, "guests of a link are not asked"
    assert got("district", kind).status_code == 200, "nothing is guessed of the district"
    visitor = plain_visitor.visitor_of(Request({"type": "http", "headers": []}).headers, "")
    guesses.put_guesses(store, visitor, codebook, FALL, "lincoln", {})
    assert got("lincoln", kind).status_code == 200


@pytest.mark.parametrize("kind", ["brief", "said"])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        (LONG, LONG),
        ("ثانوية النور", "ثانوية النور"),
        ("林肯高中", "林肯高中"),
        ("Lincoln 🦅 High", "Lincoln 🦅 High"),
        ("<b>&\"Lincoln\"</b>", "&lt;b&gt;&amp;&quot;Lincoln&quot;&lt;/b&gt;"),
    ],
    ids=["long", "Arabic", "Chinese", "emoji", "markup"],
)  # fmt: skip
def test_any_name_is_read_on_the_page(
    store: Store, signed_in: list[Actor | None], kind: Kind, name: str, written: str
) -> None:
    named = SCHOOLS.with_columns(
        pl.when(pl.col("school_id") == "lincoln").then(pl.lit(name)).otherwise("name").alias("name")
    )
    reference.set_schools(store, named, "test")
    answer = got("lincoln", kind)
    assert answer.status_code == 200 and len(answer.body) < 150_000
    assert f"{written}</title>" in words(answer) or f"{written} " in words(answer)
    assert "<b>" not in words(answer)


@pytest.mark.parametrize(
    ("school_id", "said"),
    [
        ("jefferson", "fewer than 5"),
        ("madrona", "No one here has answered"),
    ],
)
def test_a_school_without_figures_says_why(signed_in: list[Actor | None], school_id: str, said: str) -> None:
    answer = got(school_id)
    assert answer.status_code == 200
    assert said in words(answer)


def test_a_school_without_headcount_says_how_many_answered(store: Store, signed_in: list[Actor | None]) -> None:
    without = SCHOOLS.with_columns(
        pl.when(pl.col("school_id") == "lincoln").then(None).otherwise("headcount").alias("headcount")
    )
    reference.set_schools(store, without, "test")
    page = words(got("lincoln"))
    assert "40" in page and "None" not in page and "of 60" not in page


def test_a_wave_that_is_gone_and_a_school_of_others_are_sentences(store: Store, signed_in: list[Actor | None]) -> None:
    assert "There is no wave “Spring 2020” with answers." in words(got("lincoln", wave="Spring 2020"))
    signed_in.append(replace(PAT, school_ids=frozenset({"washington"})))
    answer = got("lincoln")
    assert (answer.status_code, "one of yours" in words(answer)) == (404, True)
    assert audit.audit(store, ["refused"])["subject"].to_list() == ["school: lincoln"]


def test_a_store_that_cannot_be_read_is_said_as_such(
    store: Store, signed_in: list[Actor | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Store:
        raise StoreError("The store could not be read.", "Make sure that its disk is there.")

    monkeypatch.setattr(data, "store", kept(away))
    answer = got("lincoln")
    assert answer.status_code == 503 and "Make sure that its disk is there." in words(answer)
