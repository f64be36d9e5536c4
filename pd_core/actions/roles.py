"""Gives people roles and removes them.

The setting PD_ADMINISTRATORS makes people administrators whatever the store holds: `administrators` are their
addresses, in lower case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from pd_core.access import EVERYTHING, Actor, Visitor
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.storage import Store, queries, roles


@dataclass(frozen=True)
class GivenRole:
    """One user's role. `school_ids` is empty for roles that cover the whole district."""

    email: str
    role: str
    school_ids: tuple[str, ...] = ()


def actor_of(store: Store, administrators: Collection[str], email: str) -> Actor | None:
    """The actor with this address; null without a role."""
    if email in administrators:
        return Actor(email, "administrator")
    row = roles.person(store, email)
    return None if row is None else roles.actor(row)


def given_roles(store: Store, visitor: Visitor) -> list[GivenRole]:
    """Everyone who was given a role, by address, without those from the setting."""
    visitor.require("administer")
    return [
        GivenRole(email, role, tuple(filter(None, school_ids.split(";"))))
        for email, role, school_ids in roles.people(store).iter_rows()
    ]


def give_role(
    store: Store, visitor: Visitor, administrators: Collection[str], email: str, role: str, school_ids: Collection[str]
) -> None:
    """Give someone a role for these schools, replacing any other.

    Raises RefusedName for an unknown school, or if a setting decides the role; RefusedAccess for one's own role.
    """
    visitor.require("administer")
    address = email.strip().casefold()
    if address == visitor.actor.name:
        raise RefusedAccess("This is your own role.", "Another administrator can change it.")
    if address in administrators:
        raise RefusedName(
            "The setting PD_ADMINISTRATORS makes this person an administrator.", "Remove the address from it first."
        )
    _require_schools(store, school_ids, "Reload the page to see the current list.")
    roles.put_person(store, email, role, school_ids, visitor.audit_name)


def set_roles(store: Store, visitor: Visitor, administrators: Collection[str], listed: pl.DataFrame) -> list[str]:
    """Make `listed` (email, role, school_ids separated by `;`) the people with a role; returns those who lost theirs.

    Raises RefusedName for an unknown school, or a role that contradicts a setting; RefusedAccess for a list that
    changes the visitor's own role.
    """
    visitor.require("administer")
    by_setting = listed.filter(pl.col("email").is_in(list(administrators)) & (pl.col("role") != "administrator"))
    if by_setting.height:
        number = f"{by_setting.height} of the people listed" if by_setting.height > 1 else "one of the people listed"
        raise RefusedName(
            f"The setting PD_ADMINISTRATORS makes {number} an administrator; the list gives another role.",
            "First remove the address from the setting or from the list. Nothing was changed.",
        )
    mine = roles.person(store, visitor.actor.name)
    if mine is not None and listed.filter(pl.col("email") == visitor.actor.name).to_dicts() != [mine]:
        raise RefusedAccess("The list changes your own role.", "Another administrator can change it.")
    named = {school_id for school_ids in listed["school_ids"] for school_id in school_ids.split(";")} - {""}
    _require_schools(store, named, "Correct the list. Nothing was changed.")
    return roles.set_people(store, listed, visitor.audit_name)


def remove_role(store: Store, visitor: Visitor, email: str) -> None:
    """Remove someone's role. Raises RefusedAccess for one's own: a slip must not lock an administrator out."""
    visitor.require("administer")
    if email.strip().casefold() == visitor.actor.name:
        raise RefusedAccess("This is your own role.", "Another administrator can remove it.")
    roles.remove_person(store, email, visitor.audit_name)


def _require_schools(store: Store, school_ids: Collection[str], remedy: str) -> None:
    if unknown := set(school_ids) - set(queries.schools(store, EVERYTHING)["school_id"]):
        raise RefusedName(f"There is no school {' or '.join(sorted(unknown))}.", remedy)
