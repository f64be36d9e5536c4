"""Sets up a wave: its closing day, the link to its form, and whether to ask for guesses."""

from __future__ import annotations

from pd_core.access import EVERYTHING, Visitor
from pd_core.entities import Wave
from pd_core.ingestion.wave_names import known_wave
from pd_core.reference.waves import read_wave
from pd_core.storage import Store, queries, waves


def put_wave(store: Store, visitor: Visitor, wanted: Wave) -> Wave:
    """Replace a wave's settings and return the new ones.

    A name that differs from a known wave's only in case or spaces means that wave. A link that fills in one school's
    name will fill in each school's own. Raises RefusedName for a name, day or link that cannot be used.
    """
    visitor.require("waves")
    name = known_wave(store, wanted.wave_id)
    schools = queries.schools(store, EVERYTHING)
    checked = read_wave(name, wanted.closes_on, wanted.form_link, wanted.asks_guesses, schools)
    waves.put_wave(store, checked, visitor.audit_name)
    return checked
