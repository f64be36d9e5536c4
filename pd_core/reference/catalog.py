"""Reads the catalog of trainings from CSV or XLSX files."""

from __future__ import annotations

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in, parts, skill_named
from pd_core.storage.training_lists import COLUMNS

CATALOG_FILE = ("training_id", "title", "skill_id", "kind", "minutes", "seats", "actions", "url")
MOST_TRAININGS = 2_000
MOST_MINUTES = 1_440
MOST_SEATS = 10_000
MOST_ACTIONS = 2
KINDS = ("entry", "implementation")


def read_catalog(file: str, data: bytes, codebook: Codebook) -> pl.DataFrame:
    """The trainings of a list: training_id, title, skill_id, kind (entry, implementation), minutes, seats, actions (one
    or two for the next day, separated by `;`), url (empty: none). Raises RefusedFile that names every bad row."""
    required = ("training_id", "skill_id", "kind", "minutes", "seats")
    file, rows = read_rows(file, data, CATALOG_FILE, required=required)
    if len(rows) > MOST_TRAININGS:
        raise RefusedFile(
            f"{file}: the catalog has {len(rows):,} trainings; at most {MOST_TRAININGS:,} can be planned with.",
            f"Delete the last {len(rows) - MOST_TRAININGS:,} rows, or those that are no longer given.",
        )
    problems: list[str] = []
    trainings: list[dict[str, object]] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        skill_id = skill_named(row["skill_id"], codebook)
        minutes, seats = number_in(row["minutes"], 1, MOST_MINUTES), number_in(row["seats"], 1, MOST_SEATS)
        found = _problems(row, skill_id, minutes, seats)
        if row["training_id"] in seen:
            found.append(f"training_id “{row['training_id']}” is already in row {seen[row['training_id']]}.")
        seen.setdefault(row["training_id"], number)
        problems += [f"row {number}: {problem}" for problem in found]
        trainings.append(
            {
                "training_id": row["training_id"], "title": row["title"] or row["training_id"],
                "skill_id": skill_id or "", "kind": fold(row["kind"]), "minutes": minutes or 0.0,
                "seats": int(seats or 0), "actions": ";".join(parts(row["actions"])), "url": row["url"],
            }
        )  # fmt: skip
    refuse_rows(file, problems, "Correct these rows and load the catalog again. Nothing was changed.")
    if not trainings:
        raise RefusedFile(f"{file} lists no trainings.", f"Expected a row for each: {', '.join(CATALOG_FILE)}.")
    return pl.DataFrame(trainings, schema=COLUMNS["training"])


def _problems(row: dict[str, str], skill_id: str | None, minutes: float | None, seats: float | None) -> list[str]:
    found = []
    if not row["training_id"]:
        found.append("training_id is empty.")
    if skill_id is None:
        found.append(f"skill_id “{row['skill_id']}” is not in the codebook.")
    if fold(row["kind"]) not in KINDS:
        found.append(f"kind is “{row['kind']}”; expected entry or implementation.")
    if minutes is None:
        found.append(f"minutes is “{row['minutes']}”; expected a number from 1 to {MOST_MINUTES:,}.")
    if seats is None or seats != int(seats):
        found.append(f"seats is “{row['seats']}”; expected a whole number from 1 to {MOST_SEATS:,}.")
    if len(parts(row["actions"])) > MOST_ACTIONS:
        found.append(f"actions has {len(parts(row['actions']))} parts; expected one or two, separated by “;”.")
    if row["url"] and not row["url"].casefold().startswith(("http://", "https://")):
        found.append(f"url is “{row['url']}”; expected a link that starts with https://, or nothing.")
    return found
