"""Every change asks who makes it, whatever page or dialog it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pages.components import data
from pages.components.session import current_visitor, records
from pd_core import ingestion
from pd_core.access import Actor, Visitor, scope_of
from pd_core.entities import Wave
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.ingestion import Choices, Meaning
from pd_core.storage import audit, guesses, links
from tests.forms import survey_workbook

ADMINISTRATOR = Actor("ada@example.org", "administrator")
FACILITATOR = Actor("fay@example.org", "facilitator")
MIE = Actor("mia@example.org", "mie", frozenset({"lincoln"}))
PRINCIPAL = Actor("pat@example.org", "principal", frozenset({"lincoln"}))
GUEST = Actor("Link 1", "guest", frozenset({"lincoln"}))
EVERYBODY = (ADMINISTRATOR, FACILITATOR, MIE, PRINCIPAL, GUEST)
SCHOOL = {"school_id": "lincoln", "name": "Lincoln", "level": "High", "region": "North", "headcount": 61}
WAVE = "Fall 2026"


def upload_of(school: str) -> Callable[[], object]:
    def store() -> object:
        table = ingestion.read("new.xlsx", survey_workbook(school=school, n=6, seed=99), data.codebook())
        with current_visitor.let_in(Visitor(ADMINISTRATOR, scope_of(ADMINISTRATOR), ADMINISTRATOR)):
            preview, _ = data.prepared(table, Choices())
        return data.commit_upload(preview)

    return store


def first_upload() -> str:
    return str(data.queries.uploads(data.store()).row(0, named=True)["upload_id"])


def first_link() -> str:
    return links.links(data.store())[0].link_id


# What is done, and who may do it.
CHANGES: dict[str, tuple[Callable[[], object], tuple[Actor, ...]]] = {
    "upload for the own building": (upload_of("Lincoln High"), (ADMINISTRATOR, FACILITATOR, MIE)),
    "upload for another building": (upload_of("Washington Elementary"), (ADMINISTRATOR, FACILITATOR)),
    "take out another's upload": (lambda: data.undo(first_upload()), (ADMINISTRATOR, FACILITATOR)),
    "explain a form": (lambda: data.remember("form", Meaning(items={"A": None})), (ADMINISTRATOR, FACILITATOR, MIE)),
    "match a building": (lambda: data.match_building("LHS 2", "lincoln"), (ADMINISTRATOR, FACILITATOR)),
    "add a building": (lambda: data.add_building("New School", 20), (ADMINISTRATOR, FACILITATOR)),
    "change a building": (lambda: data.change_building(SCHOOL), (ADMINISTRATOR, FACILITATOR)),
    "set a wave": (lambda: data.put_wave(Wave(WAVE, asks_guesses=True)), (ADMINISTRATOR, FACILITATOR)),
    "guess of the own building": (
        lambda: data.put_guesses(WAVE, "lincoln", {"teams": 0.5}),
        (ADMINISTRATOR, FACILITATOR, MIE, PRINCIPAL),
    ),
    "guess of another building": (lambda: data.put_guesses(WAVE, "madrona", {}), (ADMINISTRATOR, FACILITATOR)),
    "make a link": (lambda: records.make_link("lincoln"), (ADMINISTRATOR, FACILITATOR)),
    "revoke a link": (lambda: records.revoke_link(first_link()), (ADMINISTRATOR, FACILITATOR)),
    "give a role": (lambda: records.put_person("new@example.org", "principal", ["lincoln"]), (ADMINISTRATOR,)),
    "take back a role": (lambda: records.remove_person("old@example.org"), (ADMINISTRATOR,)),
}
LOOKS: dict[str, tuple[Callable[[], object], tuple[Actor, ...]]] = {
    "read who has a role": (records.everybody, (ADMINISTRATOR,)),
    "read the audit": (lambda: records.audit_part((), (), None, 10), (ADMINISTRATOR,)),
    "read who did anything": (records.audit_names, (ADMINISTRATOR,)),
    "list the links": (records.shared_links, (ADMINISTRATOR, FACILITATOR)),
}


@pytest.fixture
def store(answers: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store of four schools, with a link and somebody who has a role."""
    monkeypatch.setenv("PD_STORE", str(answers))
    monkeypatch.setenv("PD_KEY", "a secret of the tests, long enough to be one")
    for cached in (data.settings, data.store, data.key):
        cached.clear()
    links.make_link(data.store(), "lincoln", 90, "test")
    records.roles.put_person(data.store(), "old@example.org", "principal", ["lincoln"], "test")
    yield
    data.store().close()
    for cached in (data.settings, data.store, data.key):
        cached.clear()


