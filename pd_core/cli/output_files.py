"""Files that commands write."""

from __future__ import annotations

from pathlib import Path

from pd_core.errors import UserError


def write_file(path: str, content: bytes) -> None:
    """Write a file, in place of an earlier one. Raises UserError where it cannot be written."""
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder that you can write to."
        ) from error
