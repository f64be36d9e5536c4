"""A survey of few questions: what is found does not depend on how many there are, and each takes as long again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.district import District

SKILLS = ("word", "excel")
ROLES = ("teacher", "paraeducator", "specialist", "counselor")


@pytest.fixture(scope="session")
def few_questions(codebook: Codebook) -> Codebook:
    """The codebook with two skills, of which one is asked about students too, four roles, and two topics and times."""
    scales = {
        **codebook.scales,
        "role": tuple(one for one in codebook.scales["role"] if one.code in ROLES),
        "topics": tuple(one for one in codebook.scales["topics"] if one.code in ("teams_class", "samr_lessons")),
        "times": codebook.scales["times"][:2],
    }
    items = {name: one for name, one in codebook.items.items() if one.skill_id in ("", *SKILLS)}
    return replace(codebook, skills={name: codebook.skills[name] for name in SKILLS}, items=items, scales=scales)


@pytest.fixture(scope="module")
def shared_small(few_questions: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One store for all tests of a file: each in a wave of its own."""
    yield from _made(few_questions, tmp_path_factory.mktemp("small"))


@pytest.fixture
def small_district(few_questions: Codebook, tmp_path: Path) -> Iterator[District]:
    for made in _made(few_questions, tmp_path):
        made.schools(lincoln=60, madison=40)
        yield made


def _made(codebook: Codebook, folder: Path) -> Iterator[District]:
    opened = open_store(str(folder / "pd.duckdb"), list(codebook.items.values()))
    yield District(opened, codebook)
    opened.close()
