"""What is set for a wave: the latest word counts, and no answer is another one after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pd_core.entities import Wave
from pd_core.storage import Store
from pd_core.storage.audit import audit
from pd_core.storage.waves import put_wave, wave

from .made_up import FALL, SPRING

LINK = "https://forms.example.org/r?id=1&school=%22{school}%22"
SET = Wave(FALL, date(2026, 11, 6), LINK, True)


def test_what_was_set_last_counts_for_that_wave_alone(store: Store):
    assert wave(store, FALL) == Wave(FALL, None, "", False), "nothing is set"
    put_wave(store, SET, "Mia")
    assert wave(store, FALL) == SET and wave(store, SPRING) == Wave(SPRING)
    put_wave(store, replace(SET, closes_on=None, asks_guesses=False), "Ben")
    assert wave(store, FALL) == Wave(FALL, form_link=LINK)


def test_the_audit_says_what_was_set_and_results_that_are_kept_stay_valid(store: Store):
    before = store.version()
    put_wave(store, SET, "Mia")
    put_wave(store, SET, "Ben")
    put_wave(store, Wave(FALL), "Ben")
    assert store.version() == before
    assert audit(store).select("actor", "kind", "school_ids", "subject").rows() == [
        ("Ben", "wave", "district", f"{FALL}: no closing date, no link to the form, no guesses asked for"),
        ("Mia", "wave", "district", f"{FALL}: closes 2026-11-06, with a link to the form, guesses asked for"),
    ], "the same again leaves no trace"


def test_a_link_has_each_buildings_name_filled_in():
    assert SET.link_to("St. Mary's/Nord & Süd") == (
        "https://forms.example.org/r?id=1&school=%22St.%20Mary%27s%2FNord%20%26%20S%C3%BCd%22"
    )
    assert Wave(FALL, form_link="https://forms.example.org").link_to("Ruby") == "https://forms.example.org"
    assert Wave(FALL).link_to("Ruby") == ""
