"""A guess is its owner's alone, is made once, and of what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pd_core.access import Visitor
from pd_core.actions import guesses
from pd_core.codebook import Codebook
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.storage import Store, open_store, reference
from pd_core.storage.guesses import all_guesses
from tests.actions.people import ADMINISTRATOR, GUEST, MIE, PRINCIPAL
from tests.conftest import SCHOOLS

WAVE = "Fall 2026"


def test_a_guess_is_known_to_its_owner_and_asked_only_of_those_who_may_guess(store: Store, codebook: Codebook) -> None:
    assert guesses.own_guesses(store, PRINCIPAL, WAVE, "lincoln") is None, "not asked yet"
    guesses.put_guesses(store, PRINCIPAL, codebook, WAVE, "lincoln", {"teams": 0.5})
    guesses.put_guesses(store, PRINCIPAL, codebook, WAVE, "lincoln", {"teams": 0.9})
    assert guesses.own_guesses(store, PRINCIPAL, WAVE, "lincoln") == {"teams": 0.5}
    assert guesses.own_guesses(store, PRINCIPAL, WAVE, "madrona") == {}
    assert guesses.own_guesses(store, PRINCIPAL, WAVE, "district") == {}
    impersonating = Visitor(PRINCIPAL.actor, PRINCIPAL.scope, ADMINISTRATOR.actor)
    for who in (GUEST, impersonating):
        assert guesses.own_guesses(store, who, WAVE, "lincoln") == {}, "nothing is asked, nothing of another is shown"
    assert guesses.own_guesses(store, MIE, WAVE, "lincoln") is None


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
    store: Store, codebook: Codebook, wave_id: str, school_id: str, guessed: dict[str, float]
) -> None:
    with pytest.raises(RefusedName):
        guesses.put_guesses(store, ADMINISTRATOR, codebook, wave_id, school_id, guessed)
    assert guesses.own_guesses(store, ADMINISTRATOR, WAVE, "lincoln") is None


def test_nothing_is_guessed_of_the_sample_that_is_shown_without_answers(tmp_path: Path, codebook: Codebook) -> None:
    empty = open_store(str(tmp_path / "empty.duckdb"), list(codebook.items.values()))
    reference.set_schools(empty, SCHOOLS, "test")
    assert guesses.own_guesses(empty, PRINCIPAL, WAVE, "lincoln") == {}
    with pytest.raises(RefusedAccess, match="made up"):
        guesses.put_guesses(empty, PRINCIPAL, codebook, WAVE, "lincoln", {"teams": 0.5})
    assert all_guesses(empty, WAVE).is_empty()
    empty.close()
