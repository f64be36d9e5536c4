"""Permanent deletion: one person's answers, or everything past its retention time. The server must be stopped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pd_core.access import Visitor
from pd_core.config import is_address
from pd_core.errors import UserError
from pd_core.pseudonyms import respondent_code
from pd_core.storage import Store, erasure, roles
from pd_core.storage.erasure import Expired, Forgotten


def forget(store: Store, visitor: Visitor, address: str, key: bytes, *, name: str = "") -> Forgotten:
    """Delete everything about the person with this address; `key` is the secret behind respondents' codes. `name` is
    how the lists of trainers and of applications call them (empty: they are on neither).

    The bytes are removed only by `rewrite`. Raises UserError for an invalid address, and where two trainers have the
    name.
    """
    visitor.require("administer")
    require_address(address)
    return erasure.forget(store, respondent_code(address, key) or "", visitor.audit_name, address=address, name=name)


def require_address(address: str) -> None:
    """Raise UserError for an invalid address."""
    if not is_address(address):
        raise UserError("This is not an e-mail address.", "Enter the address that the person answered with.")


def has_role(store: Store, administrators: Collection[str], address: str) -> bool:
    """Whether this address still has a role, given or from the setting PD_ADMINISTRATORS."""
    return roles.person(store, address) is not None or address.casefold() in administrators


def expired(store: Store, visitor: Visitor, keep_years: int, today: date) -> Expired:
    """What `retain` would delete."""
    visitor.require("administer")
    return erasure.expired(store, keep_years, today)


def retain(store: Store, visitor: Visitor, keep_years: int, today: date) -> Expired:
    """Delete waves whose last answer is more than `keep_years` years older than `today`, and what belongs to them.

    The bytes are removed only by `rewrite`.
    """
    visitor.require("administer")
    return erasure.retain(store, keep_years, today, visitor.audit_name)


def rewrite(visitor: Visitor, location: str) -> None:
    """Rewrite a closed store, so that none of its files holds deleted data. Raises StoreError, StoreInUse."""
    visitor.require("administer")
    erasure.rewrite(location)


def is_left_to_the_server(location: str) -> bool:
    """Whether the store's database is out of `rewrite`'s reach, so that its administrator has to vacuum it."""
    return erasure.catalogue(location) is None
