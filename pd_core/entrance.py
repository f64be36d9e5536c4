"""The way in where no sign-in is set up: an address with a token, which gives the browser that opens it a cookie.

A visitor who reaches the server's port need not be the person who started it: other accounts of the same computer
reach it, and tunnels end there.
"""

from __future__ import annotations

import hmac
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from pd_core.sign_in import carried_id, signed_id

DAYS = 30
"""How long a browser need not open the address again."""
_PURPOSE = "a browser of the person who started the server"
_LEEWAY = timedelta(minutes=5)


class Entrance:
    """The tokens of one start of the server, and the cookies of browsers that brought one.

    `token` is printed and works until the server stops; `once` works once: a browser is started with it, and other
    accounts of the computer may see with what a program is started. Cookies outlive the server, as its `secret` does.
    """

    def __init__(self, secret: bytes) -> None:
        self.token, self.once = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._secret, self._is_used = secret, False

    def admits(self, token: str) -> bool:
        """Whether a token is one of this start of the server; `once` is used up."""
        given = token.encode(errors="replace")
        if hmac.compare_digest(given, self.token.encode()):
            return True
        is_once = hmac.compare_digest(given, self.once.encode()) and not self._is_used
        self._is_used = self._is_used or is_once
        return is_once

    def cookie(self, now: datetime) -> str:
        """What a browser that brought a token keeps."""
        return signed_id(str(int(now.timestamp())), self._secret, _PURPOSE)

    def knows(self, cookie: str, now: datetime) -> bool:
        """Whether a cookie was given here, at most DAYS ago."""
        given = carried_id(cookie, self._secret, _PURPOSE)
        if given is None:
            return False
        age = now - datetime.fromtimestamp(int(given), now.tzinfo)
        return -_LEEWAY <= age <= timedelta(days=DAYS)


def kept_secret(file: Path) -> bytes:
    """The secret in a file for its owner only, made on first use; one that is not kept where the file can't be used."""
    fresh = secrets.token_hex(32).encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            found = file.read_bytes().strip()
            return found if len(found) == len(fresh) else fresh  # half a secret: the disk was full
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(fresh)
    except OSError:  # the pages say what is wrong with the folder
        pass
    return fresh
