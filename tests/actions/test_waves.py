"""A wave is set under the name that it has, with each school's own name in the form's link."""

from __future__ import annotations

import pytest

from pd_core.actions.waves import put_wave
from pd_core.entities import Wave
from pd_core.errors import RefusedName
from pd_core.storage import Store, waves
from tests.actions.people import COMMAND_LINE, FACILITATOR

LINK = "https://a.b/?s=%22Lincoln%20High%22"


def test_a_link_that_fills_in_one_school_is_kept_for_every_school(store: Store) -> None:
    expected = Wave("Fall 2026", form_link="https://a.b/?s=%22{school}%22")
    assert put_wave(store, FACILITATOR, Wave("Fall 2026", form_link=LINK)) == expected
    assert waves.wave(store, "Fall 2026") == expected


def test_a_name_that_is_written_otherwise_is_the_same_wave(store: Store) -> None:
    assert put_wave(store, COMMAND_LINE, Wave(" fall   2026", asks_guesses=True)).wave_id == "Fall 2026"
    assert waves.wave(store, "Fall 2026").asks_guesses


@pytest.mark.parametrize("wanted", [Wave(""), Wave("Fall 2026", form_link="http://a.b"), Wave("\u200b")])
def test_what_cannot_be_set_is_refused(store: Store, wanted: Wave) -> None:
    with pytest.raises(RefusedName):
        put_wave(store, FACILITATOR, wanted)
