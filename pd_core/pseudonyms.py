"""Pseudonyms: a keyed code instead of an e-mail address."""

from __future__ import annotations

import errno
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from pd_core.config import Settings
from pd_core.errors import SettingError

_IN_BRACKETS = re.compile(r"<([^<>@]*+@[^<>@]*+)>")


def respondent_key(settings: Settings, *, has_uploads: bool) -> bytes:
    """The secret behind respondents' codes: PD_KEY, or a file next to the store, made on first use, for its owner only.

    With `has_uploads` the store holds answers under an earlier secret, so no new one is made. Raises SettingError if
    that file is missing, if it cannot be read or written, or if a remote store has no PD_KEY.
    """
    if settings.key:
        return settings.key.encode()
    if settings.is_remote:
        raise SettingError(
            "A store that several machines share needs the same secret on all of them.",
            "Set PD_KEY to the same 32 or more random characters on each machine.",
        )
    path = settings.key_file
    if has_uploads and not path.exists():
        raise SettingError(
            f"{path}, the secret behind respondents' codes, is missing: people who answer again would count twice.",
            "Restore it from a backup, or set PD_KEY to its contents. Without it, no uploads are accepted.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _read(path)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        except OSError:
            path.unlink()  # half a secret would be taken for a damaged one
            raise
        return _read(path)
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise SettingError(
            f"The secret behind respondents' codes, {path}, cannot be used: "
            f"{'the disk is full' if is_full else error.strerror}.",
            "Make room on it, then try again."
            if is_full
            else "Make the folder writable for the account that runs PD Pulse, or set PD_KEY.",
        ) from error


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes().decode().strip()
    except UnicodeDecodeError:
        key = ""
    if len(key) < 32:
        raise SettingError(
            f"The secret behind respondents' codes, {path}, is too short or is not text.",
            "Restore the file from a backup. If no answers are stored yet, delete it, and a new one is made.",
        )
    return key.encode()


def respondent_code(address: str | None, key: bytes) -> str | None:
    """A person's code (32 hex digits) from an e-mail address, the same in every wave; null if it is not an address.

    HMAC-SHA-256 (RFC 2104) of the trimmed, case-folded address, truncated to 128 bits. Of `Ada Example <ada@…>` and
    `mailto:ada@…` the address counts.
    """
    return respondent_codes([address or ""], key)[address or ""]


def respondent_codes(addresses: Iterable[str], key: bytes) -> dict[str, str | None]:
    """Address to `respondent_code`, for many at once."""
    codes: dict[str, str | None] = {}
    keyed = hmac.new(key, digestmod="sha256")  # the key's part of the work is done once
    for address in addresses:
        found = _IN_BRACKETS.search(address) if "<" in address else None
        normalised = (found[1] if found else address).strip().casefold().removeprefix("mailto:")
        if "@" not in normalised:  # “anonymous” in any language, “n/a”: no person, and not one person
            codes[address] = None
            continue
        code = keyed.copy()
        code.update(normalised.encode())
        codes[address] = code.digest()[:16].hex()
    return codes
