"""The survey as data: its questions, their wordings, and what the answers mean. Read from data/codebook."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from pd_core.errors import CodebookError

PROFICIENT = 2
SAMR_LEVELS = ("none", "S", "A", "M", "R")
OTHER = "other"
THEN = "then"
"""The kind of a question that asks people, looking back, how well they used a skill then: answered like `proficiency`,
kept in a column of its own, and never mixed with what was answered then."""
LEVEL_KINDS = ("proficiency", "samr", THEN)
SCALES = {THEN: "proficiency"}
"""The scale of a kind of levels, where it has another name."""
CHOICE_KINDS = ("role", "grade_band")
SET_KINDS = ("topics", "times")
KINDS = ("school", *CHOICE_KINDS, *LEVEL_KINDS, *SET_KINDS, "comment")
LEADING_FIELDS = ("id", "start", "end", "email", "name", "modified", "language", "points", "feedback", "quiz_prefix")
COLUMNS = {
    "skills.csv": ("skill_id", "name", "iste_standard", "from", "until"),
    "items.csv": ("item_id", "kind", "skill_id", "scale_id", "tag", "wording", "other_wordings"),
    "grids.csv": ("kind", "title"),
    "scales.csv": ("scale_id", "code", "level", "label", "synonyms"),
    "leading_headers.csv": ("field", "language", "header"),
}
OPTIONAL_COLUMNS = {"scales.csv": ("teaches",)}
"""Columns that a file may leave out."""
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")
_YEAR = re.compile(r"(19|20)\d\d")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,20}")
_PLAIN = str.maketrans(
    "\u2018\u2019\u201a\u02bc\u201c\u201d\u201e\u2010\u2011\u2012\u2013\u2014\u2212", "''''\"\"\"------"
)
_BLANKS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Text normalized for comparison: one Unicode form, one case, plain quotes and dashes, single spaces."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).translate(_PLAIN)).strip().casefold()


@dataclass(frozen=True)
class Skill:
    """An application or practice, asked about from `from_year` to `until_year` (null: unbounded)."""

    skill_id: str
    name: str
    iste_standard: str
    from_year: int | None
    until_year: int | None

    def is_asked_in(self, year: int) -> bool:
        """Whether the survey of that year asks for this skill."""
        return (self.from_year or year) <= year <= (self.until_year or year)


@dataclass(frozen=True)
class Choice:
    """One answer of a scale. `level` orders it (0 is lowest); null where answers have no order. `teaches`: of a role,
    whether its people teach."""

    code: str
    level: int | None
    label: str
    wordings: tuple[str, ...]
    teaches: bool = True


@dataclass(frozen=True)
class Item:
    """One question. `wordings` are all its known headers, the form's own first."""

    item_id: str
    kind: str
    skill_id: str
    scale_id: str
    tag: str
    wordings: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What a form has in brackets in front of the question: its tag or, without one, a mark made of its id."""
        return self.tag or f"Q-{hashlib.sha256(self.item_id.encode()).hexdigest()[:5]}"


@dataclass(frozen=True)
class Codebook:
    """Skills, items, grid titles, scales and leading headers, checked against each other."""

    skills: dict[str, Skill]
    items: dict[str, Item]
    grid_titles: dict[str, tuple[str, ...]]
    scales: dict[str, tuple[Choice, ...]]
    leading: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def items_by_wording(self) -> dict[str, tuple[Item, ...]]:
        """Folded wording to the items that have it: one, or two if two grids ask about the same applications."""
        found: dict[str, list[Item]] = {}
        for item in self.items.values():
            for wording in item.wordings:
                found.setdefault(fold(wording), []).append(item)
        return {wording: tuple(items) for wording, items in found.items()}

    @cached_property
    def fields_by_header(self) -> dict[str, str]:
        """Folded header of a leading column to its field."""
        return {fold(header): name for name, headers in self.leading.items() for header in headers}

    @cached_property
    def items_by_mark(self) -> dict[str, Item]:
        """Folded mark to its item."""
        return {fold(item.mark): item for item in self.items.values()}

    def items_of(self, *kinds: str) -> list[Item]:
        """The items of these kinds, in the codebook's order."""
        return [item for item in self.items.values() if item.kind in kinds]

    def level_labels(self, kind: str) -> dict[int, str]:
        """Level to label for `proficiency` or `samr`."""
        return {choice.level: choice.label for choice in self.scales[kind] if choice.level is not None}

    @cached_property
    def other_roles(self) -> frozenset[str]:
        """Codes of the roles that do not teach; who tells no role counts as one who does."""
        scales = {item.scale_id for item in self.items_of("role")}
        return frozenset(choice.code for scale in scales for choice in self.scales[scale] if not choice.teaches)

    def labels(self, scale_id: str) -> dict[str, str]:
        """Code to label of a scale."""
        return {choice.code: choice.label for choice in self.scales[scale_id]}


