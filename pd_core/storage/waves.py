"""A wave's settings: when it closes, the link to its form, whether to ask for guesses."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl

from pd_core.access import DISTRICT
from pd_core.entities import Wave
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store


def wave(store: Reader, wave_id: str) -> Wave:
    """A wave's latest settings; empty ones if it was never set up."""
    found = store.frame(
        """select wave_id, closes_on, form_link, asks_guesses from store.wave where wave_id = $wave_id
        order by number desc limit 1""",
        wave_id=wave_id,
    )
    return Wave(**found.row(0, named=True)) if found.height else Wave(wave_id)


def put_wave(store: Store, wanted: Wave, actor: str) -> None:
    """Replace a wave's settings; identical settings leave no trace."""

    def action(change: Change) -> None:
        if wave(change, wanted.wave_id) == wanted:
            return
        change.insert("wave", pl.DataFrame([asdict(wanted)], schema_overrides={"closes_on": pl.Date}))
        closes = f"closes {wanted.closes_on}" if wanted.closes_on else "no closing date"
        link = "with a link to the form" if wanted.form_link else "no link to the form"
        guesses = "guesses asked for" if wanted.asks_guesses else "no guesses asked for"
        change.school_ids, change.subject = {DISTRICT}, f"{wanted.wave_id}: {closes}, {link}, {guesses}"

    store.write("wave", actor, action, is_event=True)
