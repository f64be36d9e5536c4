"""Credentials in tables: the district's own, Credly's issued badges, and the bulk file of Canvas Badges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pd_core.codebook import fold
from pd_core.errors import RefusedFile
from pd_core.reference.badges import read_json
from pd_core.reference.credential_row import CredentialRow, Status, first_day
from pd_core.reference.list_files import read_table

CREDENTIAL_FILE: Final = ("email", "credential", "issuer", "earned_on", "expires_on", "skill_id", "iste")
_NAMES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "credentials": {
        "address": ("email", "e-mail", "email address"), "credential": ("credential",), "issuer": ("issuer",),
        "earned_on": ("earned_on", "earned on"), "expires_on": ("expires_on", "expires on"),
        "skill": ("skill_id", "skill"), "iste": ("iste",), "status": ("status",),
    },
    "Credly issued badges": {
        "address": ("issued to email",), "credential": ("badge name",), "issuer": ("issued by",),
        "earned_on": ("issue date",), "status": ("status",), "expired": ("expired",),
        "expires_on": ("expires at", "expiration date"),
    },
    "Canvas Badges bulk file": {
        "address": ("identifier",), "credential": ("badge class id",), "earned_on": ("issue date",),
        "expires_on": ("expiration date",),
    },
}  # fmt: skip
_NEEDED: Final = ("address", "credential", "earned_on")


def read_credentials(
    file: str, data: bytes, owner: str = "", staff: Sequence[str] = ()
) -> tuple[str, str, list[CredentialRow]]:
    """The file's name, what it is, and its credentials. `owner` and `staff` as `badges.read_json`. Raises
    RefusedFile."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return file, *read_json(file, data, owner, staff)
    file, table = read_table(file, data)
    headers = [fold(cell) for cell in table[0]] if table else []
    for form, names in _NAMES.items():
        places = {
            field: next((headers.index(fold(name)) for name in spellings if fold(name) in headers), None)
            for field, spellings in names.items()
        }
        if all(places[field] is not None for field in _NEEDED):
            rows = [(number, cells) for number, cells in enumerate(table[1:], 2) if any(map(str.strip, cells))]
            return file, form, [_row(number, cells, places) for number, cells in rows]
    raise RefusedFile(
        f"{file} is no list of credentials that is known; its first row has {', '.join(headers) or 'nothing'}.",
        f"Expected the columns {', '.join(CREDENTIAL_FILE)}, or Credly's or Canvas's export. Nothing was changed.",
    )


def _row(number: int, cells: Sequence[str], places: Mapping[str, int | None]) -> CredentialRow:
    def cell(field: str) -> str:
        place = places.get(field)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    said = fold(cell("status"))
    status: Status = "revoked" if said in ("revoked", "expired") else "rejected" if said == "rejected" else "counts"
    if fold(cell("expired")) in ("true", "yes", "1", "expired"):
        status = "revoked"
    expires = first_day(cell("expires_on"))
    wrong = ("expires_on", cell("expires_on")) if cell("expires_on") and expires is None else None
    if cell("earned_on") and first_day(cell("earned_on")) is None:
        wrong = ("earned_on", cell("earned_on"))
    return CredentialRow(
        number, cell("address"), cell("credential"), cell("issuer"), first_day(cell("earned_on")), expires, status,
        cell("skill"), cell("iste"), wrong,
    )  # fmt: skip
