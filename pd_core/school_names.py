"""Which school a name means."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from rapidfuzz import fuzz, process

from pd_core.access import EVERYTHING, Scope
from pd_core.codebook import fold


def known_as(name: str) -> str:
    """A school's name, normalized for comparison; `;` separates aliases, so it is not part of a name."""
    return fold(name.replace(";", " "))


class SchoolNames:
    """The district's schools by all their names, from the viewpoint of a person who uploads for some of them."""

    def __init__(self, schools: pl.DataFrame, reach: Scope = EVERYTHING, said: Iterable[tuple[str, str]] = ()) -> None:
        """`schools` has school_id, name, aliases (separated by `;`) for the whole district, regardless of `reach`.

        `reach` are the uploader's schools. `said` is what the uploader said about unknown names: name to one of these
        schools, or to null for none of them; other entries are ignored.
        """
        self.names: dict[str, str] = {}
        self.ids: dict[str, set[str]] = {}
        self.reach = reach
        for school_id, name, aliases in schools.select("school_id", "name", "aliases").iter_rows():
            self.names[school_id] = name
            for known in (school_id, name, *(aliases or "").split(";")):
                if known_as(known):
                    self.ids.setdefault(known_as(known), set()).add(school_id)
        self.said = {known_as(name): school_id for name, school_id in said if not school_id or self.reaches(school_id)}

    def reaches(self, school_id: str) -> bool:
        """Whether the school exists and is in the uploader's reach."""
        return school_id in self.names and self.reach.sees(school_id)

    def is_known(self, name: str) -> bool:
        """Whether a school of the district, in reach or not, has that name."""
        return known_as(name) in self.ids

    def find(self, name: str) -> str | None:
        """The school with that name; null if no school has it, or if two have it and no one said which."""
        found = self.ids.get(known_as(name), set())
        if len(found) == 1:
            return next(iter(found))
        return self.said.get(known_as(name)) or None

    def is_outside(self, name: str) -> bool:
        """Whether the name belongs only to schools out of reach, or is unknown and said to be none in reach."""
        found = self.ids.get(known_as(name), set())
        if found and not any(map(self.reaches, found)):
            return True
        return len(found) != 1 and self.said.get(known_as(name)) == ""

    def near(self, name: str, limit: int = 3) -> list[str]:
        """Ids of the schools in reach with the most similar names, best first."""
        mine = {known: sorted(filter(self.reaches, ids)) for known, ids in self.ids.items()}
        names = [known for known, ids in mine.items() if ids]
        near = process.extract(known_as(name), names, scorer=fuzz.WRatio, limit=limit * 3, score_cutoff=55)
        found = dict.fromkeys(school_id for known, _, _ in near for school_id in mine[known])
        return list(found)[:limit]

    def suggestion(self, name: str, otherwise: str = "") -> str:
        """What to put behind a sentence about an unknown name: the most similar school, or else `otherwise`."""
        near = self.near(name, 1)
        return f" Did you mean “{near[0]}”?" if near else otherwise
