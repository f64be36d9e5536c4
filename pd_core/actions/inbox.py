"""A folder whose files are taken as uploads: what OneDrive, SharePoint or a flow drops there, each with a receipt.

Files that were taken are moved to `taken`, refused ones to `refused`, each with its receipt next to it. A refused file
that is moved back is tried again.
"""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pd_core import ingestion
from pd_core.access import Visitor
from pd_core.actions import uploads
from pd_core.codebook import Codebook
from pd_core.errors import RefusedFile, SettingError, StoreError, UserError
from pd_core.ingestion import Choices, Receipt, refused
from pd_core.ingestion.reading import check_bytes
from pd_core.storage import Store

TAKEN, REFUSED = "taken", "refused"
SETTLED_SECONDS: Final = 2.0
"""How long a file must not have changed before it is taken for whole."""
PATIENCE_SECONDS: Final = 600.0
"""How long a file may take to be written before it is reported; an unfinished workbook is then taken, and refused."""
_NOTE = ".waiting.txt"
_OURS = (".receipt.txt", ".receipt.json", _NOTE)
_PARTS = (".tmp", ".part", ".partial", ".crdownload", ".download")
_MARKS = ("~$", ".")


@dataclass
class _Seen:
    """A file as the last look saw it: size and time of change, since when it is known and unchanged (seconds)."""

    mark: tuple[int, int]
    known_since: float
    same_since: float
    is_reported: bool = False


@dataclass
class Inbox:
    """A folder, and what the looks at it have seen so far. `text` writes a receipt for people."""

    folder: Path
    text: Callable[[Receipt], str]
    _seen: dict[Path, _Seen] = field(default_factory=dict)

    def ready(self, now: float) -> list[Path]:
        """The files that are whole, by name, at a time (seconds); the others are waited for.

        Leaves a note next to a file that is still not whole after PATIENCE_SECONDS. Raises RefusedFile where the folder
        cannot be read.
        """
        found = {path: mark for path in self._files() if (mark := _mark(path)) is not None}
        for gone in set(self._seen) - set(found):
            del self._seen[gone]
            _note_of(gone).unlink(missing_ok=True)
        whole = []
        for path, mark in found.items():
            seen = self._seen.setdefault(path, _Seen(mark, now, now))
            if seen.mark != mark:
                seen.mark, seen.same_since = mark, now
            if now - seen.same_since >= SETTLED_SECONDS and (
                _is_whole(path) or now - seen.same_since > PATIENCE_SECONDS
            ):
                whole.append(path)
            elif now - seen.known_since > PATIENCE_SECONDS and not seen.is_reported:
                seen.is_reported = True
                minutes = int(PATIENCE_SECONDS / 60)
                _put(
                    _note_of(path),
                    f"{path.name} is still being written after {minutes} minutes. It is taken when it is whole.",
                )
        return whole

    def waiting(self) -> list[str]:
        """The names of files that the last look found unfinished."""
        return sorted(path.name for path in self._seen)

    def take(
        self, path: Path, store: Store, visitor: Visitor, codebook: Codebook, key: bytes, choices: Choices,
        problem: Callable[[Exception], UserError],
    ) -> Receipt | None:  # fmt: skip
        """Store a file's answers, write its receipt and move both out of the way; null where the file has gone.

        `problem` gives the message for an error. Raises StoreError and SettingError, which are no fault of the file: it
        stays and is tried again; RefusedFile where it cannot be moved.
        """
        try:
            check_bytes(path.name, path.stat().st_size)
            table = ingestion.read(path.name, path.read_bytes(), codebook)
            receipt = uploads.ingest(store, visitor, table, codebook, key, choices)
        except FileNotFoundError:
            return None
        except (StoreError, SettingError):
            raise
        except Exception as error:
            receipt = refused(path.name, problem(error))
        self._put_away(path, receipt)
        self._seen.pop(path, None)
        return receipt

    def _files(self) -> Iterator[Path]:
        try:
            found = sorted(self.folder.iterdir())
        except OSError as error:
            raise RefusedFile(
                f"The folder {self.folder} cannot be read: {error.strerror}.", "Make it, or ask for permission."
            ) from error
        for path in found:
            name = path.name.casefold()
            is_other = name.startswith(_MARKS) or name.endswith((*_OURS, *_PARTS))
            if not is_other and path.is_file() and not path.is_symlink():
                yield path

    def _put_away(self, path: Path, receipt: Receipt) -> None:
        place = self.folder / (REFUSED if receipt.status == "rejected" else TAKEN)
        try:
            place.mkdir(exist_ok=True)
            goal = _free(place / path.name)
            _put(goal.with_name(goal.name + ".receipt.json"), json.dumps(receipt.as_dict(), indent=1, default=str))
            _put(goal.with_name(goal.name + ".receipt.txt"), self.text(receipt) + "\n")
            _note_of(path).unlink(missing_ok=True)
            os.replace(path, goal)
        except FileNotFoundError:  # someone took it away meanwhile
            return
        except OSError as error:
            raise RefusedFile(
                f"{path.name} was {receipt.status}, but cannot be moved to {place}: {error.strerror}.",
                "Let the account of PD Pulse write to this folder. Until then the file is read again and again.",
            ) from error


def _mark(path: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):  # it has gone, or is not ours to look at yet
        found = path.stat()
        return found.st_size, found.st_mtime_ns
    return None


def _is_whole(path: Path) -> bool:
    """Whether a file can be read and, if it is a workbook, has its end."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        return bool(start) and (start != b"PK\x03\x04" or zipfile.is_zipfile(path))
    except OSError:  # another program is writing it
        return False


def _free(path: Path) -> Path:
    """A name that neither a file nor a receipt has."""
    taken = {other.name for other in path.parent.iterdir()}
    names = (path.name, *(f"{path.stem}-{number}{path.suffix}" for number in range(2, len(taken) + 3)))
    return path.with_name(next(name for name in names if not {name, f"{name}.receipt.json"} & taken))


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + _NOTE)


def _put(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
