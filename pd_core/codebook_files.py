"""The codebook's files in data/codebook: read, and checked against each other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from pd_core.codebook import KINDS, LEVEL_KINDS, SAMR_LEVELS, SCALES, Choice, Codebook, Item, Skill, fold
from pd_core.errors import CodebookError

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
