"""What a form's questions and answers mean: as found for a column, and as people said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pd_core.codebook import fold

UNDECIDED = "?"


@dataclass(frozen=True)
class Column:
    """A question's column: the item it answers, or why that could not be told and which items are near.

    `item_id` is null for a column that is left out; `reason` says why, and is empty where a person chose so. `is_known`
    says that the wording is known, and the answers are not.
    """

    position: int
    header: str
    item_id: str | None
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    is_known: bool = False


@dataclass(frozen=True)
class Meaning:
    """What people said the words of one form mean: header to item (null: left out), and scale to answer to code.

    Headers and answers are kept and compared after `fold`.
    """

    items: Mapping[str, str | None] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", {fold(header): item for header, item in self.items.items()})
        scales = {scale: {fold(said): code for said, code in codes.items()} for scale, codes in self.answers.items()}
        object.__setattr__(self, "answers", scales)

    @classmethod
    def from_frame(cls, frame: pl.DataFrame) -> Meaning:
        """From the columns subject, answer, code: with no answer, subject is a header and code its item.

        The code `UNDECIDED` withdraws what was said before.
        """
        items: dict[str, str | None] = {}
        answers: dict[str, dict[str, str | None]] = {}
        for subject, answer, code in frame.select("subject", "answer", "code").iter_rows():
            if code == UNDECIDED:
                continue
            if answer:
                answers.setdefault(subject, {})[answer] = code or None
            else:
                items[subject] = code or None
        return cls(items, answers)

    def undecided(self) -> Meaning:
        """A mapping that withdraws all that this one says."""
        answers = {scale: dict.fromkeys(codes, UNDECIDED) for scale, codes in self.answers.items()}
        return Meaning(dict.fromkeys(self.items, UNDECIDED), answers)

    def to_frame(self) -> pl.DataFrame:
        """The reverse of `from_frame`."""
        rows: list[tuple[str, str | None, str | None]] = [(header, None, item) for header, item in self.items.items()]
        rows += [(scale, answer, code) for scale, codes in self.answers.items() for answer, code in codes.items()]
        return pl.DataFrame(rows, schema=dict.fromkeys(("subject", "answer", "code"), pl.String), orient="row")

    def updated(self, other: Meaning) -> Meaning:
        """This, with what `other` says put over it."""
        scales = {**self.answers}
        for scale, codes in other.answers.items():
            scales[scale] = {**scales.get(scale, {}), **codes}
        return Meaning({**self.items, **other.items}, scales)
