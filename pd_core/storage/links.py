"""Share links: each shows one school or the district until it expires or is revoked."""

from __future__ import annotations

from pd_core.entities import Link
from pd_core.storage.change import Reader
from pd_core.storage.signed_addresses import AddressKind, addresses, find_address, make_address, revoke_address
from pd_core.storage.store import Store

LINKS = AddressKind(
    "link", "link_id", Link, "link", "share link", "link made", "link revoked",
    school_of=lambda link: link.school_id,
    about=lambda link: f"until {link.expires_at:%Y-%m-%d}",
)  # fmt: skip


def make_link(store: Store, school_id: str, days: int, actor: str) -> Link:
    """Make a link that expires after this many days."""
    return make_address(store, LINKS, {"school_id": school_id}, actor, days=days)


def revoke_link(store: Store, link_id: str, actor: str) -> None:
    """Revoke a link. Raises UnknownName if it does not exist or is already revoked."""
    revoke_address(store, LINKS, link_id, actor)


def links(store: Reader) -> list[Link]:
    """Every link, latest first."""
    return addresses(store, LINKS)


def find_link(store: Reader, link_id: str) -> Link | None:
    """The link with this id, open or not; null if there is none."""
    return find_address(store, LINKS, link_id)
