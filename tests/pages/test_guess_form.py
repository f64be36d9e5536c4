"""Guess before you look: asked before a building's results, once, and nobody else's business."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pages.components.session import current_visitor
from pd_core import ingestion
from pd_core.access import EVERYTHING, Actor, Visitor, scope_of
from pd_core.actions import share_links
from pd_core.actions.guesses import put_guesses
from pd_core.codebook import Codebook
from pd_core.entities import Wave
from pd_core.errors import RefusedAccess
from pd_core.storage import audit, guesses, links, open_store, roles, waves
from tests.forms import survey_workbook
from tests.pages.conftest import FIRST_ADMINISTRATOR, sign_in
from tests.pages.seen import OpenPage, charts, sent, title, words

FALL = "Fall 2026"
QUESTION = "Of 10 colleagues at {}, how many use each of these on their own?"
LINCOLN = QUESTION.format("Lincoln High")
SAVE, LOOK = "Save my guess and show the results", "Show the results without guessing"
FAY = Actor("fay@example.org", "facilitator")
MIA = Actor("mia@example.org", "mie", frozenset({"lincoln"}))
PAT = Actor("pat@example.org", "principal", frozenset({"lincoln"}))
ADA = Actor(FIRST_ADMINISTRATOR, "administrator")
ONLY_YOU = "Only you see your guess."


@pytest.fixture(scope="module")
def filled(four_schools: Path, tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """The store `four_schools`, with 20 more people at Jefferson, in a wave that asks for guesses."""
    path = Path(shutil.copy(four_schools, tmp_path_factory.mktemp("asking") / "pd.duckdb"))
    store = open_store(str(path), list(codebook.items.values()))
    table = ingestion.read("more.xlsx", survey_workbook(school="JMS", n=20, seed=9), codebook)
    ingestion.commit(store, ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING), "test")
    waves.put_wave(store, Wave(FALL, asks_guesses=True), "test")
    store.close()
    return path


@pytest.fixture
def asking(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "asking.duckdb"))


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    page = button.click().run()
    assert not page.exception
    return page


def guess(page: AppTest, label: str, number: int) -> None:
    (field,) = [field for field in page.number_input if field.label == label]
    field.set_value(number)


def go(page: AppTest, school_id: str, name: str = "overview") -> AppTest:
    page.switch_page(f"{name}.py")
    page.query_params["school"] = school_id
    page.run()
    assert not page.exception
    return page


def guessed(school_id: str, actor: Actor) -> dict[str, float] | None:
    return guesses.guesses_of(data.store(), FALL, school_id, actor.name)


def test_results_open_after_the_guess_and_show_the_difference(app: OpenPage, asking: Path) -> None:
    page = app(store=asking, as_=PAT)
    for name in ("training_planning", "overview"):
        page = go(page, "lincoln", name)
        assert title(page) == LINCOLN
        assert [field.label for field in page.number_input][:3] == ["Outlook", "Word", "Excel"]
        assert [field.value for field in page.number_input] == [None] * 12
        assert sent(page) == [] and "answered" not in words(page), "nothing of the results is shown before"
    page = press(page, SAVE)
    assert title(page) == LINCOLN and "Fill in at least one skill" in words(page)
    guess(page, "Word", 10)
    guess(page, "Excel", 9)
    page = press(page, SAVE)
    assert guessed("lincoln", PAT) == {"word": 1.0, "excel": 0.9}
    assert "40 of 60 staff answered" in title(page)
    assert [header.value for header in page.header if header.value.startswith("You expected more than people said in ")]
    assert ONLY_YOU in words(page)
    rows = [row for row in sent(page) if "guess_share" in row]
    assert {row["skill_name"] for row in rows} == {"Word", "Excel"}
    assert LINCOLN not in words(go(page, "lincoln", "training_planning"))


def test_a_guess_is_nobody_elses(app: OpenPage, asking: Path) -> None:
    page = app(store=asking, as_=MIA)
    guess(page, "Sway", 3)
    press(page, SAVE)
    for other in (PAT, FAY, ADA):
        sign_in(page, other)
        page = go(page, "lincoln")
        assert title(page) == LINCOLN, "somebody else's guess opens no results"
        page = press(page, LOOK)
        assert ONLY_YOU not in words(page)
        assert not [row for row in sent(page) if "guess_share" in row]
    page.session_state["look_as"] = MIA.name
    page = go(page, "lincoln")
    assert "You see the pages as" in words(page) and "40 of 60 staff answered" in title(page)
    assert not [row for row in sent(page) if "guess_share" in row]
    noted = audit.audit(data.store(), ["guess"])
    assert set(noted["subject"]) == {f"{FALL}: guessed", f"{FALL}: looked without guessing"}
    assert "0.3" not in str(noted.rows()) and "sway" not in str(noted.rows()).casefold()


def test_whoever_looked_without_guessing_makes_no_guess_later(app: OpenPage, asking: Path) -> None:
    page = press(app(store=asking, as_=PAT), LOOK)
    assert "40 of 60 staff answered" in title(page)
    assert ONLY_YOU not in words(page)
    with current_visitor.let_in(Visitor(PAT, scope_of(PAT), PAT)):
        put_guesses(data.store(), current_visitor.current(), data.real_codebook(), FALL, "lincoln", {"word": 0.5})
    assert guessed("lincoln", PAT) == {}
    assert ONLY_YOU not in words(page.run())


def test_people_of_the_whole_district_look_without_guessing_for_all_buildings(app: OpenPage, asking: Path) -> None:
    page = app(store=asking, as_=FAY)
    assert not page.number_input, "nobody guesses the district"
    assert title(go(page, "madrona")) == f"No one here has answered in {FALL} yet."
    assert guessed("madrona", FAY) is None, "where there are no results, there is nothing to guess"
    page = press(go(page, "washington"), LOOK)
    assert "10 of 40 staff answered" in title(page)
    assert "40 of 60 staff answered" in title(go(page, "lincoln"))
    assert (guessed("washington", FAY), guessed("lincoln", FAY)) == ({}, {})
    sign_in(page, ADA)
    assert title(go(page, "lincoln")) == LINCOLN, "whoever comes next in this browser chooses anew"


def test_guests_and_waves_that_do_not_ask_see_results_at_once(app: OpenPage, asking: Path) -> None:
    page = app(store=asking, as_=PAT)
    assert title(page) == LINCOLN
    waves.put_wave(data.store(), Wave(FALL), "test")
    assert "40 of 60 staff answered" in title(page.run())
    waves.put_wave(data.store(), Wave(FALL, asks_guesses=True), "test")
    sign_in(page, None)
    page.query_params["link"] = share_links.token(links.make_link(data.store(), "lincoln", 90, "test"), data.key())
    assert "40 of 60 staff answered" in title(page.run())


def test_nobody_guesses_for_anothers_building_or_while_looking_as_somebody(app: OpenPage, asking: Path) -> None:
    page = app(store=asking, as_=PAT, school="washington")
    assert "is for a school that you cannot see" in words(page) and "Washington" not in title(page)
    guest = Actor("Link 1", "guest", frozenset({"lincoln"}))
    for actor, behind, school_id in ((PAT, PAT, "washington"), (PAT, ADA, "lincoln"), (guest, guest, "lincoln")):
        with current_visitor.let_in(Visitor(actor, scope_of(actor), behind)):
            with pytest.raises(RefusedAccess):
                put_guesses(
                    data.store(), current_visitor.current(), data.real_codebook(), FALL, school_id, {"word": 0.5}
                )
            assert data.own_guesses(FALL, school_id) == {}
    assert guesses.all_guesses(data.store(), FALL).is_empty()


def test_the_district_reads_how_well_people_guess_together(app: OpenPage, asking: Path) -> None:
    page = app(store=asking, as_=FAY)
    for number in range(5):
        guesses.put_guesses(data.store(), FALL, "lincoln", f"{number}@example.org", {"word": 1.0})
    said = "people who guessed before they looked"
    assert said not in words(page.run())
    guesses.put_guesses(data.store(), FALL, "washington", "5@example.org", {"word": 1.0})
    assert f"6 {said} expected " in words(page.run())
    roles.put_person(data.store(), PAT.name, PAT.role, PAT.school_ids, "test")
    sign_in(page, PAT)
    assert said not in words(go(page, "district"))
    assert not [row for rows in charts(page) for row in rows if "guess_share" in row]
