"""What people expected of a school before they looked at its results. Private to whoever guessed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.errors import RefusedName
from pd_core.storage.store import Change, Reader, Store

# Only a person's first entry is a guess: what is written after the results were seen is none.
_FIRST = """select number, school_id, person, skill_id, guess_share from store.guess where wave_id = $wave_id
    qualify number = min(number) over (partition by school_id, person)"""
_SCHEMA = {"skill_id": pl.String, "guess_share": pl.Float64}


def put_guesses(store: Store, wave_id: str, school_id: str, person: str, guesses: Mapping[str, float]) -> None:
    """Keeps what `person` expects of a school: skill to the share (0-1) of its staff at level 2 or above.

    Without any guess it keeps that the person looked without guessing. Whoever has an entry keeps that one, and nothing
    is written. The audit says that someone guessed, and never what. Raises RefusedName for what is no share.
    """
    if not all(0 <= share <= 1 for share in guesses.values()):
        raise RefusedName("A guess is a share from 0 to 100%.", "Correct it and try again. Nothing was stored.")

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
    """What a person guessed of a school: skill to share (0-1), empty for whoever looked without guessing.

    Null for whoever has done neither yet.
    """
    found = store.frame(
        f"select skill_id, guess_share from ({_FIRST}) where school_id = $school_id and person = $person",
        wave_id=wave_id,
        school_id=school_id,
        person=person,
    )
    return dict(found.drop_nulls("guess_share").iter_rows()) if found.height else None


def all_guesses(store: Reader, wave_id: str) -> pl.DataFrame:
    """Every guess of a wave in the order in which they came: school_id, person, skill_id, guess_share (0-1).

    Only to be counted: they are private.
    """
    return store.frame(
        f"""select school_id, person, skill_id, guess_share from ({_FIRST}) where guess_share is not null
        order by number, school_id, person, skill_id""",
        wave_id=wave_id,
    )
