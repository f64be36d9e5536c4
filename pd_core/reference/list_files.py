"""Reads the district's schools and its roster from CSV or XLSX files."""

from __future__ import annotations

import csv
import io
import re
from pathlib import PurePath

import fastexcel
import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import Codebook, fold
from pd_core.disclosure.suppressed_frames import OTHER_ROLES, SMALL_SCHOOLS
from pd_core.errors import RefusedFile
from pd_core.ingestion.reading import check_bytes
from pd_core.ingestion.scales import Scale
from pd_core.ingestion.text_files import MAX_COLUMNS, decoded, with_plain_line_ends
from pd_core.ingestion.workbook_limits import check_workbook
from pd_core.pseudonyms import respondent_code
from pd_core.school_names import SchoolNames
from pd_core.storage.reference import SCHOOL_COLUMNS, SUCCESSOR

_UNPROTECTED = re.compile(r"^'(?=[=+\-@\t])")
ROSTER_FILE = ("email", "school_id", "role", "grade_band")


def read_schools(file: str, data: bytes) -> pl.DataFrame:
    """Read a list of schools: school_id, name, aliases, level, region, headcount (null: unknown), and successor where
    the file has that column (the school into which one was merged, empty: none).

    `school_id` and `name` are required. Raises RefusedFile that lists every bad row.
    """
    has_successors = SUCCESSOR in [fold(cell) for cell in next(iter(read_table(file, data)[1]), [])]
    columns = (*SCHOOL_COLUMNS, SUCCESSOR) if has_successors else SCHOOL_COLUMNS
    file, rows = read_rows(file, data, columns, required=("school_id", "name"))
    problems: list[str] = []
    schools: list[dict[str, object]] = []
    seen: dict[str, int] = {}
    called: dict[str, int] = {}
    for number, row in rows:
        names = dict.fromkeys(filter(None, map(fold, (row["school_id"], row["name"], *row["aliases"].split(";")))))
        taken = next((name for name in names if name in called), None)
        school_id, headcount = row["school_id"], row["headcount"].removesuffix(".0")
        if not school_id or not row["name"]:
            problems.append(f"row {number}: school_id or name is empty.")
        elif fold(school_id) == DISTRICT:
            problems.append(f"row {number}: school_id “{school_id}” is reserved for the district. Choose another.")
        elif fold(school_id) == fold(SMALL_SCHOOLS) or fold(school_id).endswith(fold(OTHER_ROLES)):
            problems.append(f"row {number}: school_id “{school_id}” is reserved for small groups. Choose another.")
        elif school_id in seen:
            problems.append(f"row {number}: school_id “{school_id}” is already in row {seen[school_id]}.")
        elif taken is not None:
            problems.append(
                f"row {number}: the name “{taken}” already belongs to row {called[taken]}. "
                "A name, id or alias can belong to only one school."
            )
        elif headcount and not (headcount.isdecimal() and len(headcount) < 7 and int(headcount)):
            problems.append(f"row {number}: headcount is “{headcount}”; expected a number of staff, or an empty cell.")
        else:
            seen[school_id] = number
            called |= dict.fromkeys(names, number)
            schools.append({**row, "headcount": int(headcount) if headcount else None})
    problems += _wrong_successors(rows, seen)
    refuse_rows(file, problems, "Correct these rows and load the list again. Nothing was changed.")
    if not schools:
        raise RefusedFile(f"{file} lists no schools.", f"Expected one row per school: {', '.join(SCHOOL_COLUMNS)}.")
    schema = {name: pl.Int64 if name == "headcount" else pl.String for name in columns}
    return pl.DataFrame(schools, schema=schema)


def _wrong_successors(rows: list[tuple[int, dict[str, str]]], listed: dict[str, int]) -> list[str]:
    """Rows whose successor is not listed, is the school itself, or leads back to it."""
    successors = {row["school_id"]: row[SUCCESSOR] for _, row in rows if row.get(SUCCESSOR)}
    problems = []
    for number, row in rows:
        school_id, successor = row["school_id"], row.get(SUCCESSOR, "")
        if successor and successor not in listed:
            problems.append(f"row {number}: successor “{successor}” is not a school_id of this list.")
            continue
        passed = {school_id}
        while successor and successor not in passed:
            passed.add(successor)
            successor = successors.get(successor, "")
        if successor == school_id:
            problems.append(f"row {number}: “{school_id}” is its own successor, or that of its successor.")
    return problems


