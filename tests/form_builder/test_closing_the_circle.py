"""A form that was built is exported with answers, and taken without one question asked: the circle is closed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import docx
import pytest

from pd_core.changed_skills import ChangedSkill, with_skills
from pd_core.codebook import Codebook, Item
from pd_core.form_builder.formats import ROUTES
from pd_core.form_builder.questions import Form, form
from pd_core.storage import Store
from tests.forms import Survey, cut_header, forms_csv, forms_workbook
from tests.forms.survey import Answer
from tests.ingestion.conftest import Desk

SCHOOLS = ["Lincoln High", "Washington Elementary"]
SURVEY = Survey(n=12, school=SCHOOLS, seed=7, blank_share=0.1, start=datetime(2026, 10, 16, 8))
ITEMS = [question.item for question in SURVEY.questions()]


def long_worded(codebook: Codebook) -> Codebook:
    """The same survey, with questions that Forms cuts in its export."""
    long = " Please think of a usual week in this school year, and of the lessons that you teach yourself" * 3
    titles = {kind: (titles[0] + long, *titles) for kind, titles in codebook.grid_titles.items()}

    def longer(item: Item) -> Item:
        return item if item.skill_id else replace(item, wordings=(item.wordings[0] + long, *item.wordings))

    return replace(
        codebook,
        grid_titles=titles,
        items={item_id: longer(item) for item_id, item in codebook.items.items()},
    )


def questions_of(document: bytes) -> list[str]:
    """The questions that Quick import finds: paragraphs after a blank one, without their number."""
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(document)).paragraphs]
    return [after.partition(". ")[2] for before, after in pairwise(lines) if before == ""]


def exported(headers: Sequence[str], answers: Sequence[str] = ITEMS) -> bytes:
    """An export as Forms would give it, with these headers over the answers to these items."""
    leading = [header for header in SURVEY.headers() if header not in SURVEY.question_headers().values()]
    rows = [[*row[: len(leading)], *by_item(row, len(leading), answers)] for row in SURVEY.rows()]
    return forms_workbook([*leading, *headers], rows)


def by_item(row: Sequence[object], first: int, answers: Sequence[str]) -> list[object]:
    return [row[first + ITEMS.index(item)] for item in answers]


@pytest.fixture
def built(codebook: Codebook) -> Form:
    return form(codebook, SCHOOLS, 2026)


def expect_taken(desk: Desk, data: bytes, file: str = "survey.xlsx") -> None:
    preview = desk.look(data, file)
    assert preview.unmapped == ()
    taken, expected = preview.responses, desk.look(forms_workbook(SURVEY.headers(), SURVEY.rows())).responses
    columns = [name for name in expected.columns if name not in ("row", "row_key", "origin")]
    assert taken.select(columns).equals(expected.select(columns))


@pytest.mark.parametrize("worded", [lambda codebook: codebook, long_worded], ids=["short", "long"])
def test_a_form_of_the_word_document_is_taken_without_a_question(worded, codebook: Codebook, desk: Desk) -> None:
    asked = worded(codebook)
    headers = [cut_header(text) for text in questions_of(ROUTES["docx"].write(form(asked, SCHOOLS, 2026)))]
    assert headers[6].startswith("[Q7] ") and any(text.endswith("...") for text in headers) is (asked is not codebook)
    renumbered = [f"{text}{place % 3 + 2}" if place % 4 == 0 else text for place, text in enumerate(headers)]
    expect_taken(replace(desk, codebook=asked), exported(headers))
    expect_taken(replace(desk, codebook=asked), exported(renumbered))


def test_tags_tell_questions_that_were_reworded_and_translated(codebook: Codebook, desk: Desk, built: Form) -> None:
    headers = questions_of(ROUTES["docx"].write(built))
    expect_taken(desk, exported([f"{text.split()[0]} Pregunta número {n}" for n, text in enumerate(headers)]))
    expect_taken(desk, exported(headers[::-1], ITEMS[::-1]))


def test_a_form_that_numbers_its_own_questions_is_read_by_its_words(desk: Desk, built: Form) -> None:
    headers = questions_of(ROUTES["docx"].write(built))
    numbered = [f"[Q{place + 3}] {text.partition('] ')[2]}" for place, text in enumerate(headers)]
    expect_taken(desk, exported(numbered))
    numbered[-1] = "[Q2] What made you laugh?"
    assert [column.header for column in desk.look(exported(numbered)).unmapped] == ["[Q2] What made you laugh?"]


def test_a_skill_that_was_added_on_a_page_has_a_mark_of_its_own(codebook: Codebook, desk: Desk, store: Store) -> None:
    changed = ChangedSkill("canva", "Canva", has_samr=True)
    store.add_items(changed.items())
    more = with_skills(codebook, [changed])
    asked = questions_of(ROUTES["docx"].write(form(more, SCHOOLS, 2026)))
    (at,) = [place for place, text in enumerate(asked) if text.endswith("application? – Canva")]
    assert asked[at].startswith("[Q-")
    renamed = [text.replace("Canva", "Canva for Education") for text in asked]
    shown = replace(desk, codebook=more).look(
        exported(renamed, [item if item in ITEMS else item.replace("canva", "word") for item in list(more.items)])
    )
    assert shown.unmapped == () and "proficiency_canva" in shown.responses.columns
    assert shown.responses["proficiency_canva"].equals(shown.responses["proficiency_word"], check_names=False)


def test_a_google_form_of_the_script_is_taken_without_a_question(desk: Desk, built: Form) -> None:
    script = ROUTES["google"].write(built).decode()
    headers: list[str] = []
    for question in built.questions:
        assert question.wording in script
        rows = [f"{question.wording} [{row.wording}]" for row in question.statements]
        headers += rows or [question.wording]
    rows: list[list[Answer]] = [[*row[2:]] for row in SURVEY.google_rows()]
    joined = [[", ".join(cell) if isinstance(cell, tuple) else cell for cell in row] for row in rows]
    moments = [[f"{row[0]:%m/%d/%Y %H:%M:%S}", row[1]] for row in SURVEY.google_rows()]
    cells = [[*moment, *row] for moment, row in zip(moments, joined, strict=True)]
    preview = desk.look(forms_csv(["Timestamp", "Email Address", *headers], cells), "g.csv")
    assert preview.unmapped == () and preview.rows_set_aside == 0 and preview.responses.height == SURVEY.n


def test_of_a_qualtrics_export_only_its_own_columns_are_left_out(desk: Desk, built: Form) -> None:
    """Qualtrics writes three rows of headers; the second one has the wordings, `Title - Statement` for a grid."""
    headers = []
    for question in built.questions:
        headers += [f"{question.wording} - {row.wording}" for row in question.statements] or [question.wording]
    first = ["StartDate", "EndDate", "Status", *(f"Q{place}" for place in range(len(headers)))]
    second = ["Start Date", "Completion time", "Response Type", *headers]
    third = [f'{{"ImportId":"QID{place}"}}' for place in range(len(second))]
    rows = []
    for person in SURVEY.persons():
        answers = [person.answers[item] for item in ITEMS]
        cells = [",".join(cell) if isinstance(cell, tuple) else cell for cell in answers]
        rows.append([f"{person.started}", f"{person.completed}", "IP Address", *cells])
    preview = desk.look(forms_csv(first, [second, third, *rows]), "q.csv")
    assert [column.header for column in preview.unmapped] == ["Response Type"]
    assert (preview.responses.height, preview.rows_set_aside) == (SURVEY.n, 1)


def test_of_a_limesurvey_export_topics_and_times_are_left_out(desk: Desk, built: Form) -> None:
    headers = ["Response ID", "Completion time"]
    rows: list[list[object]] = [[person.id, f"{person.completed}"] for person in SURVEY.persons()]
    for question in built.questions:
        statements = [(row.wording, row.item_id) for row in question.statements]
        headers += [f"{question.wording} [{wording}]" for wording, _ in statements]
        if question.kind == "several":
            headers += [f"{question.wording} [{choice}]" for choice in question.choices]
        elif not statements:
            headers.append(question.wording)
        for row, person in zip(rows, SURVEY.persons(), strict=True):
            if question.kind == "several":
                chosen = person.answers[question.item_kind] or ()
                row += ["Yes" if choice in chosen else "No" for choice in question.choices]
            else:
                row += [person.answers[item] for _, item in statements or [("", question.item_kind)]]
    preview = desk.look(forms_csv(headers, rows), "l.csv")
    lost = {column.header.partition(" [")[0] for column in preview.unmapped}
    assert lost == {question.wording for question in built.questions if question.kind == "several"}
    assert (preview.responses.height, preview.rows_set_aside) == (SURVEY.n, 0)
