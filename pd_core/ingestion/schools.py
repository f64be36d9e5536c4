"""Which school a building's name means."""

from __future__ import annotations

import polars as pl
from rapidfuzz import fuzz, process

from pd_core.codebook import fold


def known_as(name: str) -> str:
    """A school's name as it is compared; a `;` parts aliases, so it is no part of a name."""
    return fold(name.replace(";", " "))


class SchoolNames:
    """The district's schools by every name they are known by."""

    def __init__(self, schools: pl.DataFrame) -> None:
        """`schools` has school_id, name, aliases (separated by `;`)."""
        self.names: dict[str, str] = {}
        self.ids: dict[str, set[str]] = {}
        for school_id, name, aliases in schools.select("school_id", "name", "aliases").iter_rows():
            self.names[school_id] = name
            for known in (school_id, name, *(aliases or "").split(";")):
                if known_as(known):
                    self.ids.setdefault(known_as(known), set()).add(school_id)

    def find(self, name: str) -> str | None:
        """The school of that name; null where no school has it, or two have."""
        found = self.ids.get(known_as(name), set())
        return next(iter(found)) if len(found) == 1 else None

    def near(self, name: str, limit: int = 3) -> list[str]:
        """Ids of the schools whose names are nearest, best first."""
        near = process.extract(known_as(name), list(self.ids), scorer=fuzz.WRatio, limit=limit * 3, score_cutoff=55)
        found = dict.fromkeys(school_id for known, _, _ in near for school_id in sorted(self.ids[known]))
        return list(found)[:limit]
