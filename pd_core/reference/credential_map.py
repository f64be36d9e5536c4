"""Reads which skill and which standards credentials are for."""

from __future__ import annotations

from typing import Final

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.iste import standards_in
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import skill_named
from pd_core.storage.training_lists import COLUMNS

MAP_FILE: Final = ("credential", "skill_id", "iste")


def read_credential_map(file: str, data: bytes, codebook: Codebook) -> pl.DataFrame:
    """The rows of a list: credential, skill_id (empty: none), iste (numbers separated by `;`, empty: those of the
    skill). Raises RefusedFile that names every bad row."""
    file, rows = read_rows(file, data, MAP_FILE, required=("credential",))
    problems: list[str] = []
    found: dict[str, tuple[str, str, str]] = {}
    for number, row in rows:
        skill_id = skill_named(row["skill_id"], codebook) if row["skill_id"] else ""
        numbers, unknown = standards_in(row["iste"])
        if not row["credential"]:
            problems.append(f"row {number}: credential is empty.")
        if fold(row["credential"]) in found:
            problems.append(f"row {number}: credential “{row['credential']}” is listed already.")
        if skill_id is None:
            problems.append(f"row {number}: skill_id “{row['skill_id']}” is not in the codebook.")
        if unknown:
            problems.append(f"row {number}: iste is “{', '.join(unknown)}”; expected 2.1 to 2.7.")
        found[fold(row["credential"])] = (row["credential"], skill_id or "", ";".join(numbers))
    refuse_rows(file, problems, "Correct these rows and load the list again. Nothing was changed.")
    return pl.DataFrame(list(found.values()), schema=COLUMNS["credential_map"], orient="row")
