"""Backups: made while people work, checked without being restored, restored into a place of their own."""

from __future__ import annotations

import contextlib
import glob
import hmac
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pd_core.access import DISTRICT, Visitor
from pd_core.codebook import Item
from pd_core.config import Settings
from pd_core.errors import RefusedFile, StoreError, UserError
from pd_core.pseudonyms import respondent_key
from pd_core.storage import Store, backup_file, copies, open_store
from pd_core.storage.backup_file import KEY, STORE, BackupFile
from pd_core.storage.copies import Contents
from pd_core.storage.key_check import key_mark

KeyPlace = Literal["in the backup", "left out", "in PD_KEY", "none yet", "next to the store", "missing"]
"""Where the secret behind respondents' codes is, after a backup or a restore."""
_EARLIER = "-%Y-%m-%d-%H%M%S"
_UNPACKED = ".pd-restore-"
_LEFT_SECONDS = 3600
"""How old a part of a backup is that a crash left behind, and no one else is writing."""


@dataclass(frozen=True)
class Backup:
    """A backup that was made: its file and bytes, what is in it, where the key is, and which earlier ones were
    deleted."""

    file: Path
    size: int
    made: BackupFile
    key: KeyPlace
    deleted: Sequence[Path] = ()


@dataclass(frozen=True)
class Verified:
    """A backup that was read to its end: what it says of itself, what its store holds, and whether the key in it is
    the store's (null: it has no key, or the store keeps no mark of one)."""

    made: BackupFile
    held: Contents
    is_own_key: bool | None


@dataclass(frozen=True)
class Restored:
    """A backup that was restored: from what, and where its key is."""

    made: BackupFile
    key: KeyPlace


def make_backup(
    store: Store, visitor: Visitor, settings: Settings, file: Path, *, keep: int | None = None, with_key: bool = True
) -> Backup:
    """Write a backup of a store that is a file; uploads go on meanwhile.

    The file is replaced only by a whole one. With `keep` the earlier one gets its time in its name, and so many are
    kept in all. Raises RefusedAccess; RefusedFile where the file is something else than a backup or cannot be written;
    StoreError.
    """
    visitor.require("administer")
    _require_file(settings)
    if keep is not None and keep < 1:
        raise RefusedFile(f"{keep} backups cannot be kept.", "Keep 1 or more.")
    if file.exists() and not backup_file.is_backup(file):
        raise RefusedFile(f"{file} exists and is not a backup of PD Pulse.", "Choose another name for the backup.")
    place: KeyPlace = "in PD_KEY" if settings.key else "none yet" if not settings.key_file.exists() else "left out"
    key = None
    if with_key and place == "left out":
        place, key = "in the backup", respondent_key(settings, has_uploads=True)
    copy = store.copy()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _clear(file.parent, f".{glob.escape(file.name)}-*.part")
        if keep is not None and keep > 1:
            _set_aside(file)
        made = backup_file.write_backup(file, copy, copies.contents(copy), key)
        deleted = _rotate(file, keep) if keep is not None else []
    except OSError as error:
        raise RefusedFile(
            f"The backup {file} cannot be written: {error.strerror}.",
            "Name a file in a folder with room that this account may write to. An earlier backup is as it was.",
        ) from error
    finally:
        copies.delete(copy)
    store.note("backup", visitor.audit_name, {DISTRICT}, f"{file.name}, key {place}")
    return Backup(file, file.stat().st_size, made, place, deleted)


def verify(file: Path) -> Verified:
    """Read a backup to its end, compare its checksums and count what its store holds; nothing is restored.

    Raises RefusedFile where it is not a backup, is damaged, or does not hold what it says.
    """
    with _unpacked(file, None) as (made, held, folder):
        return Verified(made, held, _is_own_key(folder, held))


