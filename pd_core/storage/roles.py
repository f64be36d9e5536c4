"""People's roles, and the schools that they are for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from pd_core.access import DISTRICT, EVERYWHERE, GIVEN_ROLES, Actor
from pd_core.config import is_address
from pd_core.errors import RefusedName, StoreError
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

PERSON_COLUMNS = ("email", "role", "school_ids")


def people(store: Reader) -> pl.DataFrame:
    """Everyone who has a role: email (in lower case), role, school_ids (separated by `;`, empty: the district)."""
    return store.frame(
        """select email, role, school_ids from store.person
        qualify row_number() over (partition by email order by number desc) = 1 and listed order by email"""
    )


def person(store: Reader, email: str) -> dict[str, str] | None:
    """One person's row of `people`; null without a role. `email` in any case."""
    found = store.frame(
        """select email, role, school_ids, listed from store.person where email = $email
        order by number desc limit 1""",
        email=email.strip().casefold(),
    )
    row = found.row(0, named=True) if found.height else None
    return {name: str(row[name]) for name in PERSON_COLUMNS} if row and row["listed"] else None


def actor(row: Mapping[str, str]) -> Actor:
    """The actor that a row of `people` describes. Raises StoreError for a role that this version does not know."""
    role = next((known for known in GIVEN_ROLES if known == row["role"]), None)
    if role is None:
        raise StoreError(f"The store has the unknown role “{row['role']}”.", "Install the newer version.")
    return Actor(row["email"], role, frozenset(row["school_ids"].split(";")) - {""})


def set_people(store: Store, listed: pl.DataFrame, actor: str) -> list[str]:
    """Make `listed` (columns `PERSON_COLUMNS`) the people who have a role; returns those who no longer have one."""

    def action(change: Change) -> list[str]:
        current = people(change)
        gone = current.join(listed, on="email", how="anti")
        new = listed.select(PERSON_COLUMNS).join(current, on=PERSON_COLUMNS, how="anti")
        _record(change, new, gone)
        return gone["email"].to_list()

    return store.write("people", actor, action, is_event=True)


def put_person(store: Store, email: str, role: str, school_ids: Collection[str], actor: str) -> None:
    """Give one person a role for these schools, replacing any other; roles for the whole district have no schools.

    Raises RefusedName for an invalid address or role, and for a role for schools without a school.
    """
    email = email.strip().casefold()
    if not is_address(email):
        raise RefusedName("This is not an e-mail address.", "Write it like name@district.org. Nothing was changed.")
    if role not in GIVEN_ROLES:
        raise RefusedName(f"There is no role “{role}”.", f"Choose one of {', '.join(GIVEN_ROLES)}.")
    if role not in EVERYWHERE and not school_ids:
        raise RefusedName("This role needs a school.", "Choose at least one.")
    schools = "" if role in EVERYWHERE else ";".join(sorted(school_ids))
    row = pl.DataFrame([{"email": email, "role": role, "school_ids": schools}])
    store.write("people", actor, lambda change: _record(change, row, row.clear()), is_event=True)


def remove_person(store: Store, email: str, actor: str) -> None:
    """Remove a person's role, if there is one."""

    def action(change: Change) -> None:
        gone = people(change).filter(pl.col("email") == email.strip().casefold())
        _record(change, gone.clear(), gone)

    store.write("people", actor, action, is_event=True)


def _record(change: Change, new: pl.DataFrame, gone: pl.DataFrame) -> None:
    change.insert("person", new.select(*PERSON_COLUMNS, listed=pl.lit(True)))
    change.insert("person", gone.select(*PERSON_COLUMNS, listed=pl.lit(False)))
    said = [f"{email}: {role}" for email, role in new.select("email", "role").iter_rows()]
    said += [f"{email}: no role" for email in gone["email"]]
    change.subject = "; ".join(said[:20]) + (f"; and {len(said) - 20} more" if len(said) > 20 else "")
    schools = ";".join([*new["school_ids"], *gone["school_ids"]]).split(";")
    change.school_ids = {school_id or DISTRICT for school_id in schools}
