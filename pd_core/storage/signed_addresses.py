"""Signed addresses, by which a person or a program gets in without sign-in: share links, calendars, feeds of tables.

Each kind has a table of its own; an address works until it is revoked and, where its kind says so, until it expires.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

import polars as pl

from pd_core.audit_kinds import AuditKind
from pd_core.errors import UnknownName
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

A = TypeVar("A")


@dataclass(frozen=True)
class AddressKind(Generic[A]):
    """A kind of signed address.

    `table` is where it is kept, with the columns of `record` but `is_revoked`; it also names the tombstones. `purpose`
    is what its tokens are signed for, so that no token of another kind opens it. `school_of` says which school (or
    “district”) an address is about, `about` what the audit says of a new one after its name.
    """

    table: str
    id_column: str
    record: Callable[..., A]
    noun: str
    purpose: str
    made: AuditKind
    revoked: AuditKind
    school_of: Callable[[A], str]
    about: Callable[[A], str]

    def id_of(self, address: A) -> str:
        """The id of an address, which its token carries."""
        return str(getattr(address, self.id_column))


def make_address(
    store: Store, kind: AddressKind[A], fields: Mapping[str, str], actor: str, *, days: int | None = None
) -> A:
    """Make an address with these fields of its kind; with `days` it expires after so many."""

    def action(change: Change) -> A:
        row = {kind.id_column: secrets.token_hex(12), **fields, "made_by": actor, "made_at": change.at}
        if days is not None:
            row["expires_at"] = change.at + timedelta(days=days)
        change.insert(kind.table, pl.DataFrame([row]))
        made = kind.record(**row, is_revoked=False)
        change.school_ids = {kind.school_of(made)}
        change.subject = f"{kind.noun} {kind.id_of(made)}, {kind.about(made)}"
        return made

    return store.write(kind.made, actor, action, is_event=True)


def revoke_address(store: Store, kind: AddressKind[A], address_id: str, actor: str) -> None:
    """Revoke an address. Raises UnknownName if it does not exist or is already revoked."""

    def action(change: Change) -> None:
        address = find_address(change, kind, address_id)
        if address is None or getattr(address, "is_revoked"):  # noqa: B009 - every record has it
            raise UnknownName(f"There is no open {kind.noun} {address_id}.", "Look at the list of those there are.")
        change.insert("dead", pl.DataFrame([{"kind": kind.table, "id": address_id}]))
        change.school_ids, change.subject = {kind.school_of(address)}, f"{kind.noun} {address_id}"

    store.write(kind.revoked, actor, action, is_event=True)


def addresses(store: Reader, kind: AddressKind[A]) -> list[A]:
    """Every address of a kind, latest first."""
    return _addresses(store, kind, "")


def find_address(store: Reader, kind: AddressKind[A], address_id: str) -> A | None:
    """The address with this id, open or not; null if there is none."""
    return next(iter(_addresses(store, kind, f"where a.{kind.id_column} = $id", id=address_id)), None)


def _addresses(store: Reader, kind: AddressKind[A], where: str, **params: str) -> list[A]:
    found = store.frame(
        f"""select a.* exclude (number), d.id is not null as is_revoked from store.{kind.table} a
        left join (select distinct id from store.dead where kind = '{kind.table}') d on a.{kind.id_column} = d.id
        {where} order by a.number desc, a.{kind.id_column}""",
        **params,
    )
    return [kind.record(**row) for row in found.iter_rows(named=True)]
