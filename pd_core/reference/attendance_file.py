"""Reads who attended: a list of addresses, a Teams attendance report, or a sign-in sheet as it was typed.

Headings are found by what is below them, because Teams writes them in the language of its user.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pd_core.errors import RefusedFile
from pd_core.ingestion.text_files import decoded, with_plain_line_ends
from pd_core.reference.durations import has_units, minutes_of
from pd_core.reference.list_files import read_table

MOST_MINUTES: Final = 24 * 60
MOST_PEOPLE: Final = 20_000
NO_ADDRESS: Final = "no e-mail address, so this person can't be counted"
ORGANIZER: Final = "the organizer, whose hours are the trainer's"
NO_TIME: Final = "the duration is zero"
_WRONG_TIME: Final = "expected a duration such as 1h 5m 3s, or minutes"
_TOO_LONG: Final = "longer than 24 hours"
_SECTION = re.compile(r"\s*(\d)\.\s+\S")
_MAIL = re.compile(r"e-?mail|correo|messagerie|\bupn\b|address|メール|邮件|почт", re.IGNORECASE)
_LONG = re.compile(r"dura|dauer|dur[ée]e|duur|minut|hours?\b|stunden|時間|时长|длит|varighet|czas", re.IGNORECASE)
_HOURS = re.compile(r"hours?\b|stunden|heures|horas|\bore\b", re.IGNORECASE)
_ROLE = re.compile(r"\br[oôu]l|rolle|ruolo|função|papel|役割|角色|роль", re.IGNORECASE)
_ORGANIZER = re.compile(r"(co-?)?organi[sz]|veranstalter|開催者|组织者|организатор", re.IGNORECASE)


@dataclass(frozen=True)
class Attendee:
    """A person of a list: the row where they are first, their addresses in order (empty: none), their minutes (null:
    the list does not say), and why the row can't be used (empty: it can)."""

    row: int
    addresses: tuple[str, ...]
    minutes: float | None
    problem: str = ""
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class AttendanceFile:
    """A file that was read: `form` says what it is."""

    file: str
    form: str
    people: tuple[Attendee, ...]


def read_attendance(file: str, data: bytes) -> AttendanceFile:
    """The people of a file, each once in a Teams report, and each row in a list. Raises RefusedFile."""
    file, table = _table(file, data)
    numbered, section = _participants(table)
    header, rows = _header(section)
    columns = _Columns(header, [cells for _, cells in rows])
    if not columns.addresses:
        raise RefusedFile(
            f"{file} holds no e-mail address.",
            "Expected a column of addresses, or the attendance report as Teams gives it. Nothing was changed.",
        )
    if len(rows) > MOST_PEOPLE:
        raise RefusedFile(f"{file} has {len(rows):,} rows; at most {MOST_PEOPLE:,} are read.", "Split it by session.")
    is_report = numbered or (columns.role is not None and columns.duration is not None)
    found = [one for number, cells in rows for one in columns.people(number, cells)]
    if is_report:
        return AttendanceFile(file, "Teams attendance report", tuple(_joined(found)))
    return AttendanceFile(file, "list of people", tuple(found))


def _table(file: str, data: bytes) -> tuple[str, list[list[str]]]:
    if data.startswith(b"PK"):
        return read_table(file, data)
    text = with_plain_line_ends(decoded(file, data)).replace("\r\n", "\n")
    lines = text.split("\n")
    marks = {mark: sum(mark in line for line in lines) for mark in "\t;,"}
    # A time such as 11/28/26, 3:30 PM holds a comma, so where there are tabs they separate.
    mark = "\t" if marks["\t"] > 1 else ";" if marks[";"] > marks[","] else ","
    try:
        return file, list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise RefusedFile(f"{file} is a damaged CSV file.", "Save it again as CSV. Nothing was changed.") from error


Row = tuple[int, list[str]]


