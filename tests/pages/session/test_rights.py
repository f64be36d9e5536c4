"""What an open page and its downloads look at: whether the sign-in, the role or the link still holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pages.components import data
from pages.components.session import rights
from pd_core.access import Actor
from pd_core.errors import RefusedAccess
from pd_core.sign_in import signed_id
from pd_core.storage import audit, links, roles
from tests.pages.seen import OpenPage

MIA = Actor("mia@example.org", "mie", frozenset({"lincoln"}))


@pytest.fixture
def holds(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bool]]:
    """The checks that pages made of their visitors while they ran."""
    made: list[Callable[[], bool]] = []
    of = rights.of

    def kept(*visitor: object) -> Callable[[], bool]:
        made.append(of(*visitor))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(rights, "of", kept)
    return made


def test_an_open_page_looks_more_than_once_a_minute() -> None:
    assert rights.LOOK_SECONDS * 2 <= 60


def test_a_right_ends_with_the_role(app: OpenPage, answers: Path, holds: list[Callable[[], bool]]) -> None:
    app(store=answers, as_=MIA)
    assert holds and all(one() for one in holds)
    roles.remove_person(data.store(), MIA.name, "test")
    assert not any(one() for one in holds)


def test_a_right_ends_with_the_building(app: OpenPage, answers: Path, holds: list[Callable[[], bool]]) -> None:
    app(store=answers, as_=MIA)
    roles.put_person(data.store(), MIA.name, "mie", ["jefferson"], "test")
    assert not any(one() for one in holds)


def test_a_right_ends_with_the_sign_in(app: OpenPage, answers: Path, holds: list[Callable[[], bool]]) -> None:
    app(store=answers, as_=MIA)
    signed_in = audit.audit(data.store()).filter(kind="sign-in")["subject"].to_list()
    assert signed_in
    for session in signed_in:
        audit.end_session(data.store(), session, MIA.name)
    assert not any(one() for one in holds)


def test_a_right_ends_with_the_link(app: OpenPage, answers: Path, holds: list[Callable[[], bool]]) -> None:
    app(store=answers)  # the store's key is made with its first page
    link = links.make_link(data.store(), "lincoln", 90, "test")
    holds.clear()
    app(store=answers, link=signed_id(link.link_id, data.key(), "share link"))
    assert holds and all(one() for one in holds)
    links.revoke_link(data.store(), link.link_id, "test")
    assert not any(one() for one in holds)


def test_a_download_is_made_while_its_right_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    right = {"holds": True}
    monkeypatch.setattr(rights, "current", lambda: None)
    monkeypatch.setattr(rights, "of", lambda visitor: lambda: right["holds"])
    download = rights.while_they_last(lambda: b"a table")
    assert download() == b"a table"
    right["holds"] = False
    with pytest.raises(RefusedAccess, match=r"Your sign-in, role or link has ended\."):
        download()
