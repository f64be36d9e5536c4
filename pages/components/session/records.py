"""Roles, share links, sign-ins and the audit: what the pages ask of the store about people who use PD Pulse."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from pages.components import data
from pages.components.session import current_visitor
from pages.components.session.singletons import kept
from pd_core.access import DISTRICT, EVERYTHING, Actor
from pd_core.entities import Link
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.sign_in import SignIn, link_token, linked_id
from pd_core.storage import audit, links, roles

LINK_DAYS = 90
_MOST_A_MINUTE = 30
"""Events of one kind and person a minute that are written down: whoever knocks without end does not fill the disk."""


def actor_of(email: str) -> Actor | None:
    """What somebody with this address may do; null without a role."""
    if email in data.settings().administrators:
        return Actor(email, "administrator")
    row = roles.person(data.store(), email)
    return None if row is None else roles.actor(row)


def everybody() -> list[dict[str, object]]:
    """Everybody who has a role: email, role, school_ids (list)."""
    current_visitor.current().require("administer")
    rows = roles.people(data.store()).to_dicts()
    return [{**row, "school_ids": [one for one in row["school_ids"].split(";") if one]} for row in rows]


def put_person(email: str, role: str, school_ids: list[str]) -> None:
    """Gives somebody a role for these schools, in place of any other.

    Raises RefusedName for a school that is not there, and where a setting says the role; RefusedAccess for one's own.
    """
    current_visitor.current().require("administer")
    address = email.strip().casefold()
    if address == current_visitor.current().actor.name:
        raise RefusedAccess("This is your own role.", "Another administrator can change it.")
    if address in data.settings().administrators:
        raise RefusedName(
            "The setting PD_ADMINISTRATORS makes this person an administrator.", "Take the address out of it first."
        )
    if unknown := set(school_ids) - data.school_names(EVERYTHING).keys():
        raise RefusedName(f"There is no school {' or '.join(sorted(unknown))}.", "Reload the page for the list.")
    roles.put_person(data.store(), email, role, school_ids, data.name())


def remove_person(email: str) -> None:
    """Takes somebody's role back. Raises RefusedAccess for one's own: nobody locks themselves out by a slip."""
    current_visitor.current().require("administer")
    if email == current_visitor.current().actor.name:
        raise RefusedAccess("This is your own role.", "Another administrator can take it back.")
    roles.remove_person(data.store(), email, data.name())


def audit_part(
    kinds: Sequence[str], names: Sequence[str], since: timedelta | None, most: int
) -> tuple[list[dict[str, object]], Any]:
    """What was done, of these kinds and people (none: of all), as long ago as `since` at most (null: ever).

    The latest `most` rows, and the table of all that downloads take. Columns as in `storage.audit.audit`.
    """
    current_visitor.current().require("administer")
    found = audit.audit(data.store(), kinds, names, None if since is None else _now() - since)
    return found.head(most).to_dicts(), found


def audit_names() -> list[str]:
    """Everybody who did anything: addresses, accounts and links, sorted."""
    current_visitor.current().require("administer")
    return audit.actors(data.store())


def shared_links() -> list[Link]:
    """The links that still open something, latest first."""
    current_visitor.current().require("share")
    return [link for link in links.links(data.store()) if link.is_open(_now())]


def make_link(school_id: str, days: int = LINK_DAYS) -> Link:
    """A new link to one school or the district. Raises RefusedName for a school that is not there."""
    current_visitor.current().require("share", school_id)
    if school_id not in (DISTRICT, *data.school_names(EVERYTHING)):
        raise RefusedName(f"There is no school {school_id}.", "Reload the page for the list.")
    return links.make_link(data.store(), school_id, days, data.name())


def revoke_link(link_id: str) -> None:
    """From now on the link opens nothing."""
    current_visitor.current().require("share")
    links.revoke_link(data.store(), link_id, data.name())


def token(link: Link) -> str:
    """What the link's address carries."""
    return link_token(link.link_id, data.key())


def opened_link(carried: str) -> Link | None:
    """The link that an address carries, open or not; null where it was not made here."""
    link_id = linked_id(carried, data.key())
    return links.find_link(data.store(), link_id) if link_id else None


def link_of(actor: Actor) -> Link | None:
    """The link through which a guest looks; null for everybody else."""
    return links.find_link(data.store(), actor.name.removeprefix("Link ")) if actor.role == "guest" else None


def is_over(session: str) -> bool:
    """Whether a sign-in was ended by a sign-out."""
    return audit.is_over(data.store(), session)


def end_session(found: SignIn) -> None:
    """Ends a sign-in."""
    audit.end_session(data.store(), found.session, found.email)


def note_sign_in(found: SignIn, actor: Actor | None) -> None:
    """Writes down a sign-in, once."""
    if st.session_state.get("sign_in") == found.session:
        return
    if not audit.has_signed_in(data.store(), found.session):
        data.store().note("sign-in", found.email, actor.school_ids if actor else (), found.session)
    st.session_state["sign_in"] = found.session


def note_once(kind: str, name: str, subject: str, school_id: str = "") -> None:
    """Writes down, once in a session, what was done or refused."""
    noted = st.session_state.setdefault("noted", set())
    if (kind, name, subject, school_id) not in noted and _has_room(kind, name):
        data.store().note(kind, name, {school_id} - {""}, subject)
        noted.add((kind, name, subject, school_id))


def _has_room(kind: str, name: str) -> bool:
    """Whether one more of a kind may be written down of somebody now: each has so many a minute, and no other's."""
    now = time.monotonic()
    latest = _latest().setdefault((kind, name), deque(maxlen=_MOST_A_MINUTE))
    if len(latest) == _MOST_A_MINUTE and now - latest[0] < 60:
        return False
    latest.append(now)
    return True


def note(kind: str, subject: str) -> None:
    """As `note_once`, by whoever looks at the page."""
    note_once(kind, data.name(), subject)


def note_export(name: str) -> None:
    """Writes down that a table was taken away, and of what scope."""
    if _has_room("export", data.name()):
        schools = current_visitor.current().scope.school_ids
        data.store().note("export", data.name(), schools or {DISTRICT}, name)


@kept
def _latest() -> dict[tuple[str, str], deque[float]]:
    return {}


def _now() -> datetime:
    """Now, as the store writes times: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