def restore(
    visitor: Visitor, settings: Settings, items: Sequence[Item], file: Path, *, overwrite: bool = False
) -> Restored:
    """Put a backup in the place of the store, and its key next to it, after it was verified and brought up to date.

    Raises RefusedAccess; RefusedFile as `verify`; StoreError where there is a store or another key already and it is
    not to be overwritten, where it is in use, or where PD_KEY is another key.
    """
    visitor.require("administer")
    _require_file(settings)
    target = Path(settings.store).resolve()
    if target.exists() and not overwrite:
        raise StoreError(
            f"There is a store already: {target}.",
            "Nothing was changed. To replace it, add --overwrite; to look at the backup first, name another --store.",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target.parent, f"{_UNPACKED}*")
        with _unpacked(file, target.parent) as (made, held, folder):
            place = _key_place(settings, folder, held, overwrite=overwrite)
            store = open_store(str(folder / STORE), items)
            try:
                store.note("restore", visitor.audit_name, {DISTRICT}, f"the backup of {made.made_at}")
            finally:
                store.close()
            copies.put_in_place(folder / STORE, str(target))
            if place == "in the backup":
                os.replace(folder / KEY, settings.key_file)
                place = "next to the store"
    except OSError as error:
        raise StoreError(
            f"The backup cannot be restored to {target}: {error.strerror}.",
            "Make room, or choose a folder that this account may write to, and run the command again.",
        ) from error
    return Restored(made, place)


@contextlib.contextmanager
def _unpacked(file: Path, near: Path | None) -> Iterator[tuple[BackupFile, Contents, Path]]:
    """A backup unpacked into a private folder, which is deleted at the end, and what its store holds."""
    with tempfile.TemporaryDirectory(prefix=_UNPACKED, dir=near) as name:
        made = backup_file.unpack(file, Path(name))
        held = copies.contents(Path(name) / STORE)
        if held.tables != made.tables:
            raise RefusedFile(f"The store in {file} does not hold what the backup says.", "Use another backup.")
        if held.migration > copies.newest_migration():
            raise RefusedFile(
                f"{file} was made by a newer version of PD Pulse (migration {held.migration}).",
                "Install that version first.",
            )
        yield made, held, Path(name)


def _is_own_key(folder: Path, held: Contents) -> bool | None:
    if not (folder / KEY).exists() or held.key_mark is None:
        return None
    return hmac.compare_digest(held.key_mark, key_mark((folder / KEY).read_bytes().strip()))


def _key_place(settings: Settings, folder: Path, held: Contents, *, overwrite: bool) -> KeyPlace:
    """Where the key of a restored store will be. Raises StoreError where another one would be used or overwritten."""
    known = settings.key_file
    if settings.key:
        if held.key_mark not in (None, key_mark(settings.key.encode())):
            raise StoreError(
                "PD_KEY is not the key with which the answers in this backup were stored. Nothing was changed.",
                "Set PD_KEY to the key of that time, or unset it if the backup has its key in it.",
            )
        return "in PD_KEY"
    if (folder / KEY).exists():
        if known.exists() and known.read_bytes().strip() != (folder / KEY).read_bytes().strip() and not overwrite:
            raise StoreError(
                f"There is another key already: {known}. Nothing was changed.",
                "To replace it, add --overwrite. Without it, answers that were stored with it lose their persons.",
            )
        return "in the backup"
    if held.key_mark is None:
        return "none yet"
    with contextlib.suppress(UserError):
        if known.exists() and key_mark(respondent_key(settings, has_uploads=True)) == held.key_mark:
            return "next to the store"
    return "missing"


def _require_file(settings: Settings) -> None:
    if settings.is_remote:
        raise StoreError(
            "This store is in a database server, which has backups of its own.",
            "Use those, such as pg_dump for PostgreSQL, and keep PD_KEY where you keep other secrets.",
        )


def _clear(folder: Path, pattern: str) -> None:
    """Delete what a crash left in a folder."""
    for left in folder.glob(pattern):
        if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _set_aside(file: Path) -> None:
    """Give the earlier backup a second name with its time. The first one stays until the new one takes its place."""
    if not file.exists():
        return
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    aside = file.with_name(f"{file.stem}{at:{_EARLIER}}{file.suffix}")
    if aside.exists():
        return
    try:
        os.link(file, aside)
    except OSError:  # some file systems have no second names
        shutil.copy2(file, aside)


def _rotate(file: Path, keep: int) -> list[Path]:
    """Delete the oldest of the earlier backups, so that `keep` are left with the new one; returns what was deleted."""
    named = re.compile(rf"{re.escape(file.stem)}-\d{{4}}-\d\d-\d\d-\d{{6}}{re.escape(file.suffix)}")
    earlier = sorted((path for path in file.parent.iterdir() if named.fullmatch(path.name)), reverse=True)
    for path in earlier[keep - 1 :]:
        path.unlink()
    return earlier[keep - 1 :]
