"""The district's schools and its staff list, and schools that an export names but the list does not have yet."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Visitor
from pd_core.errors import RefusedName, UnknownName
from pd_core.school_names import SchoolNames, known_as
from pd_core.storage import Store, queries, reference

_NO_IDS = {"", DISTRICT}


def match_school(store: Store, visitor: Visitor, name: str, school_id: str) -> None:
    """Remember `name` as an alias of a school, for this file and all later ones.

    Raises UnknownName for an unknown school, and RefusedName if the name has no letters or digits.
    """
    visitor.require("schools", school_id)
    _require_readable(name)
    school = _known(store).get(school_id)
    if school is None:
        raise UnknownName(f"There is no school {school_id}.", "Choose one from the list, or add the school.")
    aliases = ";".join(str(part) for part in (school["aliases"], name.replace(";", " ").strip()) if part)
    reference.put_school(store, {**school, "aliases": aliases}, visitor.audit_name)


def change_school(store: Store, visitor: Visitor, school: dict[str, object]) -> None:
    """Replace a school's values (name, level, region, headcount). Raises UnknownName, RefusedName."""
    visitor.require("schools", str(school["school_id"]))
    known = _known(store)
    if school["school_id"] not in known:
        raise UnknownName(f"There is no school {school['school_id']}.", "Reload the page and choose one from the list.")
    if not known_as(str(school["name"] or "")):
        raise RefusedName("A school needs a name.", "Enter one and try again. Nothing was changed.")
    other = SchoolNames(queries.schools(store, EVERYTHING)).find(str(school["name"]))
    if other not in (None, school["school_id"]):
        raise RefusedName(
            f"Another school is called “{school['name']}”.", "Choose a different name. Nothing was changed."
        )
    reference.put_school(store, {**known[str(school["school_id"])], **school}, visitor.audit_name)


def add_school(store: Store, visitor: Visitor, name: str, *, level: str = "", headcount: int | None = None) -> str:
    """Add a school by name; `headcount` is the number of staff (null: unknown). Returns its new school_id.

    Raises RefusedName if a school already has this name, or the name has no letters or digits.
    """
    visitor.require("schools")
    _require_readable(name)
    known = SchoolNames(queries.schools(store, EVERYTHING))
    if school_id := known.find(name):
        raise RefusedName(
            f"There is already a school called “{known.names[school_id]}”.",
            "Choose it from the list instead of adding it.",
        )
    school_id = _new_id(name, known.names.keys() | _NO_IDS)
    school = {"school_id": school_id, "name": " ".join(name.split()), "aliases": "", "level": level, "region": ""}
    reference.put_school(store, {**school, "headcount": headcount}, visitor.audit_name)
    return school_id


def set_schools(store: Store, visitor: Visitor, listed: pl.DataFrame) -> list[str]:
    """Make `listed` (columns `reference.SCHOOL_COLUMNS`) the district's schools; returns ids that are kept although not
    listed, because they have answers.

    Raises RefusedName for a reserved id, a name without letters or digits, two schools with one name, and the name of a
    school that is kept.
    """
    visitor.require("schools")
    named: dict[str, str] = {}
    for school_id, name in listed.select("school_id", "name").iter_rows():
        if known_as(school_id) in _NO_IDS:
            raise RefusedName(
                f"No school can have the id “{school_id}”.", "Choose a different one. Nothing was changed."
            )
        _require_readable(name)
        if (other := named.setdefault(known_as(name), school_id)) != school_id:
            raise RefusedName(
                f"“{name}” is the name of {other} and of {school_id}.", "Give each its own name. Nothing was changed."
            )
    return reference.set_schools(store, listed, visitor.audit_name)


def set_roster(store: Store, visitor: Visitor, staff: pl.DataFrame) -> None:
    """Make `staff` the district's staff list: respondent (a keyed code), school_id, role, grade_band.

    Raises RefusedName for an unknown school.
    """
    visitor.require("schools")
    if unknown := set(staff["school_id"]) - _known(store).keys():
        raise RefusedName(f"There is no school {' or '.join(sorted(unknown))}.", "Set the schools first.")
    reference.set_roster(store, staff, visitor.audit_name)


def _known(store: Store) -> dict[str, dict[str, object]]:
    return {row["school_id"]: row for row in queries.schools(store, EVERYTHING).to_dicts()}


def _require_readable(name: str) -> None:
    if not known_as(name):
        raise RefusedName("This school's name has no letters or digits.", "Correct it in the file.")


def _new_id(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")[:40] or "school"
    school_id, number = base, 2
    while school_id in taken:
        school_id, number = f"{base}_{number}", number + 1
    return school_id
