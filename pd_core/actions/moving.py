"""Moves a store to another place, such as from a file to a database server and back."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Literal

from pd_core.access import DISTRICT, Visitor
from pd_core.codebook import Item
from pd_core.config import Settings
from pd_core.errors import SettingError, StoreError
from pd_core.storage import open_store
from pd_core.storage.backend import without_secrets
from pd_core.storage.moving import MovedTable, move_store

KeyPlace = Literal["copied", "there already", "in PD_KEY", "to be set as PD_KEY", "none yet"]
"""Where the secret behind respondents' codes is after a move."""


def move(
    visitor: Visitor, source: Settings, target: Settings, items: Sequence[Item], said: Callable[[MovedTable], None]
) -> KeyPlace:
    """Copy a store that no one uses to a new place; `said` is called for each table that is the same in both.

    The source stays as it is. Raises RefusedAccess; SettingError where the target has another key; StoreError as
    `move_store`.
    """
    visitor.require("administer")
    if source.store == target.store:
        raise StoreError("The store is there already.", "Name two places.")
    place = _key_place(source, target)
    for table in move_store(source.store, target.store, items):
        said(table)
    if place == "copied":
        with open(os.open(target.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(source.key_file.read_bytes())
    store = open_store(target.store, items)
    try:
        store.note("move", visitor.audit_name, {DISTRICT}, f"from {without_secrets(source.store)}")
    finally:
        store.close()
    return place


def _key_place(source: Settings, target: Settings) -> KeyPlace:
    if source.key:
        return "in PD_KEY"
    if source.is_remote or not source.key_file.exists():
        return "none yet"
    if target.is_remote:
        return "to be set as PD_KEY"
    if not target.key_file.exists():
        return "copied"
    if target.key_file.read_bytes().strip() != source.key_file.read_bytes().strip():
        raise SettingError(
            f"{target.key_file} is another key than {source.key_file}.",
            "Move it away, or move the store to a new folder. Nothing was changed.",
        )
    return "there already"
