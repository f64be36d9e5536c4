"""The form before it is made: its questions, how each program takes it, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pd_core.codebook import Codebook
from pd_core.form_builder.formats import FormFormat
from pd_core.form_builder.questions import Form, Question
from pd_core.presentation.section import Column, Columns, Table
from pd_core.wording import counted, listed, plural

PREVIEW: Columns = {
    "number": Column("No.", "count"),
    "tag": Column("Tag"),
    "question": Column("Question"),
    "answer": Column("Answer"),
    "skill": Column("Skill"),
    "choices": Column("Choices, in order"),
}
_ANSWERS = {"one": "One choice", "several": "Any number of choices", "grid": "One choice", "text": "Open text"}
_TIME = (
    "In the export, call the column with the time of each answer `Completion time` before you drop the file on Upload."
)


@dataclass(frozen=True)
class Guide:
    """How a form is made in a program: the steps, and what its file cannot carry. Both as Markdown of our own."""

    steps: tuple[str, ...]
    losses: tuple[str, ...]


GUIDES: Mapping[FormFormat, Guide] = {
    "docx": Guide(
        (
            "Download the Word file.",
            "At forms.office.com choose **Quick import**, then the file, then **Form**.",
            "Set what the file cannot carry (below), then share the form with your staff only and record their names.",
        ),
        (
            "**Grids.** Quick import takes no grids: each application is a question of its own. The tag in brackets in "
            "front, such as `[Q7]`, tells Upload which question it is; leave it there, whatever else you reword.",
            "**Any number of choices.** Turn on **Multiple answers** for topics and times.",
            "**Required questions.** Turn on **Required** for the school and for each skill.",
            "**Long lists.** With more than 26 schools, check that Forms took every name as a choice.",
        ),
    ),
    "google": Guide(
        (
            "Download the script.",
            "At script.google.com make a new project, put the script in place of what is there, and choose **Run**.",
            "The log has two addresses: one to answer, one to edit.",
        ),
        (
            "**Nothing of the questions.** Grids, any number of choices and required questions come along.",
            "**Who may answer.** Under **Settings** choose your own organization and one response each.",
        ),
    ),
    "limesurvey": Guide(
        (
            "Download the file.",
            "Choose **Create survey**, then **Import**, then the file.",
            "Export responses with full question text and full answers.",
        ),
        (
            "**Topics and times.** LimeSurvey exports a column for each choice, which Upload leaves out.",
            f"**The time.** {_TIME}",
        ),
    ),
    "qualtrics": Guide(
        (
            "Download the file.",
            "Make a blank survey, open **Tools**, **Import/Export**, **Import survey**, and choose the file.",
            "Export the data as CSV with choice text.",
        ),
        (
            "**Required questions.** Turn on **Force response** for the school and both grids.",
            f"**The time.** {_TIME} It is in the second row, `End Date`.",
            "**Qualtrics' own columns** are left out, and its third row of headers is set aside.",
        ),
    ),
}


def headline(form: Form, codebook: Codebook) -> str:
    """What the survey asks: “The survey asks about 12 skills, and how six of them are used in class”."""
    asked = {kind: _statements(form, kind) for kind in ("proficiency", "samr")}
    if not asked["proficiency"]:
        return f"The survey has {counted(len(form.questions), 'question')}"
    in_class = asked["samr"]
    more = f", and how {counted(in_class, 'of them').removesuffix('s')} are used in class" if in_class > 1 else ""
    return f"The survey asks about {plural(asked['proficiency'], 'skill')}{more}"


def school_sentence(names: Sequence[str]) -> str:
    """What the form asks about the school."""
    if not names:
        return "No school is listed yet, so people write their school's name. Load the schools first to offer a list."
    if len(names) > 4:
        return f"People choose their school from {plural(len(names), 'school')}."
    return f"People choose their school: {listed(list(names))}."


def preview(form: Form, codebook: Codebook) -> Table:
    """The questions as a table: one row each, and one for each statement of a grid.

    number (from 1), tag, question (of a grid: title and statement), answer, skill (empty: none), choices (their labels
    in order, lowest level first; empty: an open question).
    """
    skills = {row.tag: row.skill_id for question in form.questions for row in question.statements}
    rows = [
        {
            "number": number,
            "tag": question.tag,
            "question": question.wording,
            "answer": _ANSWERS[question.kind],
            "skill": codebook.skills[skills[question.tag]].name if question.tag in skills else "",
            "choices": _choices(question),
        }
        for number, question in enumerate(form.without_grids(), start=1)
    ]
    return Table("survey_questions", pl.DataFrame(rows), PREVIEW)


def _choices(question: Question) -> str:
    return "; ".join(question.choices)


def _statements(form: Form, kind: str) -> int:
    return sum(len(question.statements) for question in form.questions if question.item_kind == kind)
