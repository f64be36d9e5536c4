"""The file of a backup: a ZIP archive with the store, its key where asked for, and a list with checksums of both."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pd_core.errors import RefusedFile
from pd_core.storage.copies import Contents

STORE, KEY, LIST = "pd.duckdb", "pd.key", "backup.json"
_KIND: Final = "PD Pulse backup 1"
_PIECE: Final = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, NotImplementedError)


@dataclass(frozen=True)
class BackupFile:
    """What a backup says of itself: when it was made (UTC, ISO 8601), table to number of rows, the store's latest
    migration, and the SHA-256 of each file in it."""

    made_at: str
    tables: Mapping[str, int]
    migration: int
    checksums: Mapping[str, str]

    @property
    def has_key(self) -> bool:
        """Whether the secret behind respondents' codes is in the backup."""
        return KEY in self.checksums


def write_backup(target: Path, store: Path, held: Contents, key: bytes | None) -> BackupFile:
    """Write a backup next to `target` and put it there only when it is whole and on the disk. Raises OSError."""
    part = target.with_name(f".{target.name}-{secrets.token_hex(4)}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                checksums = {STORE: _add(archive, store)}
                if key is not None:
                    archive.writestr(KEY, key)
                    checksums[KEY] = hashlib.sha256(key).hexdigest()
                made_at = datetime.now(UTC).isoformat(timespec="seconds")
                made = BackupFile(made_at, dict(held.tables), held.migration, checksums)
                archive.writestr(LIST, json.dumps({"kind": _KIND, **vars(made)}, indent=1))
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # Windows opens no folders; the file itself is on the disk
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return made


def read_list(path: Path) -> BackupFile:
    """What a backup says of itself. Raises RefusedFile for a file that is not one, or cannot be read."""
    with _readable(path), zipfile.ZipFile(path) as archive:
        values = json.loads(archive.read(LIST))
        if values.pop("kind") != _KIND:
            raise ValueError
        return BackupFile(**values)


def unpack(path: Path, folder: Path) -> BackupFile:
    """Unpack a backup into a folder and compare its checksums. Raises RefusedFile where a byte differs; OSError."""
    made = read_list(path)
    with _readable(path), zipfile.ZipFile(path) as archive:
        for name in (STORE, KEY) if made.has_key else (STORE,):
            if _extract(archive, name, folder / name) != made.checksums[name]:
                raise ValueError
    return made


def is_backup(path: Path) -> bool:
    """Whether a file is a backup, whole or not; never raises for one that is not."""
    try:
        read_list(path)
    except RefusedFile:
        return False
    return True


def _add(archive: zipfile.ZipFile, file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as source, archive.open(STORE, "w", force_zip64=True) as goal:
        while piece := source.read(_PIECE):
            digest.update(piece)
            goal.write(piece)
    return digest.hexdigest()


def _extract(archive: zipfile.ZipFile, name: str, goal: Path) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source, open(os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := source.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


@contextlib.contextmanager
def _readable(path: Path) -> Any:
    try:
        yield
    except FileNotFoundError as error:
        raise RefusedFile(f"There is no file {path}.", "Check its name and folder.") from error
    except _DAMAGED as error:
        raise RefusedFile(
            f"{path} is not a backup of PD Pulse, or it is damaged: it cannot be read to its end unchanged.",
            "Use another backup. Nothing was changed.",
        ) from error
    except OSError as error:
        raise RefusedFile(
            f"{path} cannot be read or unpacked: {error.strerror}.", "Make room or ask for permission, then try again."
        ) from error
