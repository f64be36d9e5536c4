"""Questions that look back have a kind and a column of their own, and are never mixed with what was answered then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook_files import load_codebook
from pd_core.errors import CodebookError
from pd_core.storage import open_store
from pd_core.summaries.growth import growth
from tests.conftest import CODEBOOK_FOLDER
from tests.district import District, principal, row
from tests.summaries.two_waves import NOW, THEN, answer

ROW = 'then_word,then,word,proficiency,,"Word, a year ago",\n'


def codebook_folder(folder: Path, line: str) -> Path:
    copy = Path(shutil.copytree(CODEBOOK_FOLDER, folder / "codebook"))
    with (copy / "items.csv").open("a", encoding="utf-8") as file:
        file.write(line)
    return copy


@pytest.fixture
def looking(tmp_path: Path) -> Iterator[District]:
    codebook = load_codebook(codebook_folder(tmp_path, ROW))
    store = open_store(str(tmp_path / "then.duckdb"), list(codebook.items.values()))
    made = District(store, codebook)
    made.schools(lincoln=60, madison=40)
    yield made
    store.close()


def test_what_people_say_about_then_is_next_to_what_they_said_then(looking: District) -> None:
    now = {"proficiency_word": 2, "then_word": 0}
    answer(looking, THEN, {str(n): ("lincoln", {"proficiency_word": 2 if n < 10 else 1}) for n in range(20)})
    answer(looking, NOW, {str(n): ("lincoln", now) for n in range(20)})
    pair = growth(looking.store, looking.codebook, target_share=0.6, scope=EVERYTHING)
    found = row(pair.looking_back("lincoln"), skill_name="Word")
    assert (found["share_then"], found["said"], found["share_from"], found["share_to"]) == (0, 20, 0.5, 1)
    change = row(pair.changes, school_id="lincoln", skill_id="word")
    assert (change["change"], change["respondents_from"]) == (0.5, 20), "no change is worked out from looking back"
    assert not [name for name in pair.changes.columns if "then" in name]
    hidden = growth(looking.store, looking.codebook, target_share=0.6, scope=principal("hidden", "madison"))
    assert hidden.looking_back("lincoln").is_empty()


def test_few_who_look_back_are_hidden(looking: District) -> None:
    for wave in (THEN, NOW):
        answer(looking, wave, {str(n): ("lincoln", {"proficiency_word": 2}) for n in range(20)})
    answer(looking, NOW, {f"few {n}": ("lincoln", {"proficiency_word": 2, "then_word": 0}) for n in range(3)})
    pair = growth(looking.store, looking.codebook, target_share=0.6, scope=EVERYTHING)
    found = row(pair.looking_back("lincoln"), skill_name="Word")
    assert found["suppressed"] and found["share_then"] is None


def test_without_such_a_question_there_is_nothing_to_show(district: District) -> None:
    for wave in (THEN, NOW):
        answer(district, wave, {str(n): ("lincoln", {"proficiency_word": 2}) for n in range(20)})
    assert (
        growth(district.store, district.codebook, target_share=0.6, scope=EVERYTHING).looking_back("lincoln").is_empty()
    )


def test_an_export_with_both_questions_keeps_them_apart(looking: District) -> None:
    header = 'ID,Start time,Completion time,Email,Name,Which school do you work at?,Word,"Word, a year ago"\n'
    now, then = "I use it on my own", "I have not used it"
    lines = [f"{n},10/16/26 8:0{n},10/16/26 8:1{n},p{n}@example.org,P,Lincoln,{now},{then}\n" for n in range(6)]
    table = ingestion.read("both.csv", (header + "".join(lines)).encode(), looking.codebook)
    preview = ingestion.prepare(table, looking.codebook, looking.store, b"a secret of the tests", EVERYTHING)
    assert preview.responses.select("proficiency_word", "then_word").unique().rows() == [(2, 0)]
    assert ingestion.commit(looking.store, preview, "test").rows_added == 6
    kept = looking.store.frame("select item_id, wording from store.wording")
    assert row(kept, item_id="then_word")["wording"] == "Word, a year ago"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("then_word,then,word,samr,,Word then,\n", "a then item uses 'proficiency'"),
        ("before_word,then,word,proficiency,,Word then,\n", "it must be 'then_word'"),
        ("then_chess,then,chess,proficiency,,Chess then,\n", "'chess' is not in skills.csv"),
    ],
)
def test_a_row_that_cannot_be_such_a_question_is_named(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(CodebookError) as refused:
        load_codebook(codebook_folder(tmp_path, line))
    assert problem in refused.value.text()


def test_its_answers_are_stored_as_levels(looking: District) -> None:
    assert looking.store.frame("select then_word from store.response").schema == {"then_word": pl.Int16}
