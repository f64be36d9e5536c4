"""Modules of a saved Microsoft Learn catalog: as they are there, in both spellings, and nothing invented."""

from __future__ import annotations

import json

import pytest

from pd_core.codebook import Codebook
from pd_core.errors import RefusedFile
from pd_core.reference.catalog import read_catalog
from pd_core.reference.learn_catalog import read_modules, with_modules

OLD = {
    "uid": "learn.teams", "type": "module", "title": "Get started with Teams in your classroom",
    "duration_in_minutes": 42, "products": ["office-teams"], "url": "https://learn.microsoft.com/m/teams",
}  # fmt: skip
NEW = {
    "id": "learn.notes", "type": "module", "title": "Collaborate in a digital binder", "durationInMinutes": 35,
    "products": ["microsoft-onenote"], "url": "https://learn.microsoft.com/m/notes",
}  # fmt: skip


def saved(*modules: object) -> bytes:
    return json.dumps({"modules": list(modules), "learningPaths": []}).encode()


def test_both_spellings_are_read_with_titles_and_minutes_as_they_are(codebook: Codebook) -> None:
    found = read_modules("catalog.json", saved(OLD, NEW), codebook).to_dicts()
    assert [(row["training_id"], row["skill_id"], row["title"], row["minutes"]) for row in found] == [
        ("learn.notes", "onenote", "Collaborate in a digital binder", 35.0),
        ("learn.teams", "teams", "Get started with Teams in your classroom", 42.0),
    ]
    assert found[1]["url"] == "https://learn.microsoft.com/m/teams"


@pytest.mark.parametrize(
    "change",
    [
        {"duration_in_minutes": None},
        {"duration_in_minutes": 0},
        {"duration_in_minutes": "42"},
        {"duration_in_minutes": True},
        {"title": ""},
        {"uid": 7},
        {"title": "Manage identities", "products": ["entra"]},
    ],
)
def test_a_module_without_title_duration_or_skill_is_left_out(codebook: Codebook, change: dict[str, object]) -> None:
    found = read_modules("catalog.json", saved(NEW, OLD | change, 5), codebook)
    assert found["training_id"].to_list() == ["learn.notes"]


def test_a_link_that_is_not_https_is_not_taken(codebook: Codebook) -> None:
    found = read_modules("catalog.json", saved(OLD | {"url": "javascript:alert(1)"}), codebook)
    assert found["url"].to_list() == [""]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "learn.json is not a JSON file."),
        (b"\xff\xfe", "learn.json is not a JSON file."),
        (b"[]", "learn.json has no list “modules”."),
        (b'{"modules": 3}', "learn.json has no list “modules”."),
        (b'{"modules": []}', "learn.json has 0 modules, none of them about a skill of the survey."),
        (b"[" * 100_000, "learn.json is not a JSON file."),
    ],
)
def test_another_file_is_refused(codebook: Codebook, content: bytes, sentence: str) -> None:
    with pytest.raises(RefusedFile) as error:
        read_modules("folder/learn.json", content, codebook)
    assert error.value.message == sentence


def test_chosen_modules_join_the_catalog_and_a_known_one_takes_its_place(codebook: Codebook) -> None:
    head = b"training_id,title,skill_id,kind,minutes,seats\n"
    first = head + b"learn.teams,Old,teams,entry,30,10\nmine,Mine,word,entry,30,10\n"
    catalog = read_catalog("first.csv", first, codebook)
    (module,) = read_modules("catalog.json", saved(OLD), codebook).to_dicts()
    chosen = [{**module, "take": True, "kind": "implementation", "seats": 20, "actions": "Post one assignment"}]
    found = read_catalog("catalog.csv", with_modules(catalog, chosen), codebook)
    assert found.select("training_id", "title", "kind", "minutes", "seats", "actions").rows() == [
        ("mine", "Mine", "entry", 30.0, 10, ""),
        ("learn.teams", "Get started with Teams in your classroom", "implementation", 42.0, 20, "Post one assignment"),
    ]


def test_a_chosen_module_that_is_not_complete_is_refused_with_its_row(codebook: Codebook) -> None:
    first = read_catalog("f.csv", b"training_id,skill_id,kind,minutes,seats\nmine,word,entry,30,10\n", codebook)
    (module,) = read_modules("catalog.json", saved(OLD), codebook).to_dicts()
    with pytest.raises(RefusedFile) as error:
        read_catalog("catalog.csv", with_modules(first, [{**module, "kind": "", "seats": 20}]), codebook)
    assert error.value.details == ("row 3: kind is “”; expected entry or implementation.",)