class _Reader:
    """Reads the files and collects every problem, to report them all at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def problem(self, file: str, row: int, text: str) -> None:
        self.problems.append(f"{file}, row {row}: {text}")

    def rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        try:
            text = (self.folder / name).read_text(encoding="utf-8-sig")
        except OSError as error:
            self.problems.append(f"{name}: cannot be read from {self.folder} ({error.strerror}).")
            return
        except UnicodeDecodeError:
            self.problems.append(f"{name}: is not UTF-8 text. In Excel, save it as “CSV UTF-8”.")
            return
        table = csv.DictReader(text.splitlines(keepends=True), restkey="_more")
        missing = [column for column in COLUMNS[name] if column not in (table.fieldnames or ())]
        if missing:
            self.problem(name, 1, f"column {', '.join(missing)} is missing; expected {', '.join(COLUMNS[name])}.")
            return
        for number, row in enumerate(table, start=2):
            if any(cell.strip() for cell in row.pop("_more", ()) or ()):
                self.problem(name, number, "has more cells than the header. Put text that holds a comma in quotes.")
            elif any((value or "").strip() for value in row.values()):
                known = (*COLUMNS[name], *(column for column in OPTIONAL_COLUMNS.get(name, ()) if column in row))
                yield number, {column: (row[column] or "").strip() for column in known}

    def identifier(self, file: str, row: int, column: str, value: str, taken: dict[str, object]) -> bool:
        if not _IDENTIFIER.fullmatch(value):
            self.problem(file, row, f"{column} is {value!r}; expected a-z, digits and _, starting with a letter.")
        elif value in taken:
            self.problem(file, row, f"{column} {value!r} appears twice. Delete or rename one of the two rows.")
        else:
            return True
        return False

    def year(self, row: int, column: str, value: str) -> int | None:
        if value and not _YEAR.fullmatch(value):
            self.problem("skills.csv", row, f"{column} is {value!r}; expected a year such as 2026, or nothing.")
            return None
        return int(value) if value else None

    def skills(self) -> dict[str, Skill]:
        skills: dict[str, Skill] = {}
        for number, row in self.rows("skills.csv"):
            years = self.year(number, "from", row["from"]), self.year(number, "until", row["until"])
            if not row["name"]:
                self.problem("skills.csv", number, "name is empty. Enter what people call this skill.")
            if self.identifier("skills.csv", number, "skill_id", row["skill_id"], dict(skills)):
                skills[row["skill_id"]] = Skill(row["skill_id"], row["name"], row["iste_standard"], *years)
        return skills

    def scales(self) -> dict[str, tuple[Choice, ...]]:
        scales: dict[str, dict[str, Choice]] = {}
        wordings: dict[tuple[str, str], int] = {}
        for number, row in self.rows("scales.csv"):
            choices = scales.setdefault(row["scale_id"], {})
            if not _CODE.fullmatch(row["code"]):
                self.problem("scales.csv", number, f"code is {row['code']!r}; expected letters, digits and _.")
                continue
            if row["code"] in choices:
                text = f"code {row['code']!r} appears twice in its scale. Delete or rename one of the two rows."
                self.problem("scales.csv", number, text)
                continue
            if row["level"] and not row["level"].isdigit():
                self.problem("scales.csv", number, f"level is {row['level']!r}; expected 0, 1, 2 … or nothing.")
                continue
            known = tuple(dict.fromkeys(w.strip() for w in (row["label"], *row["synonyms"].split("|")) if w.strip()))
            if not row["label"]:
                self.problem("scales.csv", number, "label is empty. Enter the answer as the form shows it.")
            for wording in known:
                earlier = wordings.setdefault((row["scale_id"], fold(wording)), number)
                if earlier != number:
                    self.problem("scales.csv", number, f"{wording!r} is already in row {earlier}. Keep it in one row.")
            if row.get("teaches", "") not in ("", "yes", "no"):
                self.problem("scales.csv", number, f"teaches is {row['teaches']!r}; expected yes or no for a role.")
            level = int(row["level"]) if row["level"] else None
            teaches = row.get("teaches") != "no"
            choices[row["code"]] = Choice(row["code"], level, row["label"], known, teaches)
        for kind, expected in (("proficiency", ("0", "1", "2", "3")), ("samr", SAMR_LEVELS)):
            if tuple(scales.get(kind, {})) != expected:
                self.problems.append(f"scales.csv: scale {kind} needs the codes {', '.join(expected)}, in this order.")
            elif [choice.level for choice in scales[kind].values()] != list(range(len(expected))):
                self.problems.append(f"scales.csv: the levels of scale {kind} are 0 to {len(expected) - 1}, in order.")
        return {scale_id: tuple(choices.values()) for scale_id, choices in scales.items()}

    def items(self, skills: dict[str, Skill], scales: dict[str, tuple[Choice, ...]]) -> dict[str, Item]:
        items: dict[str, Item] = {}
        known: dict[tuple[str, str], int] = {}
        tags: dict[str, int] = {}
        for number, row in self.rows("items.csv"):
            if not self.identifier("items.csv", number, "item_id", row["item_id"], dict(items)):
                continue
            kind = row["kind"]
            if kind not in KINDS:
                self.problem("items.csv", number, f"kind is {kind!r}; expected one of {', '.join(KINDS)}.")
                continue
            if kind in LEVEL_KINDS and row["skill_id"] not in skills:
                self.problem("items.csv", number, f"skill_id {row['skill_id']!r} is not in skills.csv. Add it there.")
            scale_id = SCALES.get(kind, kind)
            if kind in LEVEL_KINDS and row["scale_id"] != scale_id:
                self.problem("items.csv", number, f"scale_id is {row['scale_id']!r}; a {kind} item uses {scale_id!r}.")
            if kind not in ("school", "comment") and row["scale_id"] not in scales:
                self.problem("items.csv", number, f"scale_id {row['scale_id']!r} is not in scales.csv. Add it there.")
            wanted = f"{kind}_{row['skill_id']}" if kind in LEVEL_KINDS else kind
            if row["item_id"] != wanted:
                self.problem("items.csv", number, f"item_id is {row['item_id']!r}; for this row it must be {wanted!r}.")
            if row["tag"] and not _TAG.fullmatch(row["tag"]):
                text = f"tag is {row['tag']!r}; expected at most 20 letters, digits, _ or -, such as Q7."
                self.problem("items.csv", number, text)
            elif row["tag"] and (earlier := tags.setdefault(fold(row["tag"]), number)) != number:
                self.problem("items.csv", number, f"tag {row['tag']!r} is already in row {earlier}. Choose another.")
            words = (row["wording"], *row["other_wordings"].split("|"))
            wordings = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
            if not row["wording"]:
                self.problem("items.csv", number, "wording is empty. Enter the question as the form shows it.")
            for word in wordings:
                # Two grids may ask about the same applications, since their answers tell them apart.
                earlier = known.setdefault((kind if kind in LEVEL_KINDS else "", fold(word)), number)
                if earlier != number:
                    self.problem("items.csv", number, f"{word!r} is already in row {earlier}. Keep it in one row.")
            items[row["item_id"]] = Item(row["item_id"], kind, row["skill_id"], row["scale_id"], row["tag"], wordings)
        if "school" not in items:
            self.problems.append("items.csv: the item school is missing. Without it, no answer belongs to a school.")
        return items

    def pairs(self, name: str, key: str, value: str, allowed: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        meant: dict[str, str] = {}
        for number, row in self.rows(name):
            if row[key] not in allowed:
                self.problem(name, number, f"{key} is {row[key]!r}; expected one of {', '.join(allowed)}.")
            elif not row[value]:
                self.problem(name, number, f"{value} is empty. Fill it in, or delete the row.")
            elif (other := meant.setdefault(fold(row[value]), row[key])) != row[key]:
                self.problem(name, number, f"{row[value]!r} is already the {value} of {other}. Keep it in one row.")
            else:
                found.setdefault(row[key], []).append(row[value])
        return {name: tuple(values) for name, values in found.items()}


def load_codebook(folder: Path) -> Codebook:
    """The codebook in `folder`. Raises CodebookError that lists each problem with its file, row and remedy."""
    reader = _Reader(folder)
    skills, scales = reader.skills(), reader.scales()
    codebook = Codebook(
        skills=skills,
        scales=scales,
        items=reader.items(skills, scales),
        grid_titles=reader.pairs("grids.csv", "kind", "title", LEVEL_KINDS),
        leading=reader.pairs("leading_headers.csv", "field", "header", LEADING_FIELDS),
    )
    if reader.problems:
        raise CodebookError(
            f"The codebook in {folder} has {len(reader.problems)} problem(s).",
            "Correct the rows named above and start again.",
            reader.problems,
        )
    return codebook
