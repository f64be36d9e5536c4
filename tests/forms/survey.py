"""Whole made-up surveys on the default instrument: the same answers for the same seed, in any of the export formats.

The answers of a row depend on the seed and the row's place alone, so `n=30` begins with the rows of `n=20`: a later
export of the same form. All people are made up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from random import Random
from typing import Any

from .instrument import AFTER_GRIDS, BEFORE_GRIDS, COMMENTS, LEADING, PROFICIENCY_GRID, QUIZ, SAMR_GRID, Question
from .text import GoogleCell, forms_csv, google_csv, google_workbook
from .workbook import Cell, forms_workbook

Answer = str | int | tuple[str, ...] | None
FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "June")
LAST_NAMES = ("Example", "Sample", "Placeholder", "Specimen", "Testcase", "Madeup", "Dummy")


@dataclass(frozen=True)
class Person:
    """One row's person, moments and answers, before any format is chosen."""

    id: int
    started: datetime
    completed: datetime
    modified: datetime | None
    email: str | None
    name: str | None
    answers: dict[str, Answer]


@dataclass(frozen=True)
class Survey:
    """What to make up.

    school: one, or several taken in turn. people: the person number of each row, so that `[1, 2, 1]` answers twice and
    the same numbers in two waves are the same people; by default 1 to n. respondents: `named`, `anonymous`, or
    `mixed`, where every third row is anonymous. spacing_seconds: the mean gap between completions.
    blank_share: the share of answers left blank (never the school).
    answers: item id to the answer of every row, or a list of answers taken in turn; a tuple is a multi-select, None a
    blank. without: item ids that the form does not ask. wordings: item id to the header that stands instead.
    samr_first: in `statement` style the SAMR grid has the bare `Word` and the proficiency grid `Word2`.
    samr_columns_first: the SAMR grid's columns stand before the proficiency grid's.
    """

    n: int = 20
    seed: int = 1
    school: str | Sequence[str] = "Lincoln High"
    first_id: int = 1
    start: datetime = datetime(2026, 10, 5, 8)
    respondents: str = "named"
    people: Sequence[int] | None = None
    spacing_seconds: int = 300
    blank_share: float = 0.05
    answers: Mapping[str, Answer | list[Any]] = field(default_factory=dict)
    locale: str = "en"
    id_header: str = "ID"
    last_modified: bool = True
    language: bool = False
    quiz: bool = False
    grid_style: str = "statement"
    samr_first: bool = False
    samr_columns_first: bool = False
    without: Sequence[str] = ()
    wordings: Mapping[str, str] = field(default_factory=dict)

    def questions(self) -> list[Question]:
        grids = (SAMR_GRID, PROFICIENCY_GRID) if self.samr_columns_first else (PROFICIENCY_GRID, SAMR_GRID)
        asked = [*BEFORE_GRIDS, *grids[0], *grids[1], *AFTER_GRIDS]
        return [question for question in asked if question.item not in self.without]

    def question_headers(self) -> dict[str, str]:
        """Item id to header, in column order."""
        headers = {question.item: self._header(question) for question in self.questions()}
        second_grid = "proficiency_" if self.samr_first else "samr_"
        repeated = [
            item
            for item, header in headers.items()
            if item.startswith(second_grid) and list(headers.values()).count(header) > 1
        ]
        for item in repeated:
            headers[item] += "2"
        return headers | {item: wording for item, wording in self.wordings.items() if item in headers}

    def headers(self) -> list[str]:
        started, completed, email, name, modified = LEADING[self.locale]
        leading = [self.id_header, started, completed, email, name]
        total, feedback, points, remark = QUIZ.get(self.locale, QUIZ["en"])
        if self.quiz:
            leading += [total, feedback]
        if self.language:
            leading.append("Language")
        if self.last_modified:
            leading.append(modified)
        columns = [header for header in leading if header is not None]
        for header in self.question_headers().values():
            columns += [header, points + header, remark + header] if self.quiz else [header]
        return columns

    def rows(self) -> list[list[Cell]]:
        _, _, email, name, modified = LEADING[self.locale]
        questions = self.questions()
        rows = []
        for person in self.persons():
            row: list[Cell] = [person.id, person.started, person.completed]
            if email is not None:
                row.append(person.email)
            if name is not None:
                row.append(person.name)
            if self.quiz:
                row += [len(questions), None]
            if self.language:
                row.append("English (United States)")
            if self.last_modified and modified is not None:
                row.append(person.modified)
            for question in questions:
                answer = person.answers[question.item]
                cell = "".join(f"{choice};" for choice in answer) or None if isinstance(answer, tuple) else answer
                row += [cell, 1, None] if self.quiz else [cell]
            rows.append(row)
        return rows

    def google_headers(self) -> list[str]:
        """A Google form heads grids with `Title [statement]` and asks for the address in a column of its own."""
        address = [] if self.respondents == "anonymous" else ["Email Address"]
        headers = {question.item: _in_brackets(question) for question in self.questions()} | dict(self.wordings)
        return ["Timestamp", *address, *(headers[question.item] for question in self.questions())]

    def google_rows(self) -> list[list[GoogleCell]]:
        """The same answers, a multi-select as a tuple."""
        rows: list[list[GoogleCell]] = []
        for person in self.persons():
            address = [None if person.email == "anonymous" else person.email]
            answers = [person.answers[question.item] or None for question in self.questions()]
            rows.append([person.completed, *([] if self.respondents == "anonymous" else address), *answers])
        return rows

    def persons(self) -> list[Person]:
        numbers = list(range(1, self.n + 1)) if self.people is None else list(self.people)[: self.n]
        schools = [self.school] if isinstance(self.school, str) else list(self.school)
        longest = 900
        completed = self.start + timedelta(seconds=longest)
        persons = []
        for place, number in enumerate(numbers):
            chance = Random(f"{self.seed}:{place}")
            completed += timedelta(seconds=1 + int(chance.random() * 2 * self.spacing_seconds))
            started = completed - timedelta(seconds=90 + int(chance.random() * (longest - 90)))
            modified = completed + timedelta(hours=26) if chance.random() < 0.05 else None
            school = schools[place % len(schools)]
            anonymous = self.respondents == "anonymous" or (self.respondents == "mixed" and place % 3 == 2)
            email, name = ("anonymous", None) if anonymous else _identity(school, number)
            answers = self._answers(chance, place, school)
            persons.append(Person(self.first_id + place, started, completed, modified, email, name, answers))
        return persons

    def _header(self, question: Question) -> str:
        if self.grid_style == "statement" or not question.grid:
            return question.wording
        if self.grid_style == "title. statement":
            return f"{question.grid}. {question.wording}"
        return _in_brackets(question)

    def _answers(self, chance: Random, place: int, school: str) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for question in [*BEFORE_GRIDS, *PROFICIENCY_GRID, *SAMR_GRID, *AFTER_GRIDS]:
            made_up = _made_up(question, chance)
            blank = chance.random() < self.blank_share  # drawn for every question: an option moves no other answer
            answers[question.item] = school if question.item == "school" else None if blank else made_up
            if question.item in self.answers:
                given = self.answers[question.item]
                answers[question.item] = given[place % len(given)] if isinstance(given, list) else given
        return answers


