"""Writes a made-up district as the files a real one has: Forms exports, a list of schools, a roster.

Its schools, rates and strengths are data in data/sample; the questions and answers come from the codebook.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from xlsxwriter.exceptions import XlsxWriterException

from pd_core.codebook import LEVEL_KINDS, PROFICIENT, SAMR_LEVELS, SET_KINDS, Codebook, Item
from pd_core.config import ROOT
from pd_core.errors import UserError
from pd_core.sample_files import Cell, headers, write_csv, write_export

SEED = "PD Pulse sample"
SCHOOL_COLUMNS = ("school_id", "name", "aliases", "level", "region", "headcount")
ROSTER_COLUMNS = ("email", "school_id", "role", "grade_band")
DATES = ("opens", "reminder", "closes")
COLUMNS = {
    "waves.csv": ("wave_id", *DATES, "turnover_share", "anonymous_share", "repeat_share", "comment_share"),
    "schools.csv": SCHOOL_COLUMNS,
    "school_waves.csv": ("wave_id", "school_id", "response_share", "tilt"),
    "school_skills.csv": ("wave_id", "school_id", "skill_id", "tilt"),
    "skills.csv": ("wave_id", "skill_id", "difficulty", "samr_depth"),
    "roles.csv": ("role", "weight", "teaches", "answer"),
    "grade_bands.csv": ("who", "grade_band", "weight"),
    "wishes.csv": ("item_id", "code", "skill_id", "share", "answer"),
    "comments.csv": ("comment",),
}
# A person's skill is the sum of a general ability, a preference for the application, and noise: together about one
# standard deviation. The cuts turn it into a level; half of the people are above 0.
ABILITY, LIKING, MOOD = 0.75, 0.55, 0.3
PROFICIENCY_CUTS = (-1.0, 0.0, 1.2)
SAMR_CUTS = (-1.2, 0.0, 0.9, 1.8)
BLANK_SHARE = 0.015

_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*]')

Row = dict[str, str]


@dataclass(frozen=True)
class SampleFiles:
    """The files written; `exports` has one workbook for each school and wave with answers."""

    schools: Path
    roster: Path
    exports: list[Path]


@dataclass(frozen=True)
class _Person:
    email: str
    name: str
    role: Row
    grade_band: str
    ability: float
    willingness: float
    likings: dict[str, float]


class _Story:
    """The tables of data/sample, checked, with the lookups that the writer needs."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[str] = []
        self.tables = {name: self._read(folder / name) for name in COLUMNS}
        self._found: dict[tuple[object, ...], list[Row]] = {}
        self.waves, self.schools = self.tables["waves.csv"], self.tables["schools.csv"]
        self.comments = [row["comment"] for row in self.tables["comments.csv"]] or [""]
        self._check_ids("wave_id", {row["wave_id"] for row in self.waves} | {""})
        self._check_ids("school_id", {row["school_id"] for row in self.schools})
        if self.problems:
            raise UserError(
                f"The made-up district in {folder} has {len(self.problems)} problem(s).",
                "Correct the rows named above and try again.",
                self.problems,
            )

    def _read(self, path: Path) -> list[Row]:
        name = path.name
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}: cannot be read as UTF-8 text from {path.parent} ({error}).")
            return []
        table = csv.DictReader(lines, restval="", restkey="_more")
        missing = [column for column in COLUMNS[name] if column not in (table.fieldnames or ())]
        if missing:
            self.problems.append(f"{name}, row 1: column {', '.join(missing)} is missing.")
            return []
        rows = [{column: row[column].strip() for column in COLUMNS[name]} for row in table]
        cells = [(number, *cell) for number, row in enumerate(rows, start=2) for cell in row.items()]
        for number, column, value in cells:
            if not _is_valid(column, value):
                self.problems.append(f"{name}, row {number}: {column} is {value!r}, which cannot be used there.")
        return rows

    def _check_ids(self, column: str, known: set[str]) -> None:
        for name, rows in self.tables.items():
            for number, row in enumerate(rows, start=2):
                if row.get(column, "") not in known and column in row:
                    self.problems.append(f"{name}, row {number}: {column} {row[column]!r} is not known.")

    def rows(self, table: str, **where: str) -> list[Row]:
        """The rows of a table that fit; an empty cell fits anything. Found once: each person asks for the same."""
        asked = (table, *where.items())
        if asked not in self._found:
            rows = self.tables[table]
            self._found[asked] = [row for row in rows if all(row[key] in ("", value) for key, value in where.items())]
        return self._found[asked]

    def number(self, table: str, column: str, **where: str) -> float:
        """The sum of a column over the rows that fit, 0 where none does."""
        return sum(float(row[column] or 0) for row in self.rows(table, **where))