def written() -> tuple[str, int]:
    return data.store().version(), audit.audit(data.store()).height


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.role)
@pytest.mark.parametrize("what", [*CHANGES, *LOOKS])
def test_it_is_for_those_alone_who_may(store: None, what: str, actor: Actor) -> None:
    act, allowed = (CHANGES | LOOKS)[what]
    before = written()
    with current_visitor.let_in(Visitor(actor, scope_of(actor), actor)):
        if actor in allowed:
            act()
        else:
            with pytest.raises(RefusedAccess):
                act()
    assert (written() != before) is (actor in allowed and what in CHANGES), f"{actor.role}: {what}"


@pytest.mark.parametrize("what", CHANGES)
def test_whoever_looks_as_somebody_else_changes_nothing(store: None, what: str) -> None:
    before = written()
    with (
        current_visitor.let_in(Visitor(FACILITATOR, scope_of(FACILITATOR), ADMINISTRATOR)),
        pytest.raises(RefusedAccess),
    ):
        CHANGES[what][0]()
    assert written() == before


@pytest.mark.parametrize("what", [*CHANGES, *LOOKS])
def test_nobody_does_anything_before_a_guard_has_let_them_in(store: None, what: str) -> None:
    before = written()
    with pytest.raises(LookupError):
        (CHANGES | LOOKS)[what][0]()
    assert written() == before


def test_a_guess_is_known_to_whoever_made_it_and_asked_of_those_alone_who_may_guess(store: None) -> None:
    with current_visitor.let_in(Visitor(PRINCIPAL, scope_of(PRINCIPAL), PRINCIPAL)):
        assert data.own_guesses(WAVE, "lincoln") is None, "not asked yet"
        data.put_guesses(WAVE, "lincoln", {"teams": 0.5})
        data.put_guesses(WAVE, "lincoln", {"teams": 0.9})
        assert data.own_guesses(WAVE, "lincoln") == {"teams": 0.5}
        assert data.own_guesses(WAVE, "madrona") == data.own_guesses(WAVE, "district") == {}
    for actor, behind in ((GUEST, GUEST), (PRINCIPAL, ADMINISTRATOR)):
        with current_visitor.let_in(Visitor(actor, scope_of(actor), behind)):
            assert data.own_guesses(WAVE, "lincoln") == {}, "nothing is asked, and nothing of another is shown"
    with current_visitor.let_in(Visitor(MIE, scope_of(MIE), MIE)):
        assert data.own_guesses(WAVE, "lincoln") is None


@pytest.mark.parametrize(
    ("wave_id", "school_id", "guessed"),
    [
        (WAVE, "nowhere", {}),
        (WAVE, "district", {}),
        ("Fall 1999", "lincoln", {}),
        (WAVE, "lincoln", {"abacus": 0.5}),
        (WAVE, "lincoln", {"teams": 1.5}),
    ],
)
def test_a_guess_of_what_is_not_there_is_refused(
    store: None, wave_id: str, school_id: str, guessed: dict[str, float]
) -> None:
    before = written()
    with (
        current_visitor.let_in(Visitor(ADMINISTRATOR, scope_of(ADMINISTRATOR), ADMINISTRATOR)),
        pytest.raises(RefusedName),
    ):
        data.put_guesses(wave_id, school_id, guessed)
    assert written() == before


def test_a_wave_is_set_for_real_answers_and_nothing_is_guessed_of_the_sample(
    store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with current_visitor.let_in(Visitor(FACILITATOR, scope_of(FACILITATOR), FACILITATOR)):
        data.put_wave(Wave(WAVE, form_link="https://a.b/?s=%22Lincoln%20High%22"))
        assert data.wave_settings(WAVE) == Wave(WAVE, form_link="https://a.b/?s=%22{school}%22")
        monkeypatch.setattr(data, "is_sample", lambda: True)
        assert data.own_guesses(WAVE, "lincoln") == {}
        with pytest.raises(RefusedAccess, match="made up"):
            data.put_guesses(WAVE, "lincoln", {"teams": 0.5})
    assert guesses.all_guesses(data.store(), WAVE).is_empty()


def test_a_page_of_many_schools_asks_the_store_no_more_than_one_of_few(
    store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.components import filters  # noqa: PLC0415 - outside a page it cannot be imported before the settings

    asked = 0
    ask = type(data.store()).frame

    def counted(*arguments: object, **parameters: object) -> object:
        nonlocal asked
        asked += 1
        return ask(*arguments, **parameters)  # type: ignore[arg-type]

    for number in range(40):
        ingestion.buildings.add_building(data.store(), f"School {number}", "test")
    monkeypatch.setattr(type(data.store()), "frame", counted)
    with current_visitor.let_in(Visitor(ADMINISTRATOR, scope_of(ADMINISTRATOR), ADMINISTRATOR)):
        filters.school()
    assert asked < 10, f"choosing a school asked the store {asked} times"
