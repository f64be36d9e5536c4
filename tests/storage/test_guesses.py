"""What people expected of a building: the first word counts, and the audit never says what it was."""

from __future__ import annotations

import math

import pytest

from pd_core.errors import RefusedName
from pd_core.storage import Store
from pd_core.storage.audit import audit
from pd_core.storage.guesses import all_guesses, guesses_of, put_guesses

from .made_up import FALL, SPRING

ADA, BEN = "ada@example.org", "ben@example.org"
GUESS = {"teams": 0.4375, "forms": 0.0}


def test_what_a_person_wrote_first_counts_for_that_wave_and_building(store: Store):
    assert guesses_of(store, FALL, "lincoln", ADA) is None
    put_guesses(store, FALL, "lincoln", ADA, GUESS)
    put_guesses(store, FALL, "lincoln", ADA, {"teams": 0.9, "word": 1.0})
    put_guesses(store, FALL, "lincoln", ADA, {})
    assert guesses_of(store, FALL, "lincoln", ADA) == GUESS
    assert guesses_of(store, FALL, "lincoln", BEN) is None
    assert guesses_of(store, FALL, "madrona", ADA) is None
    assert guesses_of(store, SPRING, "lincoln", ADA) is None


def test_whoever_looked_without_guessing_has_no_guess_any_more(store: Store):
    put_guesses(store, FALL, "lincoln", ADA, {})
    put_guesses(store, FALL, "lincoln", ADA, GUESS)
    assert guesses_of(store, FALL, "lincoln", ADA) == {}
    assert all_guesses(store, FALL).is_empty()


def test_all_guesses_of_a_wave_stand_in_the_order_in_which_they_came(store: Store):
    for person, school_id, guesses in ((BEN, "lincoln", {"teams": 1.0}), (ADA, "madrona", {}), (ADA, "lincoln", GUESS)):
        put_guesses(store, FALL, school_id, person, guesses)
    put_guesses(store, SPRING, "lincoln", ADA, {"teams": 0.1})
    found = all_guesses(store, FALL)
    assert found.columns == ["school_id", "person", "skill_id", "guess_share"]
    assert found.rows() == [
        ("lincoln", BEN, "teams", 1.0),
        ("lincoln", ADA, "forms", 0.0),
        ("lincoln", ADA, "teams", 0.4375),
    ]


def test_the_audit_says_who_guessed_and_not_what(store: Store):
    before = store.version()
    put_guesses(store, FALL, "lincoln", ADA, GUESS)
    put_guesses(store, FALL, "lincoln", ADA, GUESS)
    put_guesses(store, FALL, "madrona", ADA, {})
    assert store.version() == before
    assert audit(store).select("actor", "kind", "school_ids", "subject").rows() == [
        (ADA, "guess", "madrona", f"{FALL}: looked without guessing"),
        (ADA, "guess", "lincoln", f"{FALL}: guessed"),
    ]


@pytest.mark.parametrize("location", ["file"], indirect=True)  # it is refused before any store is asked
@pytest.mark.parametrize("share", [-0.01, 1.01, 45, math.nan, math.inf])
def test_what_is_no_share_is_refused(store: Store, share: float):
    with pytest.raises(RefusedName, match="0 to 100%"):
        put_guesses(store, FALL, "lincoln", ADA, {"teams": 0.5, "word": share})
    assert guesses_of(store, FALL, "lincoln", ADA) is None