def survey_headers(**survey: Any) -> list[str]:
    """The headers of a Forms export; takes the fields of Survey."""
    return Survey(**survey).headers()


def survey_rows(n: int = 20, **survey: Any) -> list[list[Cell]]:
    """The rows of a Forms export, in order of completion; takes the fields of Survey."""
    return Survey(n=n, **survey).rows()


def survey_workbook(**options: Any) -> bytes:
    """A Forms workbook; takes the fields of Survey and the options of forms_workbook."""
    survey, others = _split(options)
    return forms_workbook(survey.headers(), survey.rows(), **others)


def survey_csv(**options: Any) -> bytes:
    """A Forms CSV; takes the fields of Survey and the options of forms_csv."""
    survey, others = _split(options)
    return forms_csv(survey.headers(), survey.rows(), **others)


def survey_google_csv(**options: Any) -> bytes:
    """A Google CSV of the same answers; takes the fields of Survey and the options of google_csv."""
    survey, others = _split(options)
    return google_csv(survey.google_headers(), survey.google_rows(), **others)


def survey_google_workbook(**options: Any) -> bytes:
    """A Google workbook of the same answers; takes the fields of Survey and the options of google_workbook."""
    survey, others = _split(options)
    return google_workbook(survey.google_headers(), survey.google_rows(), **others)


def cut_header(header: str) -> str:
    """A header as Forms cuts it: past 199 characters, the first 196 and three dots."""
    return header if len(header) <= 199 else header[:196] + "..."


def _split(options: Mapping[str, Any]) -> tuple[Survey, dict[str, Any]]:
    names = {known.name for known in fields(Survey)}
    mine = {name: value for name, value in options.items() if name in names}
    return Survey(**mine), {name: value for name, value in options.items() if name not in names}


def _made_up(question: Question, chance: Random) -> Answer:
    if question.multi:
        return tuple(chance.sample(question.choices, chance.randint(1, 3)))  # click order, not the form's
    if question.choices:
        return chance.choice(question.choices)
    return chance.choice(COMMENTS) if chance.random() < 0.3 else None


def _identity(school: str, number: int) -> tuple[str, str]:
    building = "-".join(school.lower().split())
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number % len(LAST_NAMES)]
    return f"{first.lower()}.{last.lower()}{number}.{building}@example.org", f"{first} {last}"


def _in_brackets(question: Question) -> str:
    return f"{question.grid} [{question.wording}]" if question.grid else question.wording
