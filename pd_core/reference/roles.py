"""Reads people's roles and schools from CSV or XLSX files."""

from __future__ import annotations

import polars as pl

from pd_core.access import EVERYWHERE, GIVEN_ROLES, ROLES, Role
from pd_core.codebook import fold
from pd_core.config import is_address
from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.school_names import SchoolNames
from pd_core.storage.roles import PERSON_COLUMNS

_ROLES: dict[str, Role] = {fold(name): role for role in GIVEN_ROLES for name in (role, ROLES[role])}


def read_people(file: str, data: bytes, schools: SchoolNames) -> pl.DataFrame:
    """Read a list of people: email (in lower case), role, school_ids (separated by `;`; empty: the district).

    Roles can be codes or labels, schools any of their names. Raises RefusedFile that lists every bad row, without
    addresses.
    """
    file, rows = read_rows(file, data, PERSON_COLUMNS, required=PERSON_COLUMNS)
    problems: list[str] = []
    people: list[tuple[str, str, str]] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        email, role = row["email"].casefold(), _ROLES.get(fold(row["role"]))
        named = [name.strip() for name in row["school_ids"].split(";") if name.strip()]
        found = {name: schools.find(name) for name in named}
        unknown = [name for name in named if found[name] is None]
        if not is_address(email):
            problems.append(f"row {number}: email is not an e-mail address.")
        elif email in seen:
            problems.append(f"row {number}: this address is already in row {seen[email]}.")
        elif role is None:
            problems.append(f"row {number}: role is {_shown(row['role'])}; the roles are {', '.join(GIVEN_ROLES)}.")
        elif role in EVERYWHERE:
            people.append((email, role, ""))
        elif not named:
            problems.append(f"row {number}: the role {role} needs at least one school in school_ids.")
        elif unknown:
            problems += [f"row {number}: {_unknown(name, schools)}" for name in unknown]
        else:
            people.append((email, role, ";".join(sorted(set(filter(None, found.values()))))))
        seen.setdefault(email, number)
    refuse_rows(file, problems, "Correct these rows and load the list again. Nothing was changed.")
    if not people:
        raise RefusedFile(f"{file} lists no people.", f"Expected one row per person: {', '.join(PERSON_COLUMNS)}.")
    return pl.DataFrame(people, schema=dict.fromkeys(PERSON_COLUMNS, pl.String), orient="row")


def _unknown(name: str, schools: SchoolNames) -> str:
    known = " The list of schools has the known ones."
    hint = known if "@" in name else schools.suggestion(name, known)
    return f"school {_shown(name)} is not in the list of schools, or two have that name.{hint}"


def _shown(value: str) -> str:
    """A cell's text, unless it is an address: columns may have been swapped."""
    return "an address" if "@" in value else f"“{value}”"
