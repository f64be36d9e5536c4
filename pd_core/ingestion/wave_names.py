"""What a wave and a file are called: on one line, and one name however it is spelled."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import PurePath

import polars as pl

from pd_core.storage import Store, queries

_WAVE_LETTERS, _FILE_LETTERS = 60, 200


def suggest_wave(completed: datetime) -> str:
    """The wave of a school year's half: July to December is autumn, January to June is spring."""
    return f"{'Fall' if completed.month >= 7 else 'Spring'} {completed.year}"


def middle_time(responses: pl.DataFrame) -> datetime | None:
    """The middle one of the times at which responses were completed; null where there are none."""
    completed = responses["completed_at"].drop_nulls().sort()
    middle: datetime | None = None if completed.is_empty() else completed[completed.len() // 2]
    return middle


def known_wave(store: Store, wave_id: str) -> str:
    """The wave's name: as it is already written where it differs only in case, spaces or invisible characters."""
    wanted = _wave_name(wave_id)
    for known in queries.wave_ids(store):
        if _wave_name(known).casefold() == wanted.casefold():
            return known
    return wanted


def file_name(file: str) -> str:
    """A file's name on one line, without folders; “file” where nothing is left of it."""
    name = _one_line(PurePath(file.replace("\\", "/")).name, _FILE_LETTERS)
    return name if name.strip(". ") else "file"


def _wave_name(text: str) -> str:
    return _one_line(unicodedata.normalize("NFKC", text), _WAVE_LETTERS)


def _one_line(text: str, letters: int) -> str:
    """A name on one line with at most this many letters; invisible characters become spaces."""
    seen = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    return " ".join(seen.split())[:letters].rstrip()
