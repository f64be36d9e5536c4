"""Nothing happens for a visitor whom no guard has let in; a page asks the store little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pages.components import data
from pages.components.administration import audit as audit_section
from pages.components.administration import links as links_section
from pages.components.administration import roles as roles_section
from pages.components.responses import wave_settings
from pages.components.session import current_visitor, records
from pages.components.upload import history, state
from pages.components.upload import schools as upload_schools
from pd_core.actions import schools
from pd_core.storage import audit
from tests.actions.people import ADMINISTRATOR

WITHOUT_A_GUARD: dict[str, Callable[[], object]] = {
    "uploads": data.uploads,
    "schools": data.schools,
    "a survey": lambda: data.wave_survey("Fall 2026"),
    "a guess": lambda: data.own_guesses("Fall 2026", "lincoln"),
    "roles": roles_section.section,
    "links": links_section.section,
    "the audit": audit_section.section,
    "a wave": lambda: wave_settings.section("Fall 2026"),
    "the schools of an upload": upload_schools.directory,
    "the history of uploads": lambda: history.show([{"file": "a.xlsx"}]),
    "an upload": state.start,
    "a note": lambda: records.note("refused", "page upload"),
    "an export": lambda: records.note_export("table.csv"),
}


@pytest.fixture
def store(answers: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store of four schools."""
    monkeypatch.setenv("PD_STORE", str(answers))
    monkeypatch.setenv("PD_KEY", "a secret of the tests, long enough to be one")
    for cached in (data.settings, data.store, data.key):
        cached.clear()
    yield
    data.store().close()
    for cached in (data.settings, data.store, data.key):
        cached.clear()


@pytest.mark.parametrize("what", WITHOUT_A_GUARD)
def test_nothing_is_shown_or_done_before_a_guard_has_let_somebody_in(store: None, what: str) -> None:
    before = data.store().version(), audit.audit(data.store()).height
    with pytest.raises(LookupError):
        WITHOUT_A_GUARD[what]()
    assert (data.store().version(), audit.audit(data.store()).height) == before


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
        schools.add_school(data.store(), ADMINISTRATOR, f"School {number}")
    monkeypatch.setattr(type(data.store()), "frame", counted)
    with current_visitor.let_in(ADMINISTRATOR):
        filters.school()
    assert asked < 10, f"choosing a school asked the store {asked} times"
