"""Upload addresses: scripts and flows send files of one school to one, without sign-in, until it ends."""

from __future__ import annotations

from collections.abc import Collection

from pd_core import ingestion
from pd_core.access import EVERYTHING, EVERYWHERE, Actor, Visitor
from pd_core.actions import uploads
from pd_core.actions.share_links import LINK_DAYS
from pd_core.actions.signed_addresses import carried, maker_of, revoke, token_of, utc_now
from pd_core.codebook import Codebook
from pd_core.entities import UploadAddress
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.ingestion import Choices, Receipt
from pd_core.storage import Store, queries
from pd_core.storage.signed_addresses import addresses
from pd_core.storage.upload_addresses import UPLOAD_ADDRESSES, make_upload_address


def may_make(visitor: Visitor) -> bool:
    """Whether the visitor makes upload addresses: those who upload for every school and share."""
    return visitor.actor.role in EVERYWHERE and visitor.may("upload") and visitor.may("share")


def make_upload(store: Store, visitor: Visitor, school_id: str, days: int) -> UploadAddress:
    """Make an address for the files of one school. Raises RefusedAccess; RefusedName for an unknown school or time."""
    _require(visitor)
    if school_id not in queries.schools(store, EVERYTHING)["school_id"]:
        raise RefusedName(f"There is no school {school_id}.", "Reload the page to see the current list.")
    if days not in LINK_DAYS:
        offered = ", ".join(map(str, LINK_DAYS))
        raise RefusedName(f"An upload address cannot be made for {days} days.", f"Choose one of {offered}.")
    return make_upload_address(store, school_id, days, visitor.audit_name)


def open_uploads(store: Store, visitor: Visitor) -> list[UploadAddress]:
    """The upload addresses that work, latest first."""
    _require(visitor)
    return [address for address in addresses(store, UPLOAD_ADDRESSES) if address.is_open(utc_now())]


def revoke_upload(store: Store, visitor: Visitor, address_id: str) -> None:
    """Revoke an upload address. Raises UnknownName if it does not exist or is already revoked, RefusedAccess."""
    _require(visitor)
    revoke(store, visitor, UPLOAD_ADDRESSES, address_id, lambda _: True)


def token(address: UploadAddress, key: bytes) -> str:
    """The token that a script sends with each file."""
    return token_of(UPLOAD_ADDRESSES, address, key)


def sender(store: Store, carried_token: str, key: bytes, administrators: Collection[str]) -> Visitor | None:
    """Who sends a file with a token: an uploader for one school, with the address's name in the audit.

    Null if the address was not made here, has expired or was revoked, or if its maker could not make it any more.
    """
    address = carried(store, UPLOAD_ADDRESSES, carried_token, key)
    if address is None or not address.is_open(utc_now()):
        return None
    maker = maker_of(store, administrators, address.made_by)
    if maker is None or not may_make(maker):
        return None
    return Visitor.as_oneself(Actor(f"Upload address {address.address_id}", "mie", frozenset({address.school_id})))


def take(
    store: Store, by: Visitor, file: str, content: bytes, codebook: Codebook, key: bytes, wave_id: str | None = None
) -> Receipt:
    """Store a file that came to an address; rows of other schools are left. Raises UserError as `uploads.ingest`."""
    return uploads.ingest(store, by, ingestion.read(file, content, codebook), codebook, key, Choices(wave_id))


def _require(visitor: Visitor) -> None:
    visitor.require("share")
    if not may_make(visitor):
        raise RefusedAccess("Your role does not make upload addresses.", "Ask your facilitator for one.")
