"""Share links: each shows one school or the district until it expires or is revoked."""

from __future__ import annotations

from pd_core.access import DISTRICT, EVERYTHING, EVERYWHERE, Actor, Visitor, can
from pd_core.actions.signed_addresses import carried, revoke, token_of, utc_now
from pd_core.entities import Link
from pd_core.errors import RefusedName
from pd_core.storage import Store, links, queries
from pd_core.storage.links import LINKS

LINK_DAYS = (7, 30, 90, 180)
"""The lifetimes, in days, that a link can have."""
DEFAULT_LINK_DAYS = 90
_GUEST = "Link "


def open_links(store: Store, visitor: Visitor) -> list[Link]:
    """The links that still work and that the visitor may revoke, latest first.

    People with a role for schools see their own links to those schools, the others every link.
    """
    visitor.require("share")
    return [link for link in links.links(store) if link.is_open(utc_now()) and _is_theirs(visitor, link)]


def make_link(store: Store, visitor: Visitor, school_id: str, days: int = DEFAULT_LINK_DAYS) -> Link:
    """Make a link to one school or the district. Raises RefusedName for an unknown school or lifetime."""
    visitor.require("share", school_id)
    if school_id not in (DISTRICT, *queries.schools(store, EVERYTHING)["school_id"]):
        raise RefusedName(f"There is no school {school_id}.", "Reload the page to see the current list.")
    if days not in LINK_DAYS:
        raise RefusedName(f"A link cannot be made for {days} days.", f"Choose one of {', '.join(map(str, LINK_DAYS))}.")
    return links.make_link(store, school_id, days, visitor.audit_name)


def revoke_link(store: Store, visitor: Visitor, link_id: str) -> None:
    """Revoke a link. Raises UnknownName if it does not exist or is already revoked, RefusedAccess for another's."""
    visitor.require("share")
    revoke(store, visitor, LINKS, link_id, lambda link: _is_theirs(visitor, link))


def token(link: Link, key: bytes) -> str:
    """The token in the link's address."""
    return token_of(LINKS, link, key)


def carried_link(store: Store, carried_token: str, key: bytes) -> Link | None:
    """The link for a token, open or not; null if it was not made here."""
    return carried(store, LINKS, carried_token, key)


def guest_of(link: Link) -> Actor:
    """The actor for everyone who opens a link."""
    return Actor(f"{_GUEST}{link.link_id}", "guest", frozenset({link.school_id} - {DISTRICT}))


def link_of(store: Store, actor: Actor) -> Link | None:
    """The link that a guest came through; null for everyone else."""
    return links.find_link(store, actor.name.removeprefix(_GUEST)) if actor.role == "guest" else None


def _is_theirs(visitor: Visitor, link: Link) -> bool:
    made_it = link.made_by == visitor.audit_name and can(visitor.actor, "share", link.school_id)
    return visitor.actor.role in EVERYWHERE or made_it
