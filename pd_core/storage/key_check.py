"""Whether the secret behind respondents' codes is still the one with which the store began."""

from __future__ import annotations

import hmac

import polars as pl

from pd_core.errors import SettingError
from pd_core.storage import queries
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

_CONSTANT = b"PD Pulse: the secret behind respondents' codes"


def key_mark(key: bytes) -> str:
    """What the store keeps of a secret: HMAC-SHA-256 (RFC 2104) of a constant under it, 64 hex digits."""
    return hmac.digest(key, _CONSTANT, "sha256").hex()


def stored_mark(store: Reader) -> str | None:
    """What the store keeps of its secret; null where it keeps nothing yet."""
    found = store.frame("select mark from store.key_check order by number desc limit 1")
    return None if found.is_empty() else str(found.item())


def is_same_key(store: Reader, key: bytes) -> bool | None:
    """Whether `key` is the secret of this store; null where the store keeps no mark yet."""
    mark = stored_mark(store)
    return None if mark is None else hmac.compare_digest(mark, key_mark(key))


def require_same_key(store: Store, key: bytes, where: str) -> bytes:
    """The key, where it is the one with which the store began; a store without a mark keeps that of this key.

    `where` says where the key comes from: a file, or PD_KEY. A store that holds no code under another key, neither
    answers nor a roster, takes the new one. Raises SettingError for another key.
    """
    if is_same_key(store, key):
        return key

    def action(change: Change) -> None:
        known = is_same_key(change, key)
        if known or (known is False and _has_codes(change)):
            return
        change.insert("key_check", pl.DataFrame({"mark": [key_mark(key)]}))

    store.write("key", "PD Pulse", action, is_event=True)
    if not is_same_key(store, key):
        raise another_key(where)
    return key


def another_key(where: str) -> SettingError:
    """The error for a secret that is not the store's."""
    return SettingError(
        f"The secret behind respondents' codes ({where}) is not the one that this store started with: people who "
        "answer again would count twice, and no one's answers could be erased.",
        "Restore the former secret from a backup: the file next to the store, or PD_KEY. Nothing was changed.",
    )


def _has_codes(store: Reader) -> bool:
    has_roster = not store.frame("select 1 as one from store.roster limit 1").is_empty()
    return has_roster or not queries.uploads(store).is_empty()
