"""Addresses to which scripts send files: who makes them, what they take, how they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from pages.components import data
from pages.components.next_day.limits import Limit
from pages.components.upload import route as page
from pd_core.access import Actor, Visitor
from pd_core.actions import upload_addresses, uploads
from pd_core.codebook import Codebook
from pd_core.errors import RefusedName, StoreError
from pd_core.storage import Store, audit, queries, roles
from pd_core.storage.signed_addresses import addresses
from pd_core.storage.upload_addresses import UPLOAD_ADDRESSES
from tests.coroutines import finished
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage, words

FAY = Visitor.as_oneself(Actor("fay@example.org", "facilitator"))
MIA = Actor("mia@example.org", "mie", frozenset({"lincoln"}))
KEY = b"a key of the tests"


@pytest.fixture
def opened(store: Store, codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    roles.put_person(store, FAY.actor.name, "facilitator", (), "test")
    monkeypatch.setattr(data, "store", lambda: store)
    monkeypatch.setattr(data, "real_codebook", lambda: codebook)
    monkeypatch.setattr(data, "key", lambda: KEY)
    monkeypatch.setattr(page, "SENT", Limit(30))
    monkeypatch.setattr(page, "FAILED", Limit(30))
    yield store


@pytest.fixture
def token(opened: Store) -> str:
    return upload_addresses.token(upload_addresses.make_upload(opened, FAY, "lincoln", 90), KEY)


def post(content: bytes, token: str = "", query: str = "file=lincoln.xlsx", pieces: int = 1) -> Response:
    """The answer to a file that comes in so many pieces."""
    size = len(content) // pieces + 1
    parts = [content[start : start + size] for start in range(0, len(content), size)] or [b""]
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)} for number, part in enumerate(parts, 1)
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    scope = {"type": "http", "method": "POST", "query_string": query.encode(), "headers": headers,
             "client": ("192.0.2.7", 1)}  # fmt: skip
    return finished(page.route(Request(scope, receive)))


def said(answer: Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(answer.body))
    return found


def test_a_file_is_answered_with_its_receipt_and_is_in_the_audit(opened: Store, token: str) -> None:
    content = survey_workbook(school="Lincoln High", n=12)
    answer = post(content, token, pieces=5)
    receipt = said(answer)
    assert (answer.status_code, receipt["status"], receipt["rows_added"]) == (200, "committed", 12)
    assert receipt["file"] == "lincoln.xlsx" and receipt["schools"] == {"lincoln": 12}
    (made,) = addresses(opened, UPLOAD_ADDRESSES)
    assert audit.audit(opened, ["upload"])["actor"].to_list() == [f"Upload address {made.address_id}"]
    assert said(post(content, token))["status"] == "unchanged"
    assert uploads.undo_upload(opened, FAY, receipt["upload_id"]) == 12


def test_rows_of_other_schools_are_left_to_them(opened: Store, token: str) -> None:
    answer = post(survey_workbook(school="Jefferson Middle", n=12), token)
    assert (answer.status_code, said(answer)["status"]) == (422, "rejected")
    assert queries.uploads(opened).is_empty()


def test_a_file_that_is_no_export_is_answered_with_the_reason(token: str) -> None:
    answer = post(b"soup\n1\n", token, query="file=..%2F..%2Fetc%2Fmenu.csv")
    receipt = said(answer)
    assert answer.status_code == 422 and "is not a survey export" in receipt["message"]
    assert receipt["file"] == "menu.csv" and receipt["rows_read"] == 0


@pytest.mark.parametrize("wrong", ["", "x", "x.y", "token of another kind"])
def test_without_a_token_nothing_is_read(opened: Store, token: str, wrong: str) -> None:
    answer = post(survey_workbook(n=12), wrong)
    assert answer.status_code == 401 and "no longer works" in said(answer)["message"]
    assert queries.uploads(opened).is_empty()


@pytest.mark.parametrize("end", ["revoked", "expired", "role"])
def test_an_address_ends(opened: Store, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = upload_addresses.make_upload(opened, FAY, "lincoln", 7)
    if end == "revoked":
        upload_addresses.revoke_upload(opened, FAY, made.address_id)
    elif end == "expired":
        monkeypatch.setattr(upload_addresses, "utc_now", lambda: made.expires_at)
    else:
        roles.put_person(opened, FAY.actor.name, "mie", ["lincoln"], "test")
    assert post(survey_workbook(n=12), upload_addresses.token(made, KEY)).status_code == 401


def test_no_more_files_a_minute_than_are_allowed(opened: Store, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "SENT", Limit(1))
    monkeypatch.setattr(page, "FAILED", Limit(1))
    assert [post(b"", token).status_code for _ in range(2)] == [422, 429]
    answers = [post(b"", "wrong") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]
    assert answers[1].headers["retry-after"] == "60"


def test_a_file_that_is_too_large_is_not_read_to_its_end(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MAX_BYTES", 1000)
    assert post(b"x" * 5000, token, pieces=5).status_code == 413
    monkeypatch.setattr(page, "MOST_UNDER_WAY", 100)
    assert post(b"x" * 500, token).status_code == 503
    assert page._under_way == {}


def test_a_store_that_is_away_is_no_fault_of_the_file(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreError("The disk that holds the store is full.")

    monkeypatch.setattr(upload_addresses, "take", away)
    answer = post(survey_workbook(n=12), token)
    assert answer.status_code == 503 and "disk" in said(answer)["message"]


def test_only_schools_and_times_that_there_are_can_be_chosen(opened: Store) -> None:
    for school, days in (("nowhere", 90), ("district", 90), ("lincoln", 1)):
        with pytest.raises(RefusedName):
            upload_addresses.make_upload(opened, FAY, school, days)


def test_a_facilitator_makes_and_revokes_one_on_the_page(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=FAY.actor)
    page.selectbox(key="upload_address_school").set_value("madrona")
    page.button(key="make_upload_address").click().run()
    (made,) = addresses(data.store(), UPLOAD_ADDRESSES)
    assert (made.school_id, made.made_by) == ("madrona", FAY.actor.name)
    token = upload_addresses.token(made, data.key())
    assert token in [field.value for field in page.text_input]
    assert all(f"**{program}**" in words(page) for program in ("PowerShell", "Power Automate", "curl"))
    page.button(key=f"revoke_upload_{made.address_id}").click().run()
    assert addresses(data.store(), UPLOAD_ADDRESSES)[0].is_revoked and "no longer works" in words(page)


def test_an_mie_makes_none(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=MIA)
    assert not [button for button in page.button if button.key == "make_upload_address"]
