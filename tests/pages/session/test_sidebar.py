"""The sidebar says who is here."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pd_core.access import Actor
from tests.pages.seen import OpenPage

NOTE = "On this computer only, without sign-in. You are the administrator."


def beside(page: AppTest) -> str:
    """The HTML of the sidebar: the menu, and what is below it."""
    return "".join(part.proto.body for part in page.sidebar.get("html"))


def test_without_sign_in_it_says_that_the_app_is_for_this_computer_alone(app: OpenPage, answers: Path) -> None:
    assert NOTE in beside(app(store=answers))


def test_who_signed_in_is_not_told_so(app: OpenPage, answers: Path) -> None:
    page = app(store=answers, as_=Actor("fay@example.org", "facilitator"))
    assert 'aria-label="Pages"' in beside(page) and NOTE not in beside(page)
