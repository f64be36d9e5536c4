"""Which school a building's name means."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from rapidfuzz import fuzz, process

from pd_core.codebook import fold


class SchoolNames:
    """The district's schools by every name they are known by."""

    def __init__(self, schools: pl.DataFrame) -> None:
        """`schools` has school_id, name, aliases (separated by `;`)."""
        self.names: dict[str, str] = {}
        self.ids: dict[str, set[str]] = {}
        for school_id, name, aliases in schools.select("school_id", "name", "aliases").iter_rows():
            self.names[school_id] = name
            for known in (school_id, name, *(aliases or "").split(";")):
                if fold(known):
                    self.ids.setdefault(fold(known), set()).add(school_id)

    def find(self, name: str) -> str | None:
        """The school of that name; null where no school has it, or two have."""
        found = self.ids.get(fold(name), set())
        return next(iter(found)) if len(found) == 1 else None

    def near(self, name: str, limit: int = 3) -> list[str]:
        """Ids of the schools whose names are nearest, best first."""
        near = process.extract(fold(name), list(self.ids), scorer=fuzz.WRatio, limit=limit * 3, score_cutoff=55)
        found = dict.fromkeys(school_id for known, _, _ in near for school_id in sorted(self.ids[known]))
        return list(found)[:limit]

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that mean no school, or more than one."""
        return [name for name in names if self.find(name) is None]
