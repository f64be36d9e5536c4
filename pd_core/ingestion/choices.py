"""What a person decides about a file, and what that means for this person's schools."""

from __future__ import annotations

from dataclasses import dataclass, field

from pd_core.access import Scope
from pd_core.errors import UnknownName
from pd_core.ingestion.meaning import Meaning
from pd_core.ingestion.timestamps import DateOrder, Surface
from pd_core.ingestion.wave_names import known_wave
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries


@dataclass(frozen=True)
class Choices:
    """What a person decides about a file; null leaves it to the file and to what is remembered.

    `names` says what unknown names of schools mean in this file only: name to one of the schools for which
    the person uploads, or to nothing where it is none of them. `surface` is where the person is, so that a refusal
    can say what to do there.
    """

    wave_id: str | None = None
    school_id: str | None = None
    meaning: Meaning = field(default_factory=Meaning)
    date_order: DateOrder | None = None
    names: tuple[tuple[str, str], ...] = ()
    surface: Surface = "page"


NO_CHOICES = Choices()


def chosen_wave(store: Store, choices: Choices, reach: Scope) -> str:
    """The wave that a person chose, “” for none; a new one, which all will see, only with the district in reach."""
    chosen = known_wave(store, choices.wave_id or "")
    return chosen if reach.school_ids is None or chosen in queries.wave_ids(store) else ""


def chosen_school(names: SchoolNames, choices: Choices, *, is_asked: bool) -> str | None:
    """The building that a file is from as a whole; null if each row says its own, or if it is not known yet."""
    if choices.school_id is not None and not names.reaches(choices.school_id):
        raise UnknownName(f"There is no school “{choices.school_id}”.", "Choose one of the list.")
    if choices.school_id is None and not is_asked and names.reach.school_ids is not None:
        mine = list(filter(names.reaches, names.names))
        return mine[0] if len(mine) == 1 else None
    return choices.school_id
