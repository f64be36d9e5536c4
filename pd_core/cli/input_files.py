"""Reads the files given to a command."""

from __future__ import annotations

import glob
from pathlib import Path, PurePath

from pd_core.errors import RefusedFile
from pd_core.ingestion.reading import MAX_BYTES, check_bytes


def content_of(name: str) -> bytes:
    """A file's bytes, up to the maximum size. Raises RefusedFile."""
    path = Path(name)
    try:
        if path.is_dir():
            raise RefusedFile(f"{name} is a folder.", "Name the files in it.")
        check_bytes(name, path.stat().st_size)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # a special file may report no size
    except FileNotFoundError as error:
        raise RefusedFile(f"There is no file {name}.", "Check its name and folder.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise RefusedFile(f"{name} cannot be read: {reason}.", "Close it, or ask for permission.") from error


def matching(name: str) -> list[str]:
    """The files that match a pattern such as *.xlsx, in case the shell did not expand it; otherwise the name itself."""
    if not Path(name).exists() and (found := sorted(glob.glob(name))):
        return found
    return [name]


def label_of(name: str) -> str:
    """A file's name without folders, as text that can be stored."""
    return PurePath(name).name.encode(errors="replace").decode() or name