def _participants(table: Sequence[Sequence[str]]) -> tuple[bool, list[Row]]:
    """Whether the file has numbered sections, and the rows of the one that lists people: the second, else the third."""
    sections: dict[int, list[Row]] = {0: []}
    current = 0
    for number, cells in enumerate(table, 1):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) == 1 and (start := _SECTION.match(filled[0])):
            current = int(start[1])
        elif filled:
            sections.setdefault(current, []).append((number, [cell.strip() for cell in cells]))
    for chosen in (2, 3):
        if any("@" in cell for _, cells in sections.get(chosen, ()) for cell in cells):
            return True, sections[chosen]
    return False, [row for rows in sections.values() for row in rows]


def _header(rows: list[Row]) -> tuple[list[str], list[Row]]:
    """The headings and the rows below them; no headings where the first row is a person already."""
    first = next((place for place, (_, cells) in enumerate(rows) if any("@" in cell for cell in cells)), None)
    if first is None:
        return [], []
    for place, (_, cells) in enumerate(rows[:first]):
        if any(_MAIL.search(cell) for cell in cells) or (
            any(_ROLE.search(cell) for cell in cells) and any(_LONG.search(cell) for cell in cells)
        ):
            return cells, rows[place + 1 :]
    return (rows[first - 1][1], rows[first:]) if first else ([], rows)


class _Columns:
    """Which column holds what."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        width = max(map(len, rows), default=0)
        names = [*header, *[""] * (width - len(header))]
        cells = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
        mails = [place for place in range(width) if any("@" in cell for cell in cells[place])]
        self.addresses = sorted(mails, key=lambda place: "upn" in names[place].casefold())
        others = [place for place in range(width) if place not in mails]
        named = [place for place in others if _LONG.search(names[place]) and any(map(minutes_of, cells[place]))]
        told = [place for place in others if cells[place] and any(map(has_units, cells[place]))]
        self.duration = next(iter([*(place for place in named if place in told), *told, *named]), None)
        self.role = next((place for place in others if _ROLE.search(names[place])), None)
        if self.role is None:
            self.role = next((place for place in others[1:] if any(map(_ORGANIZER.match, cells[place]))), None)
        self.has_header = bool(header)
        self.name = names[self.duration] if self.duration is not None else ""
        self.per_number = 60.0 if _HOURS.search(self.name) else 1.0

    def people(self, number: int, cells: Sequence[str]) -> Iterator[Attendee]:
        """The people of one row: one, or where a typed line lists several addresses, each of them."""

        def cell(place: int | None) -> str:
            return cells[place] if place is not None and place < len(cells) else ""

        addresses = tuple(dict.fromkeys(found for place in self.addresses if "@" in (found := cell(place))))
        written = cell(self.duration)
        minutes = minutes_of(written, self.per_number) if written else None
        problem, column, value = "", "", ""
        if not addresses:
            problem = NO_ADDRESS
        elif self.role is not None and _ORGANIZER.match(cell(self.role)):
            problem = ORGANIZER
        elif written and minutes is None:
            problem, column, value = _WRONG_TIME, self.name, written
        elif minutes == 0:
            problem, column, value = NO_TIME, self.name, written
        elif minutes is not None and minutes > MOST_MINUTES:
            problem, column, value = _TOO_LONG, self.name, written
        if self.has_header or not addresses:
            yield Attendee(number, addresses, minutes, problem, column, value)
        else:
            for address in addresses:
                yield Attendee(number, (address,), minutes, problem, column, value)


def _joined(people: Sequence[Attendee]) -> list[Attendee]:
    """Each person once, with the time of all the times that they joined; an organizer stays one."""
    found: dict[object, Attendee] = {}
    for one in people:
        key = tuple(address.casefold() for address in one.addresses) or one.row
        known = found.get(key)
        if known is None:
            found[key] = one
        elif known.problem not in ("", NO_TIME) or one.problem:
            found[key] = one if known.problem == NO_TIME and not one.problem else known
        else:
            minutes = (known.minutes or 0) + (one.minutes or 0)
            found[key] = replace(known, minutes=min(minutes, MOST_MINUTES) or None)
    return list(found.values())
