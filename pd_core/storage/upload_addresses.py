"""Upload addresses: to each, scripts and flows send files of one school, until it expires or is revoked."""

from __future__ import annotations

from pd_core.entities import UploadAddress
from pd_core.storage.signed_addresses import AddressKind, make_address
from pd_core.storage.store import Store

UPLOAD_ADDRESSES = AddressKind(
    "upload_address", "address_id", UploadAddress, "upload address", "upload address", "upload address made",
    "upload address revoked",
    school_of=lambda address: address.school_id,
    about=lambda address: f"until {address.expires_at:%Y-%m-%d}",
)  # fmt: skip


def make_upload_address(store: Store, school_id: str, days: int, actor: str) -> UploadAddress:
    """Make an upload address that expires after this many days."""
    return make_address(store, UPLOAD_ADDRESSES, {"school_id": school_id}, actor, days=days)
