"""The questions of a form, as any program asks them: made from the codebook, written by the other modules here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pd_core.codebook import LEVEL_KINDS, SET_KINDS, Codebook, Item

TITLE = "Technology needs assessment"
QuestionKind = Literal["one", "several", "grid", "text"]
BETWEEN = " – "
"""Goes between a grid's title and a statement, where a program has no grids. Upload knows such headers."""


@dataclass(frozen=True)
class Statement:
    """One row of a grid: its item, its skill, its tag and its wording."""

    item_id: str
    skill_id: str
    tag: str
    wording: str


@dataclass(frozen=True)
class Question:
    """One question. `one` and `several` say how many of `choices` may be chosen; `grid` asks for one choice for each of
    `statements`; `text` is open. `codes` are the choices' codes. A grid has no tag: its statements have."""

    item_kind: str
    kind: QuestionKind
    wording: str
    tag: str = ""
    choices: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    is_required: bool = False


@dataclass(frozen=True)
class Form:
    """A form: its title and its questions in order."""

    title: str
    questions: tuple[Question, ...]

    def without_grids(self) -> Iterator[Question]:
        """The questions with each grid as one question for each statement; `wording` is then title and statement."""
        for question in self.questions:
            if question.kind != "grid":
                yield question
                continue
            for row in question.statements:
                wording = f"{question.wording}{BETWEEN}{row.wording}" if question.wording else row.wording
                yield Question(
                    question.item_kind, "one", wording, row.tag, question.choices, question.codes,
                    is_required=question.is_required,
                )  # fmt: skip


def form(codebook: Codebook, school_names: Sequence[str], year: int) -> Form:
    """The form that the codebook describes, with the skills that are asked in `year`.

    The school is chosen from `school_names`; without any it is an open question.
    """
    items = [item for item in codebook.items.values() if _is_asked(codebook, item, year)]
    questions = []
    for kind in dict.fromkeys(item.kind for item in items):
        alike = [item for item in items if item.kind == kind]
        if kind in LEVEL_KINDS:
            questions.append(_grid(codebook, kind, alike))
        else:
            questions += [_question(codebook, item, school_names) for item in alike]
    return Form(TITLE, tuple(questions))


def _is_asked(codebook: Codebook, item: Item, year: int) -> bool:
    return not item.skill_id or codebook.skills[item.skill_id].is_asked_in(year)


def _grid(codebook: Codebook, kind: str, items: Sequence[Item]) -> Question:
    title = next(iter(codebook.grid_titles.get(kind, ())), "")
    scale = codebook.scales[items[0].scale_id]
    rows = tuple(Statement(item.item_id, item.skill_id, item.mark, item.wordings[0]) for item in items)
    labels, codes = tuple(choice.label for choice in scale), tuple(choice.code for choice in scale)
    return Question(kind, "grid", title, "", labels, codes, rows, is_required=True)


def _question(codebook: Codebook, item: Item, school_names: Sequence[str]) -> Question:
    wording, is_school = item.wordings[0], item.kind == "school"
    if is_school and school_names:
        names = tuple(school_names)
        return Question(item.kind, "one", wording, item.mark, names, names, is_required=True)
    if item.scale_id not in codebook.scales:
        return Question(item.kind, "text", wording, item.mark, is_required=is_school)
    scale = codebook.scales[item.scale_id]
    labels, codes = tuple(choice.label for choice in scale), tuple(choice.code for choice in scale)
    return Question(item.kind, "several" if item.kind in SET_KINDS else "one", wording, item.mark, labels, codes)
