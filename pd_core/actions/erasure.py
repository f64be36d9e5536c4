"""Deletes for good: one person's answers, or all that is past its time. The server is stopped meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pd_core.access import Visitor
from pd_core.config import is_address
from pd_core.errors import UserError
from pd_core.pseudonyms import respondent_code
from pd_core.storage import Store, erasure, roles
from pd_core.storage.erasure import Expired, Forgotten


def forget(store: Store, visitor: Visitor, address: str, key: bytes) -> Forgotten:
    """Deletes all that is stored of the person with this address; `key` is the secret behind respondents' codes.

    The bytes are gone only after `rewrite`. Raises UserError for what is no address.
    """
    visitor.require("administer")
    require_address(address)
    return erasure.forget(store, respondent_code(address, key) or "", visitor.audit_name, address=address)


def require_address(address: str) -> None:
    """Raises UserError for what is no address."""
    if not is_address(address):
        raise UserError("This is no e-mail address.", "Give the address under which the person answered.")


def has_role(store: Store, administrators: Collection[str], address: str) -> bool:
    """Whether someone with this address still has a role, given or by the setting PD_ADMINISTRATORS."""
    return roles.person(store, address) is not None or address.casefold() in administrators


def expired(store: Store, visitor: Visitor, keep_years: int, today: date) -> Expired:
    """What `retain` would delete."""
    visitor.require("administer")
    return erasure.expired(store, keep_years, today)


def retain(store: Store, visitor: Visitor, keep_years: int, today: date) -> Expired:
    """Deletes waves whose last answer is from more than `keep_years` years before `today`, and what goes with them.

    The bytes are gone only after `rewrite`.
    """
    visitor.require("administer")
    return erasure.retain(store, keep_years, today, visitor.audit_name)


def rewrite(visitor: Visitor, location: str) -> None:
    """Writes a closed store anew, so that no file of it holds what was deleted. Raises StoreError, StoreInUse."""
    visitor.require("administer")
    erasure.rewrite(location)


def is_left_to_the_server(location: str) -> bool:
    """Whether `rewrite` cannot reach the store's own database, which its administrator has to vacuum."""
    return erasure.catalogue(location) is None
