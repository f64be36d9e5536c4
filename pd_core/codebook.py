"""The survey as data: its questions, their wordings, and what the answers mean."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

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
