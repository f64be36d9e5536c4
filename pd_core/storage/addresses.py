"""What the address of a shared store says: `postgresql://…`, `postgres:WORDS`, `ducklake:…`."""

from __future__ import annotations

import re
from urllib.parse import unquote

_FILES = re.compile(r"(?<=[?&\s])files=([^&\s]+)[&\s]?")


def lake_in_server(location: str) -> tuple[str, str] | None:
    """Of a DuckLake whose catalog is in PostgreSQL: the server's address, and the folder after `files=`, empty where
    none is named; null for every other store."""
    rest = location.removeprefix("ducklake:")
    if rest == location or not re.match("postgres(ql)?:", rest):
        return None
    found = _FILES.search(rest)
    address = remote_target(_FILES.sub("", rest).rstrip("?& "))
    return address, unquote(found[1]) if found else ""


def remote_target(location: str) -> str:
    """What a database server is given: of `postgres:` and words such as `host=… dbname=…`, the words alone."""
    return re.sub(r"^postgres(ql)?:(?!//)", "", location)
