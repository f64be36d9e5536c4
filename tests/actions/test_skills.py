"""Skills that are added, renamed and retired: checked, kept in the store, and asked about from then on."""

from __future__ import annotations

import pytest

from pd_core.access import EVERYTHING
from pd_core.actions import skills, uploads
from pd_core.changed_skills import with_skills
from pd_core.codebook import Codebook
from pd_core.errors import RefusedName, UnknownName
from pd_core.ingestion import read
from pd_core.storage import Store, audit, open_store, queries
from pd_core.storage.skills import changed_skills
from pd_core.summaries.tables import export_table
from tests.actions.people import ADMINISTRATOR, KEY
from tests.forms import Survey, forms_workbook
from tests.forms.instrument import PROFICIENCY, SAMR


def now(store: Store, codebook: Codebook) -> Codebook:
    return with_skills(codebook, changed_skills(store))


def asking(header: str, answers: list[str]) -> bytes:
    """An export of a school without any answer yet, with one question more."""
    survey = Survey(n=6, school="Washington Elementary", seed=3)
    rows = [[*row, answers[place % len(answers)]] for place, row in enumerate(survey.rows())]
    return forms_workbook([*survey.headers(), header], rows)


def take(store: Store, codebook: Codebook, export: bytes) -> list[int | None]:
    """Stores an export; returns what its people said about Canva."""
    known = now(store, codebook)
    receipt = uploads.ingest(store, ADMINISTRATOR, read("canva.xlsx", export, known), known, KEY)
    assert receipt.rows_added == 6, receipt.message
    rows = store.frame(f"select proficiency_canva from ({queries.LIVE}) where school_id = 'washington'")
    return sorted(rows["proficiency_canva"].to_list())


@pytest.mark.parametrize("header", ["Canva", "canva", "How well can you use each application? [Canva]", "Canva Pro"])
def test_a_skill_that_was_added_is_read_from_the_next_export(store: Store, codebook: Codebook, header: str) -> None:
    assert skills.add_skill(store, ADMINISTRATOR, codebook, " Canva ", wordings=["Canva Pro"]) == "canva"
    assert take(store, codebook, asking(header, list(PROFICIENCY[:3]))) == [0, 0, 1, 1, 2, 2]


def test_a_skill_that_was_added_stands_in_every_table(store: Store, codebook: Codebook) -> None:
    skills.add_skill(store, ADMINISTRATOR, codebook, "Canva")
    take(store, codebook, asking("Canva", [PROFICIENCY[3]]))
    table = export_table(
        store,
        now(store, codebook),
        "skill-summary",
        wave="Fall 2026",
        skill="canva",
        target_share=0.6,
        scope=EVERYTHING,
    )
    assert table.filter(school_id="washington").select("skill_name", "proficient").row(0) == ("Canva", 6)


def test_a_skill_whose_use_in_class_is_asked_has_both_questions(store: Store, codebook: Codebook) -> None:
    skills.add_skill(store, ADMINISTRATOR, codebook, "Kahoot!", has_samr=True)
    known = now(store, codebook)
    assert known.items["samr_kahoot"].wordings == ("Kahoot!",)
    survey = Survey(n=4, seed=3)
    rows = [[*row, PROFICIENCY[1], SAMR[2]] for row in survey.rows()]
    table = read("k.xlsx", forms_workbook([*survey.headers(), "Kahoot!", "Kahoot!2"], rows), known)
    preview = uploads.prepare_upload(store, ADMINISTRATOR, table, known, KEY)
    assert preview.responses["proficiency_kahoot"].to_list() == [1] * 4
    assert preview.responses["samr_kahoot"].to_list() == [2] * 4


def test_a_renamed_skill_is_still_known_by_its_former_name(store: Store, codebook: Codebook) -> None:
    skills.add_skill(store, ADMINISTRATOR, codebook, "Canva")
    skills.rename_skill(store, ADMINISTRATOR, now(store, codebook), "canva", "Canva for Education")
    assert now(store, codebook).skills["canva"].name == "Canva for Education"
    assert take(store, codebook, asking("Canva", [PROFICIENCY[1]])) == [1] * 6


def test_a_skill_of_the_files_is_renamed_too_and_keeps_its_place(store: Store, codebook: Codebook) -> None:
    skills.rename_skill(store, ADMINISTRATOR, codebook, "stream", "Clipchamp")
    known = now(store, codebook)
    assert list(known.skills) == list(codebook.skills) and list(known.items) == list(codebook.items)
    assert known.items["proficiency_stream"].wordings[:2] == ("Clipchamp", "Stream")


def test_a_retired_skill_is_not_missed_and_comes_back(store: Store, codebook: Codebook) -> None:
    skills.retire_skill(store, ADMINISTRATOR, codebook, "sway", 2025)
    assert not now(store, codebook).skills["sway"].is_asked_in(2026)
    skills.retire_skill(store, ADMINISTRATOR, now(store, codebook), "sway", None)
    assert now(store, codebook).skills["sway"].is_asked_in(2026)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Teams", "already belongs to Teams"),
        ("MS Teams", "already belongs to Teams"),
        ("Your role", "already belongs to the question"),
        ("Completion time", "a column of every export"),
        ("", "needs a name"),
        ("!!!", "needs a name"),
        ("x" * 61, "is not a name"),
        ("a|b", "is not a name"),
    ],
)
def test_a_name_that_would_be_mistaken_is_refused(store: Store, codebook: Codebook, name: str, said: str) -> None:
    before = changed_skills(store)
    with pytest.raises(RefusedName, match=said):
        skills.add_skill(store, ADMINISTRATOR, codebook, name)
    assert changed_skills(store) == before


@pytest.mark.parametrize("year", [1999, 2100])
def test_a_year_that_cannot_be_is_refused(store: Store, codebook: Codebook, year: int) -> None:
    with pytest.raises(RefusedName, match="years"):
        skills.add_skill(store, ADMINISTRATOR, codebook, "Canva", from_year=year)
    with pytest.raises(RefusedName, match="years"):
        skills.retire_skill(store, ADMINISTRATOR, codebook, "sway", year)


def test_two_skills_of_one_name_have_two_ids(store: Store, codebook: Codebook) -> None:
    skills.add_skill(store, ADMINISTRATOR, codebook, "Book Creator")
    skills.rename_skill(store, ADMINISTRATOR, now(store, codebook), "book_creator", "Creator")
    with pytest.raises(RefusedName, match="already belongs to Creator"):
        skills.add_skill(store, ADMINISTRATOR, now(store, codebook), "Book Creator")
    assert skills.add_skill(store, ADMINISTRATOR, now(store, codebook), "Book-Creator") == "book_creator_2"


@pytest.mark.parametrize("change", [skills.rename_skill, skills.retire_skill])
def test_a_skill_that_does_not_exist_cannot_be_changed(store: Store, codebook: Codebook, change: object) -> None:
    with pytest.raises(UnknownName):
        change(store, ADMINISTRATOR, codebook, "nowhere", "Name" if change is skills.rename_skill else 2026)  # type: ignore[operator]


def test_skills_are_there_when_the_store_is_opened_again(store: Store, codebook: Codebook) -> None:
    skills.add_skill(store, ADMINISTRATOR, codebook, "Canva", has_samr=True)
    location = store.location
    store.close()
    opened = open_store(location, list(codebook.items.values()))
    assert [skill.name for skill in changed_skills(opened)] == ["Canva"]
    assert audit.audit(opened)["subject"][0] == "Canva was added"
    opened.close()
