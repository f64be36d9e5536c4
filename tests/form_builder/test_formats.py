"""Each format as its program reads it: rules of Quick import, a script that is JavaScript, rows, blocks."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace

import docx
import pytest

from pd_core.codebook import Codebook
from pd_core.form_builder.formats import ROUTES, FormFormat
from pd_core.form_builder.questions import Form, form

HARD = ['Madrona "K-8"', "Тест [[Block:x]] <b>", "مدرسة 🙂", "Back\\slash\tand\u2028line", "=1+1"]
SKILLS = 12


def made(codebook: Codebook, names: list[str] | None = None) -> Form:
    return form(codebook, ["Lincoln High", "Washington Elementary"] if names is None else names, 2026)


def text_of(name: FormFormat, built: Form) -> str:
    content = ROUTES[name].write(built)
    if name != "docx":
        return content.decode()
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize("name", ROUTES)
def test_every_format_has_each_wording_each_level_and_classroom_skills_twice(
    name: FormFormat, codebook: Codebook
) -> None:
    text = text_of(name, made(codebook))
    for item in codebook.items.values():
        assert item.wordings[0] in text
    for scale in ("proficiency", "samr"):
        assert all(choice.label in text for choice in codebook.scales[scale])
    for item in codebook.items_of("samr"):
        assert len(re.findall(rf"\b{item.wordings[0]}\b", text)) >= 2


def test_the_word_document_keeps_to_the_rules_of_quick_import(codebook: Codebook) -> None:
    document = docx.Document(io.BytesIO(ROUTES["docx"].write(made(codebook))))
    assert not document.tables and not document.inline_shapes
    assert {paragraph.style.name for paragraph in document.paragraphs} == {"Normal"}
    lines = [paragraph.text for paragraph in document.paragraphs]
    starts = [place for place, line in enumerate(lines) if re.match(r"\d+\. ", line)]
    assert [lines[place] for place in starts] == [
        f"{number}. {question.wording}" if not question.tag else f"{number}. [{question.tag}] {question.wording}"
        for number, question in enumerate(made(codebook).without_grids(), start=1)
    ]
    assert all(lines[place - 1] == "" for place in starts) and lines.count("") == len(starts)
    assert all(re.match(r"([A-Z]+|\d+)\. ", line) for line in lines[1:] if line)


def test_a_question_about_a_skill_names_it_and_no_other(codebook: Codebook) -> None:
    names = [skill.name for skill in codebook.skills.values()]
    for question in made(codebook).without_grids():
        if question.item_kind in ("proficiency", "samr"):
            named = [name for name in names if re.search(rf"\b{name}\b", question.wording)]
            assert len(named) == 1 and question.wording.endswith(named[0])
            assert list(question.choices) == [choice.label for choice in codebook.scales[question.item_kind]]


def test_sixty_schools_are_lettered_as_far_as_it_takes(codebook: Codebook) -> None:
    lines = text_of("docx", made(codebook, [f"School {number}" for number in range(60)])).splitlines()
    assert {"A. School 0", "Z. School 25", "AA. School 26", "AZ. School 51", "BH. School 59"} <= set(lines)


def test_without_schools_people_write_theirs(codebook: Codebook) -> None:
    first = made(codebook, []).questions[0]
    assert (first.kind, first.choices, first.is_required) == ("text", (), True)


def test_a_skill_that_is_not_asked_this_year_is_left_out(codebook: Codebook) -> None:
    skills = {**codebook.skills, "sway": replace(codebook.skills["sway"], until_year=2025)}
    asked = [row.skill_id for q in made(replace(codebook, skills=skills)).questions for row in q.statements]
    assert "sway" not in asked and "word" in asked


def test_a_grid_without_a_title_asks_by_its_statement(codebook: Codebook) -> None:
    wordings = [q.wording for q in made(replace(codebook, grid_titles={})).without_grids() if q.item_kind == "samr"]
    assert wordings[0] == "Word"


@pytest.mark.parametrize("name", ROUTES)
def test_names_of_any_kind_do_no_harm(name: FormFormat, codebook: Codebook) -> None:
    text = text_of(name, made(codebook, HARD))
    assert "مدرسة 🙂" in text
    if name == "qualtrics":
        assert text.count("[[Block:") == 1
    if name == "limesurvey":
        rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
        assert {len(row) for row in rows} == {12} and len(rows) == len(text.splitlines())
    if name == "google":
        assert "\u2028" not in text


@pytest.mark.skipif(not shutil.which("node"), reason="the script is run with node, which is not here")
def test_the_script_runs_and_makes_each_question(codebook: Codebook) -> None:
    stub = """const made = []; const item = kind => new Proxy({}, {get: (_, name) => value => {
      if (name === 'setTitle') made.push(kind + ': ' + value); return item(kind); }});
    const FormApp = {create: () => new Proxy({}, {get: (_, name) => name.startsWith('add') ? () => item(name)
      : () => 'https://example.org'})};
    const Logger = {log: () => 0};"""
    code = stub + text_of("google", made(codebook, HARD)) + "makeForm(); console.log(JSON.stringify(made));"
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.count("addGridItem: ") == 2 and done.stdout.count("addCheckboxItem: ") == 2


def test_limesurveys_rows_belong_together(codebook: Codebook) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of("limesurvey", made(codebook))), delimiter="\t"))
    grids = [place for place, row in enumerate(rows) if (row["class"], row["type/scale"]) == ("Q", "F")]
    assert len(grids) == 2
    assert [row["class"] for row in rows[grids[0] + 1 : grids[0] + 17]] == ["SQ"] * SKILLS + ["A"] * 4
    names = [row["name"] for row in rows if row["class"] == "Q"]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,5}", row["name"]) for row in rows if row["class"] in ("A", "SQ"))


def test_qualtrics_blocks_have_choices_and_answers(codebook: Codebook) -> None:
    text = text_of("qualtrics", made(codebook))
    assert text.startswith("[[AdvancedFormat]]\n")
    assert (text.count("[[Question:Matrix]]"), text.count("[[Answers]]"), text.count("[[PageBreak]]")) == (2, 2, 3)
    assert text.count("[[Question:MC:MultipleAnswer:Vertical]]") == 2
