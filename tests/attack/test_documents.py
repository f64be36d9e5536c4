"""Documents tell nothing that exports hide: where two districts differ in what is hidden alone, they read the same.

Every format of a document is drawn from its `Document` and from nothing else, so that is what is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pd_core.access import DISTRICT, Actor, Visitor
from pd_core.codebook import Codebook
from pd_core.presentation.document import Document
from pd_core.reports.documents.documents import MAKERS
from pd_core.reports.documents.files import Kind, Shape, rendered
from pd_core.reports.documents.source import Source
from pd_core.summaries.growth_tables import Filters, growth_table
from pd_core.summaries.tables import FOR_EVERYTHING, TABLES, export_table
from tests.district import District, Made, copied
from tests.reports.documents.reading import everything
from tests.reports.documents.test_brief import SHAPES
from tests.summaries.two_waves import NOW, THEN, People, answer

AT = datetime(2026, 11, 28, 9, 30)
SCHOOLS = ("lincoln", "madison", "jefferson")
ROLES = (None, "teacher", "counselor")
ADMINISTRATOR = Visitor.as_oneself(Actor("ada@example.org", "administrator"))
VISITORS = [
    ADMINISTRATOR,
    *(Visitor.as_oneself(Actor(f"{one}@example.org", "principal", frozenset({one}))) for one in SCHOOLS),
    Visitor.as_oneself(Actor("mia@example.org", "mie", frozenset(SCHOOLS[:2]))),
]
Fill = Callable[[District], None]
_PEOPLE = re.compile(r"\b(\d[\d,]*) of (?:the |us )?(\d[\d,]*)")
_OF = (("respondents", "headcount"), ("proficient", "respondents"), ("people", "headcount"))
"""Columns of tables with people, and with those whom they are part of."""
_NO_PEOPLE = {(1, 1), (9, 10), (0, 3), (1, 3)}
"""The one skill that is in hand, cases that were simulated, and schools: those on target, and safe to decide on. No
group of the district that is looked at has three people."""


def staff(school_id: str, people: int, first: int = 0, **answers: object) -> People:
    """So many people of a school who gave the same answers."""
    return {f"{school_id} {number}": (school_id, answers) for number in range(first, first + people)}


def able(school_id: str, people: int, first: int, level: int, **more: object) -> People:
    return staff(school_id, people, first, proficiency_word=level, **more)


LARGE = able("lincoln", 14, 0, 3, role="teacher") | able("lincoln", 12, 14, 0, role="teacher")
LARGE |= able("madison", 20, 0, 2, role="teacher")


def answered(people: People) -> Fill:
    """These people answered the later time alone."""
    return lambda district: answer(district, NOW, people)


def small_school(level: int, topic: str) -> Fill:
    """Four of Jefferson answered: all of it is hidden."""
    few = able("jefferson", 4, 0, level, topics=topic, role="teacher")
    return answered(LARGE | few)


def small_roles(first: int, second: int) -> Fill:
    """Two roles of three people each at Lincoln, next to its teachers: who of them said what is hidden."""
    few = able("lincoln", 3, 30, first, role="counselor") | able("lincoln", 3, 33, second, role="paraeducator")
    return answered(LARGE | few)


def seldom_answered(level: int) -> Fill:
    """Four of Madison answered about Sway, and nobody else anywhere."""
    few = staff("madison", 4, 30, proficiency_word=2, proficiency_sway=level, samr_sway=level)
    return answered(LARGE | few)


def few_came_back(back: range) -> Fill:
    """Three who answered at Lincoln before answered again: who they are is hidden, and what became of them."""

    def fill(district: District) -> None:
        answer(district, THEN, LARGE)
        names = [f"lincoln {number}" for number in back]
        now = able("lincoln", 20, 100, 3) | able("madison", 20, 0, 3)
        answer(district, NOW, now | {name: ("lincoln", {"proficiency_word": 1, "samr_word": 1}) for name in names})

    return fill


def changed_in_small_school(before: int, after: int) -> Fill:
    """Four of Jefferson answered both times."""

    def fill(district: District) -> None:
        answer(district, THEN, LARGE | able("jefferson", 4, 0, before))
        answer(district, NOW, LARGE | able("jefferson", 4, 0, after))

    return fill


SAME_TO_READERS: dict[str, tuple[Fill, Fill]] = {
    "a small school": (small_school(0, "teams_class"), small_school(3, "excel_data")),
    "small roles": (small_roles(0, 3), small_roles(3, 0)),
    "a skill that few answered about": (seldom_answered(0), seldom_answered(3)),
    "who came back": (few_came_back(range(0, 3)), few_came_back(range(20, 23))),
    "growth of a small school": (changed_in_small_school(0, 3), changed_in_small_school(3, 0)),
}


@contextmanager
def filled(made: Made, folder: Path, codebook: Codebook, fill: Fill) -> Iterator[District]:
    """A district with three schools and these answers. What is drawn at random is the same in each."""
    with copied(made, folder, codebook, b"the same in both districts") as district:
        district.schools(lincoln=60, madison=40, jefferson=30)
        fill(district)
        yield district


def exports(district: District) -> dict[str, pl.DataFrame]:
    """Every table of answers as people who see all schools get it, of all waves and under every role."""
    store, codebook, everything = district.store, district.codebook, ADMINISTRATOR.scope
    found = {
        f"{table} {role}": export_table(store, codebook, table, role=role, target_share=0.6, scope=everything)
        for table in TABLES
        if table not in FOR_EVERYTHING
        for role in ROLES
    }
    if THEN in found["response-rates None"]["wave_id"]:
        for table in ("growth", "transitions"):
            seen = growth_table(store, codebook, table, Filters(), target_share=0.6, scope=everything)
            found[table] = seen.frame
    return found


def documents(district: District) -> dict[tuple[str, str, Kind], Document]:
    """Every document that anyone can get, by reader, school and kind."""
    found = {}
    for visitor in VISITORS:
        source = Source(district.store, district.codebook, visitor, NOW, 0.6, AT, "https://pd.example.org")
        for school_id in (*SCHOOLS, DISTRICT):
            if not visitor.scope.sees(school_id) and school_id != DISTRICT:
                continue
            for kind, made in MAKERS.items():
                if kind == "board" and (school_id != DISTRICT or visitor.scope.school_ids is not None):
                    continue
                if kind == "techplan" and school_id == DISTRICT:
                    continue
                found[str(visitor.actor), school_id, kind] = made(source, school_id)
    return found


@pytest.mark.parametrize("what", SAME_TO_READERS)
def test_documents_do_not_depend_on_what_is_hidden(
    made_district: Made, tmp_path: Path, codebook: Codebook, what: str
) -> None:
    seen = []
    for fill in SAME_TO_READERS[what]:
        with filled(made_district, tmp_path, codebook, fill) as district:
            seen.append((exports(district), documents(district)))
    (tables, texts), (other_tables, other_texts) = seen
    differ = [name for name, frame in tables.items() if not frame.equals(other_tables[name])]
    assert differ == [], "these two districts are not the same to a reader"
    assert texts.keys() == other_texts.keys() and len(texts) > 15
    for key, document in texts.items():
        assert document == other_texts[key], key


def test_a_change_of_what_is_shown_changes_them(made_district: Made, tmp_path: Path, codebook: Codebook) -> None:
    seen = []
    for level in (0, 2):
        more = able("madison", 5, 50, level, role="teacher")
        with filled(made_district, tmp_path, codebook, answered(LARGE | more)) as district:
            seen.append(documents(district))
    assert {key for key, document in seen[0].items() if document != seen[1][key]} >= {
        (str(ADMINISTRATOR.actor), "madison", kind) for kind in ("brief", "techplan", "said")
    }


def people_said(shape: Shape, content: bytes) -> set[tuple[int, int]]:
    """All “12 of 40” of a file."""
    found = _PEOPLE.findall(everything(content, shape))
    return {(int(part.replace(",", "")), int(whole.replace(",", ""))) for part, whole in found}


def people_exported(district: District, visitor: Visitor) -> set[tuple[int, int]]:
    """All numbers of people with what they are of, in the tables that this reader can export."""
    found: set[tuple[int, int]] = set()
    for table in TABLES:
        if table in FOR_EVERYTHING:
            continue
        rows = export_table(district.store, district.codebook, table, wave=NOW, target_share=0.6, scope=visitor.scope)
        for part, whole in _OF:
            if {part, whole} <= set(rows.columns):
                numbers = rows.select(part, whole).drop_nulls().cast(pl.Int64)
                found.update((int(one), int(other)) for one, other in numbers.iter_rows())
    return found


@pytest.mark.parametrize("visitor", [VISITORS[0], VISITORS[-1]], ids=lambda visitor: visitor.actor.name)
def test_every_format_says_numbers_of_people_that_its_reader_can_export(
    made_district: Made, tmp_path: Path, codebook: Codebook, visitor: Visitor
) -> None:
    with filled(made_district, tmp_path, codebook, seldom_answered(1)) as district:
        exported, met = people_exported(district, visitor) | _NO_PEOPLE, set()
        for (reader, school_id, kind), document in documents(district).items():
            if reader == str(visitor.actor):
                for shape in SHAPES:
                    said = people_said(shape, rendered(kind, [document], shape, AT.astimezone()))
                    assert said <= exported, (school_id, kind, shape)
                    met |= said
        assert met
