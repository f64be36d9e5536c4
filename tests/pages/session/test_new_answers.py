"""An open page offers the answers that came since it was drawn, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pages.components.session import new_answers
from pd_core.access import EVERYTHING, Actor, Scope, Visitor
from pd_core.actions import uploads
from pd_core.codebook import Codebook
from pd_core.ingestion import read
from pd_core.presentation.new_answers import show_label
from pd_core.storage import Store, reference
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage

FAY = Visitor.as_oneself(Actor("fay@example.org", "facilitator"))


@pytest.fixture
def opened(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(data, "store", lambda: store)
    return store


def put(store: Store, codebook: Codebook, school: str, n: int) -> None:
    table = read("new.xlsx", survey_workbook(school=school, n=n), codebook)
    assert uploads.ingest(store, FAY, table, codebook, b"a key of the tests").rows_added == n


def test_new_answers_of_the_visitors_schools_are_counted(opened: Store, codebook: Codebook) -> None:
    before = data.version()
    put(opened, codebook, "Lincoln High", 12)
    assert data.new_answers(EVERYTHING, before) == 12
    assert data.new_answers(Scope(frozenset({"jefferson"})), before) == 0
    assert data.new_answers(EVERYTHING, data.version()) == 0


def shown(since: str) -> AppTest:
    """What the part of the page shows that looks."""

    def script(since: str) -> None:
        from pages.components.session import new_answers  # noqa: PLC0415 - runs as a script of its own
        from pd_core.access import EVERYTHING  # noqa: PLC0415

        new_answers.show_since(since, EVERYTHING)

    return AppTest.from_function(script, args=(since,)).run()


def test_a_page_offers_them_once_there_are_any(opened: Store, codebook: Codebook) -> None:
    before = data.version()
    assert not shown(before).button
    put(opened, codebook, "Lincoln High", 12)
    assert [button.label for button in shown(before).button] == ["12 new answers: show"]
    assert not shown(data.version()).button


def test_another_change_is_said_as_such(opened: Store) -> None:
    before = data.version()
    reference.set_schools(opened, SCHOOLS.head(2), "test")
    assert [button.label for button in shown(before).button] == ["The figures have changed: show"]
    assert show_label(1) == "1 new answer: show"


def test_a_page_that_was_just_drawn_offers_nothing(app: OpenPage, answers: Path) -> None:
    page = app(store=answers)
    assert not [button for button in page.button if button.key == "show_new_answers"]
    assert new_answers.LOOK_SECONDS >= 15, "each open page asks"