def _is_valid(column: str, value: str) -> bool:
    try:
        if column in DATES:
            date.fromisoformat(value)
        elif column.endswith("share"):
            return 0 <= float(value or 0) <= 1
        elif column in ("headcount", "weight"):
            return int(value) > 0
        elif column in ("tilt", "difficulty", "samr_depth"):
            float(value or 0)
    except ValueError:
        return False
    return column not in ("name", "role", "comment") or bool(value)


def write_sample(directory: Path, codebook: Codebook, profile: Path = ROOT / "data" / "sample") -> SampleFiles:
    """Write the made-up district of `profile` to `directory`; the output is always the same.

    `schools.csv` and `roster.csv` have the columns SCHOOL_COLUMNS and ROSTER_COLUMNS; the roster is the last wave's.
    Raises UserError if the profile cannot be used or the directory cannot be written.
    """
    story = _Story(profile)
    roster: list[Sequence[str]] = []
    exports: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for school in story.schools:
            staff: list[_Person] = []
            for wave in story.waves:
                staff = _staff(story, codebook, school, wave, staff)
                rows = _responses(story, codebook, school, wave, staff)
                if rows:
                    name = f"{wave['wave_id']} {school['name']}(1-{len(rows)}).xlsx"
                    exports.append(directory / _NO_FILE_NAME.sub(" ", name))
                    write_export(exports[-1], headers(_items(codebook, wave)), rows, date.fromisoformat(wave["closes"]))
            roster += [(who.email, school["school_id"], who.role.get("role", ""), who.grade_band) for who in staff]
        files = SampleFiles(directory / "schools.csv", directory / "roster.csv", sorted(exports))
        write_csv(files.schools, SCHOOL_COLUMNS, [list(school.values()) for school in story.schools])
        write_csv(files.roster, ROSTER_COLUMNS, roster)
    except (OSError, XlsxWriterException) as error:
        raise UserError(
            f"The sample could not be written to {directory}: {error}.",
            "Choose a folder you may write to, and close its files in other programs.",
        ) from error
    return files


def _staff(story: _Story, codebook: Codebook, school: Row, wave: Row, before: Sequence[_Person]) -> list[_Person]:
    """The school's staff in a wave: the previous wave's staff without the leavers, plus new people in their places."""
    headcount = int(school["headcount"])
    rng = Random(f"{SEED} staff {school['school_id']} {wave['wave_id']}")
    stay = headcount - round(headcount * float(wave["turnover_share"] or 0))
    staff = sorted(rng.sample(before, min(stay, len(before))), key=before.index)
    # Numbering continues from wave to wave, so that a newcomer never gets a leaver's address.
    first = 1 + max((int(person.name.split()[-1]) for person in before), default=0)
    for number in range(first, first + headcount - len(staff)):
        role = _draw(story.tables["roles.csv"], "role", codebook, rng)
        # A role's own grade bands take precedence over those of the school's level.
        groups = (story.rows("grade_bands.csv", who=who) for who in (role.get("role", ""), school["level"]))
        bands: list[Row] = next(filter(None, groups), [])
        band = _draw(bands, "grade_band", codebook, rng).get("grade_band", "")
        address = f"sample.person{number}.{school['school_id']}@example.org"
        likings = {skill_id: rng.gauss(0, 1) for skill_id in codebook.skills}
        name = f"Sample Person {number}"
        staff.append(_Person(address, name, role, band, rng.gauss(0, 1), rng.gauss(0, 1), likings))
    return staff


def _draw(rows: Sequence[Row], scale_id: str, codebook: Codebook, rng: Random) -> Row:
    """One of the rows, drawn by weight; empty if the codebook has none of their codes."""
    known = {choice.code for choice in codebook.scales.get(scale_id, ())}
    rows = [row for row in rows if row[scale_id] in known]
    return rng.choices(rows, [int(row["weight"]) for row in rows])[0] if rows else {}