def read_roster(file: str, data: bytes, codebook: Codebook, schools: SchoolNames, key: bytes) -> pl.DataFrame:
    """Read a staff list: respondent (a code instead of the address), school_id, role, grade_band (null: unknown).

    Raises RefusedFile that lists every bad row, without addresses.
    """
    file, rows = read_rows(file, data, ROSTER_FILE, required=("email", "school_id"))
    scales = {name: Scale(codebook.scales[name]) for name in ROSTER_FILE[2:] if name in codebook.scales}
    problems: list[str] = []
    staff: list[tuple[str | None, ...]] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        respondent = respondent_code(row["email"], key)
        school_id = schools.find(row["school_id"])
        if respondent is None:
            problems.append(f"row {number}: email is not an e-mail address.")
        elif school_id is None:
            hint = schools.suggestion(row["school_id"], " Load the schools first.")
            problems.append(f"row {number}: school_id “{row['school_id']}” is not in the list of schools.{hint}")
        elif respondent in seen:
            problems.append(f"row {number}: this address is already in row {seen[respondent]}.")
        else:
            seen[respondent] = number
            staff.append((respondent, school_id, *(_code(scales.get(name), row[name]) for name in ROSTER_FILE[2:])))
    refuse_rows(file, problems, "Correct these rows and load the roster again. Nothing was changed.")
    if not staff:
        raise RefusedFile(f"{file} lists no staff.", f"Expected one row per person: {', '.join(ROSTER_FILE)}.")
    return pl.DataFrame(staff, schema=dict.fromkeys(("respondent", *ROSTER_FILE[1:]), pl.String), orient="row")


def read_mapping(file: str, data: bytes) -> pl.DataFrame:
    """What a form's words mean, from a file with the columns subject, answer, code; others are not read.

    A question that is left out has no code. Raises RefusedFile.
    """
    _, rows = read_rows(file, data, ("subject", "answer", "code"), required=("subject", "code"))
    # A sign in front keeps Excel from taking a text for a formula; it is no part of the text.
    texts = ([_UNPROTECTED.sub("", row[name]) or None for name in ("subject", "answer", "code")] for _, row in rows)
    found = [tuple(row) for row in texts if row[0]]
    return pl.DataFrame(found, schema=dict.fromkeys(("subject", "answer", "code"), pl.String), orient="row")


def _code(scale: Scale | None, text: str) -> str | None:
    if scale is None or not text:
        return None
    if any(choice.code == text for choice in scale.choices):
        return text
    return scale.decode([text])[text]


def read_rows(
    file: str, data: bytes, columns: tuple[str, ...], required: tuple[str, ...]
) -> tuple[str, list[tuple[int, dict[str, str]]]]:
    """Read a file's name without folders, and its non-empty rows, each with its row number.

    A row has all of `columns` as trimmed text. Raises RefusedFile if a required column is missing.
    """
    file, table = read_table(file, data)
    if not table:
        raise RefusedFile(f"{file} is empty.", f"Expected the columns {', '.join(columns)}.")
    headers = [fold(cell) for cell in table[0]]
    if missing := [name for name in required if name not in headers]:
        there = ", ".join(filter(None, headers)) or "nothing"
        raise RefusedFile(
            f"{file}: column {', '.join(missing)} is missing; its first row has {there}.",
            f"Expected the columns {', '.join(columns)}.",
        )
    places = {name: headers.index(name) for name in columns if name in headers}
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in cells):
            row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
            rows.append((number, {name: row.get(name, "") for name in columns}))
    return file, rows


def read_table(file: str, data: bytes) -> tuple[str, list[list[str]]]:
    """A file's name without folders, and all cells of a CSV file or of a workbook's first sheet as text."""
    file = PurePath(file.replace("\\", "/")).name
    check_bytes(file, len(data))
    return file, _workbook(file, data) if data.startswith(b"PK") else _csv(file, decoded(file, data))


def _csv(file: str, text: str) -> list[list[str]]:
    text = with_plain_line_ends(text)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    if (columns := first.count(delimiter) + 1) > MAX_COLUMNS:
        raise RefusedFile(f"{file} has {columns:,} columns (at most {MAX_COLUMNS} are read).", "Delete added columns.")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RefusedFile(f"{file} is a damaged CSV file.", "Save it again as .xlsx or CSV.") from error


def _workbook(file: str, data: bytes) -> list[list[str]]:
    check_workbook(file, data, MAX_COLUMNS)
    try:
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        return [[cell or "" for cell in row] for row in sheet.to_polars().iter_rows()]
    except fastexcel.FastExcelError as error:
        raise RefusedFile(
            f"{file} is a damaged workbook and cannot be read.", "Save it again as .xlsx or CSV."
        ) from error


def refuse_rows(file: str, problems: list[str], remedy: str) -> None:
    """Raise RefusedFile if there are any problems, each a sentence about one row."""
    if problems:
        raise RefusedFile(f"{file} has {len(problems)} row(s) that cannot be used.", remedy, problems)
