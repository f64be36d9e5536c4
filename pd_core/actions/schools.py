"""Buildings that an export names and the district does not know yet: matched to a school, or added."""

from __future__ import annotations

import re
import unicodedata

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.errors import RefusedName, UnknownName
from pd_core.school_names import SchoolNames, known_as
from pd_core.storage import Store, queries, reference

_NO_IDS = {"", DISTRICT}


def match_building(store: Store, name: str, school_id: str, actor: str) -> None:
    """Remembers `name` as another name of a school, for this file and all later ones.

    Raises UnknownName, RefusedName where the name has nothing that can be read.
    """
    if not known_as(name):
        raise RefusedName("The name of this building has nothing that can be read.", "Correct it in the file.")
    for school in queries.schools(store, EVERYTHING).to_dicts():
        if school["school_id"] == school_id:
            aliases = ";".join(part for part in (school["aliases"], name.replace(";", " ").strip()) if part)
            reference.put_school(store, {**school, "aliases": aliases}, actor)
            return
    raise UnknownName(f"There is no school {school_id}.", "Choose one of the list, or add the building.")


def change_building(store: Store, school: dict[str, object], actor: str) -> None:
    """Puts new values of a known school (name, level, region, headcount) in place. Raises UnknownName, RefusedName."""
    schools = queries.schools(store, EVERYTHING)
    known = {row["school_id"]: row for row in schools.to_dicts()}
    if school["school_id"] not in known:
        raise UnknownName(f"There is no school {school['school_id']}.", "Reload the page and choose one of the list.")
    if not str(school["name"] or "").strip():
        raise RefusedName("A school needs a name.", "Write one and try again. Nothing was changed.")
    other = SchoolNames(schools).find(str(school["name"]))
    if other not in (None, school["school_id"]):
        raise RefusedName(
            f"Another school is called “{school['name']}”.", "Choose a different name. Nothing was changed."
        )
    reference.put_school(store, {**known[school["school_id"]], **school}, actor)


def add_building(store: Store, name: str, actor: str, *, level: str = "", headcount: int | None = None) -> str:
    """Adds a school by its name; `headcount` is the number of staff (null: not known). Returns its new school_id.

    Raises RefusedName where a school already has this name, or it has nothing that can be read.
    """
    if not known_as(name):
        raise RefusedName("The name of this building has nothing that can be read.", "Correct it in the file.")
    known = SchoolNames(queries.schools(store, EVERYTHING))
    if school_id := known.find(name):
        raise RefusedName(
            f"There is already a school called “{known.names[school_id]}”.",
            "Choose it in the list instead of adding it.",
        )
    taken = set(queries.schools(store, EVERYTHING)["school_id"].to_list()) | _NO_IDS
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")[:40] or "school"
    school_id, number = base, 2
    while school_id in taken:
        school_id, number = f"{base}_{number}", number + 1
    school = {"school_id": school_id, "name": " ".join(name.split()), "aliases": "", "level": level, "region": ""}
    reference.put_school(store, {**school, "headcount": headcount}, actor)
    return school_id
