"""One credential as a file has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from pd_core.reference.delivery_file import read_day

HASHED: Final = "hashed"
"""In place of an address: the file has a hash, and no one of the staff list at hand has it."""
Status = Literal["counts", "revoked", "rejected"]
_ISO: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")


@dataclass(frozen=True)
class CredentialRow:
    """A credential. `address` is the person's (empty: none; `HASHED`: a hash of no one known); `iste` as it is written;
    `wrong` names a cell that can't be read, with its value."""

    row: int
    address: str
    credential: str
    issuer: str
    earned_on: date | None
    expires_on: date | None
    status: Status
    skill: str = ""
    iste: str = ""
    wrong: tuple[str, str] | None = None


def first_day(value: Any) -> date | None:
    """The day of a time as JSON and tables write it; null where there is none."""
    text = str(value or "").strip()
    iso = _ISO.fullmatch(text)
    return read_day(iso[1] if iso else text.split(" ")[0])