def _responses(story: _Story, codebook: Codebook, school: Row, wave: Row, staff: Sequence[_Person]) -> list[list[Cell]]:
    """The export's rows in order of completion; people who answer twice have two rows."""
    where = {"school_id": school["school_id"], "wave_id": wave["wave_id"]}
    rng = Random(f"{SEED} answers {where}")
    willing = sorted(staff, key=lambda person: person.willingness + rng.gauss(0, 1), reverse=True)
    found: list[tuple[datetime, list[Cell]]] = []
    for person in willing[: round(len(staff) * story.number("school_waves.csv", "response_share", **where))]:
        is_anonymous = rng.random() < float(wave["anonymous_share"] or 0)
        # A second answer without an address would count as a second person.
        answers_twice = not is_anonymous and rng.random() < float(wave["repeat_share"] or 0)
        for _ in range(1 + answers_twice):
            start = _start(wave, rng)
            end = start + timedelta(seconds=rng.randint(150, 840))
            who: list[Cell] = ["anonymous", None] if is_anonymous else [person.email, person.name]
            found.append((end, [start, end, *who, None, *_answers(story, codebook, school, wave, person, rng)]))
    found.sort(key=lambda pair: pair[0])
    return [[number, *cells] for number, (_, cells) in enumerate(found, start=1)]


def _start(wave: Row, rng: Random) -> datetime:
    """A time on a working day; most people answer soon after the survey opens or the reminder arrives."""
    opens, reminder, closes = (date.fromisoformat(wave[column]) for column in DATES)
    day = min(rng.choice((opens, reminder)) + timedelta(days=int(rng.expovariate(0.35))), closes)
    day -= timedelta(days=max(0, day.weekday() - 4))
    return datetime.combine(max(day, opens), time(7, 10)) + timedelta(seconds=rng.randint(0, 9 * 3600))


def _items(codebook: Codebook, wave: Row) -> list[Item]:
    year = date.fromisoformat(wave["opens"]).year
    skills = {skill_id for skill_id, skill in codebook.skills.items() if skill.is_asked_in(year)} | {""}
    return [item for item in codebook.items.values() if item.skill_id in skills]


def _answers(story: _Story, codebook: Codebook, school: Row, wave: Row, person: _Person, rng: Random) -> list[Cell]:
    where = {"school_id": school["school_id"], "wave_id": wave["wave_id"]}
    tilt = story.number("school_waves.csv", "tilt", **where)
    levels: dict[str, int] = {}
    for skill_id in codebook.skills:
        skill = person.ability * ABILITY + person.likings[skill_id] * LIKING + rng.gauss(0, MOOD)
        skill += tilt + story.number("school_skills.csv", "tilt", skill_id=skill_id, **where)
        skill -= story.number("skills.csv", "difficulty", skill_id=skill_id, wave_id=wave["wave_id"])
        levels[skill_id] = bisect_right(PROFICIENCY_CUTS, skill)
    known = {"school": school["name"], "role": person.role.get("answer")}
    known_codes = {"role": person.role.get("role", ""), "grade_band": person.grade_band}
    cells: list[Cell] = []
    for item in _items(codebook, wave):
        labels = codebook.labels(item.scale_id) if item.scale_id else {}
        answer = known.get(item.kind) or labels.get(known_codes.get(item.kind, ""))
        if item.kind == "proficiency":
            answer = labels[str(levels[item.skill_id])]
        elif item.kind == "samr" and levels[item.skill_id] and person.role.get("teaches") == "yes":
            depth = story.number("skills.csv", "samr_depth", skill_id=item.skill_id, wave_id=wave["wave_id"])
            depth += 0.5 * (levels[item.skill_id] - PROFICIENT) + 0.5 * person.ability + rng.gauss(0, 0.9)
            answer = labels[SAMR_LEVELS[bisect_right(SAMR_CUTS, depth)]]
        elif item.kind in SET_KINDS:
            answer = _wishes(story, labels, item, levels, rng)
        elif item.kind == "comment" and rng.random() < float(wave["comment_share"] or 0):
            answer = rng.choice(story.comments)
        is_skipped = item.kind in LEVEL_KINDS and rng.random() < BLANK_SHARE
        cells.append(None if is_skipped else answer)
    return cells


def _wishes(story: _Story, labels: dict[str, str], item: Item, levels: dict[str, int], rng: Random) -> str | None:
    """A multiple-choice answer as Forms writes it: in click order, with `;` after each choice."""
    chosen = []
    for row in story.rows("wishes.csv", item_id=item.item_id):
        needs_help = levels.get(row["skill_id"], 0) < PROFICIENT
        if row["code"] in labels and rng.random() < float(row["share"] or 0) / (1 if needs_help else 3):
            chosen.append(row["answer"] or labels[row["code"]])
    rng.shuffle(chosen)
    return "".join(f"{answer};" for answer in chosen) or None
