"""People's guesses about a school before they saw its results. Private to the person who guessed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.errors import RefusedName
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

# Only a person's first entry counts: anything written after seeing the results is not a guess.
_FIRST = """select number, school_id, person, skill_id, guess_share from store.guess where wave_id = $wave_id
    qualify number = min(number) over (partition by school_id, person)"""
_SCHEMA = {"skill_id": pl.String, "guess_share": pl.Float64}


def put_guesses(store: Store, wave_id: str, school_id: str, person: str, guesses: Mapping[str, float]) -> None:
    """Keep a person's guesses about a school: skill to the share (0-1) of its staff at level 2 or above.

    An empty dict records that the person looked without guessing. If there is already an entry, it stays and nothing is
    written. The audit says that someone guessed, never what. Raises RefusedName for a value that is not a share.
    """
    if not all(0 <= share <= 1 for share in guesses.values()):
        raise RefusedName("A guess must be from 0 to 100%.", "Correct it and try again. Nothing was stored.")

    def action(change: Change) -> None:
        if guesses_of(change, wave_id, school_id, person) is not None:
            return
        rows = pl.DataFrame(list(guesses.items()) or [("", None)], schema=_SCHEMA, orient="row")
        place = {"wave_id": wave_id, "school_id": school_id, "person": person}
        change.insert("guess", rows.with_columns(pl.lit(value).alias(name) for name, value in place.items()))
        done = "guessed" if guesses else "looked without guessing"
        change.school_ids, change.subject = {school_id}, f"{wave_id}: {done}"

    store.write("guess", person, action, is_event=True)


def guesses_of(store: Reader, wave_id: str, school_id: str, person: str) -> dict[str, float] | None:
    """A person's guesses about a school: skill to share (0-1); empty if they looked without guessing.

    Null if they have done neither yet.
    """
    found = store.frame(
        f"select skill_id, guess_share from ({_FIRST}) where school_id = $school_id and person = $person",
        wave_id=wave_id,
        school_id=school_id,
        person=person,
    )
    return dict(found.drop_nulls("guess_share").iter_rows()) if found.height else None


def all_guesses(store: Reader, wave_id: str) -> pl.DataFrame:
    """Every guess of a wave in order of arrival: school_id, person, skill_id, guess_share (0-1).

    Private: to be aggregated only.
    """
    return store.frame(
        f"""select school_id, person, skill_id, guess_share from ({_FIRST}) where guess_share is not null
        order by number, school_id, person, skill_id""",
        wave_id=wave_id,
    )
