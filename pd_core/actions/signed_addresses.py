"""What share links, calendar addresses and feeds have in common: their tokens, who revokes them, and their maker."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import TypeVar

from pd_core.access import Actor, Others, Visitor
from pd_core.actions.roles import actor_of
from pd_core.errors import RefusedAccess
from pd_core.sign_in import carried_id, signed_id
from pd_core.storage import Store
from pd_core.storage.signed_addresses import AddressKind, find_address, revoke_address

A = TypeVar("A")
_COMPUTER = Actor("this computer", "administrator")
"""Who made an address at the computer itself, without an account."""


def token_of(kind: AddressKind[A], address: A, key: bytes) -> str:
    """The token in an address: its id, signed for its kind."""
    return signed_id(kind.id_of(address), key, kind.purpose)


def carried(store: Store, kind: AddressKind[A], token: str, key: bytes) -> A | None:
    """The address for a token, open or not; null if it was not made here."""
    address_id = carried_id(token, key, kind.purpose)
    return find_address(store, kind, address_id) if address_id else None


def maker_of(store: Store, administrators: Collection[str], made_by: str, others: Others = "hidden") -> Visitor | None:
    """The person who made an address, with the role that they have now; null without one."""
    if "@" not in made_by:
        return Visitor.as_oneself(_COMPUTER)
    actor = actor_of(store, administrators, made_by)
    return None if actor is None else Visitor.as_oneself(actor, others)


def revoke(
    store: Store, visitor: Visitor, kind: AddressKind[A], address_id: str, is_theirs: Callable[[A], bool]
) -> None:
    """Revoke an address. Raises UnknownName if it does not exist or is already revoked, RefusedAccess for another's."""
    found = find_address(store, kind, address_id)
    if found is not None and not is_theirs(found):
        raise RefusedAccess(f"You did not make this {kind.noun}.", "Ask your facilitator to revoke it.")
    revoke_address(store, kind, address_id, visitor.audit_name)


def utc_now() -> datetime:
    """The current time as the store keeps it: UTC without a time zone."""
    return datetime.now(UTC).replace(tzinfo=None)
