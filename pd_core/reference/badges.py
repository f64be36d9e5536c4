"""Credentials in JSON: Open Badges 2.0 and 3.0, and the transcript of Microsoft Learn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pd_core.errors import RefusedFile
from pd_core.reference.credential_row import HASHED, CredentialRow, Status, first_day

MICROSOFT = "Microsoft"


def read_json(file: str, data: bytes, owner: str, staff: Sequence[str]) -> tuple[str, list[CredentialRow]]:
    """What the file is, and its credentials. `owner` is whose transcript it is (empty: not said); `staff` are addresses
    with which hashed recipients are compared. Raises RefusedFile."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RefusedFile(f"{file} is not readable as JSON.", "Download it again. Nothing was changed.") from error
    if isinstance(found, Mapping) and ({"certificationData", "appliedSkillsData", "modulesCompleted"} & set(found)):
        return "Microsoft Learn transcript", list(_transcript(found, owner))
    listed = found if isinstance(found, list) else next(
        (found[name] for name in ("assertions", "credentials", "badges") if isinstance(found, Mapping) and
         isinstance(found.get(name), list)), [found],
    )  # fmt: skip
    if any(isinstance(one, Mapping) and "credentialSubject" in one for one in listed):
        return "Open Badges 3.0", [_badge3(number, _of(one), staff) for number, one in enumerate(listed, 1)]
    if any(isinstance(one, Mapping) and "recipient" in one for one in listed):
        return "Open Badges 2.0", [_badge2(number, _of(one), staff) for number, one in enumerate(listed, 1)]
    raise RefusedFile(
        f"{file} is no badge and no transcript that is known.",
        "Expected Open Badges 2.0 or 3.0, or a transcript of Microsoft Learn. Nothing was changed.",
    )


def _of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _badge2(number: int, one: Mapping[str, Any], staff: Sequence[str]) -> CredentialRow:
    recipient, badge = _of(one.get("recipient")), one.get("badge")
    about = _of(badge)
    issuer = about.get("issuer")
    address = _recipient(recipient.get("identity"), bool(recipient.get("hashed")), recipient.get("salt"), staff)
    return CredentialRow(
        number, address, str(about.get("name") or (badge if isinstance(badge, str) else "")),
        str(_of(issuer).get("name") or (issuer if isinstance(issuer, str) else "")), first_day(one.get("issuedOn")),
        first_day(one.get("expires")), "revoked" if one.get("revoked") is True else "counts",
    )  # fmt: skip


def _badge3(number: int, one: Mapping[str, Any], staff: Sequence[str]) -> CredentialRow:
    subject = _of(next(iter(_list(one.get("credentialSubject"))), None))
    achievement, issuer = _of(subject.get("achievement")), one.get("issuer")
    identities = [_of(found) for found in _list(subject.get("identifier"))]
    mail = next((found for found in identities if "mail" in str(found.get("identityType", "")).casefold()), None)
    who = mail or next(iter(identities), {})
    address = _recipient(who.get("identityHash"), bool(who.get("hashed")), who.get("salt"), staff)
    earned = one.get("validFrom") or one.get("issuanceDate") or one.get("awardedDate")
    return CredentialRow(
        number, address, str(achievement.get("name") or one.get("name") or ""),
        str(_of(issuer).get("name") or (issuer if isinstance(issuer, str) else "")), first_day(earned),
        first_day(one.get("validUntil") or one.get("expirationDate")), "counts",
    )  # fmt: skip


def _recipient(identity: Any, is_hashed: bool, salt: Any, staff: Iterable[str]) -> str:
    """The address of a recipient; `HASHED` where the hash is none of the staff's, empty where there is none."""
    text = str(identity or "").strip()
    if "@" in text:
        return text.removeprefix("mailto:")
    if not text or not (is_hashed or "$" in text):
        return ""
    method, _, wanted = text.rpartition("$")
    make = hashlib.md5 if method.casefold() == "md5" else hashlib.sha256
    for address in staff:
        for spelled in dict.fromkeys((address, address.strip(), address.strip().casefold())):
            if make(f"{spelled}{salt or ''}".encode()).hexdigest() == wanted.casefold():
                return address
    return HASHED


def _transcript(found: Mapping[str, Any], owner: str) -> Iterable[CredentialRow]:
    number = 0
    certifications, applied = _of(found.get("certificationData")), _of(found.get("appliedSkillsData"))
    kinds = [
        (certifications.get("activeCertifications"), "name", "dateEarned", "expiration"),
        (certifications.get("historicalCertifications"), "name", "dateEarned", "expiration"),
        (applied.get("appliedSkillsCredentials"), "title", "awardedOn", "expiresOn"),
    ]
    for listed, name, earned, expires in kinds:
        for one in map(_of, _list(listed)):
            number += 1
            status: Status = "revoked" if "revok" in str(one.get("status", "")).casefold() else "counts"
            yield CredentialRow(
                number, owner, str(one.get(name) or ""), MICROSOFT, first_day(one.get(earned)),
                first_day(one.get(expires)), status,
            )  # fmt: skip
