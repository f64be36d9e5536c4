"""The upkeep of a store, which a schedule asks for."""

from __future__ import annotations

from pd_core.access import DISTRICT, Visitor
from pd_core.storage import Store
from pd_core.storage.upkeep import Upkeep, keep_up


def maintain(store: Store, visitor: Visitor) -> Upkeep:
    """Do what keeps the store quick, while people work, and note it. Raises RefusedAccess, StoreError."""
    visitor.require("administer")
    store.note("maintain", visitor.audit_name, {DISTRICT})
    return keep_up(store)
