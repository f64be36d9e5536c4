"""A district whose answers are written down in the test: `district.answers(...)`, then its tables are read."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pd_core.access import EVERYTHING, Others, Scope
from pd_core.codebook import Codebook
from pd_core.storage import Store, Upload, open_store, reference, store_upload
from pd_core.storage.migrate import item_columns
from pd_core.summaries import school_comparison
from pd_core.summaries.samr import samr_by_school
from pd_core.summaries.school_comparison import one_skill
from pd_core.survey.scoped_survey import Survey, survey

FALL = "Fall 2026"
MINE = "lincoln"
OTHERS = ("ada", "bell", "curie", "darwin", "edison", "galileo", "fermi", "silent")
START = datetime(2026, 9, 1, 8)


@dataclass(repr=False)
class District:
    """Made-up answers in a real store."""

    store: Store
    codebook: Codebook
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def schools(self, **headcounts: int | None) -> None:
        """Makes these the schools; `lincoln` is called Lincoln."""
        rows = [(name, name.title(), "", "High", "North", staff) for name, staff in headcounts.items()]
        schema = dict.fromkeys(reference.SCHOOL_COLUMNS, pl.String) | {"headcount": pl.Int64}
        reference.set_schools(self.store, pl.DataFrame(rows, schema=schema, orient="row"), "test")

    def roster(self, **staff: dict[str, int]) -> None:
        """Makes these the staff: school to role to the number of people."""
        rows = [
            (f"{school}-{role}-{number}", school, role, None)
            for school, roles in staff.items()
            for role, people in roles.items()
            for number in range(people)
        ]
        columns = ["respondent", "school_id", "role", "grade_band"]
        schema = dict.fromkeys(columns, pl.String)
        reference.set_roster(self.store, pl.DataFrame(rows, schema=schema, orient="row"), "test")

    def answers(self, school_id: str, people: int, *, wave: str = FALL, **answers: object) -> None:
        """So many people of a school gave these same answers, in an upload of their own."""
        self.many([(school_id, people, answers)], wave=wave)

    def many(self, groups: list[tuple[str, int, dict[str, object]]], *, wave: str = FALL) -> None:
        """Several groups in one upload: school, people, their answers."""
        types = item_columns(list(self.codebook.items.values()))
        schema = {name: pl.Int16 if sql == "smallint" else pl.String for name, sql in types.items()}
        rows = []
        for school_id, people, answers in groups:
            assert set(answers) <= set(schema), f"the codebook has no {set(answers) - set(schema)}"
            for _ in range(people):
                number = next(self.numbers)
                at = START + timedelta(minutes=number)
                row = {"row_key": f"row {number}", "person": f"person {number}", "is_identified": True}
                row |= {"is_complete": True, "school_id": school_id, "started_at": at, "completed_at": at}
                rows.append(row | {"answered_at": at} | {name: answers.get(name) for name in schema})
        if rows:
            name = f"upload {next(self.numbers)}"
            upload = Upload(name, name, "answers.csv", wave, "form", "test", len(rows), 0)
            store_upload(self.store, upload, pl.DataFrame(rows, schema_overrides=schema), reach=EVERYTHING)

    def survey(
        self, role: str | None = None, *, wave: str = FALL, target_share: float = 0.6, scope: Scope = EVERYTHING
    ) -> Survey:
        return survey(self.store, self.codebook, wave, role, target_share, scope)


def row(frame: pl.DataFrame, **where: object) -> dict[str, object]:
    """The one row that has these values."""
    found = frame.filter(**where).to_dicts()
    assert len(found) == 1, f"{len(found)} rows have {where}"
    return found[0]


def principal(beside: Others = "hidden", *schools: str) -> Scope:
    return Scope(frozenset(schools or {MINE}), beside)


def comparisons(survey: Survey) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every table that sets schools beside each other, asked for all schools there are."""
    everyone = [MINE, *OTHERS]
    yield "grid", school_comparison.grid(survey, everyone)
    yield "one skill", one_skill(survey, "word", everyone)
    yield "SAMR by school", samr_by_school(survey, "word", everyone)


Made = tuple[Path, int]
"""A store to be copied, and the number of the next person."""


def _made(folder: Path, codebook: Codebook, fill: Callable[[District], None]) -> Made:
    opened = open_store(str(folder / "pd.duckdb"), list(codebook.items.values()))
    made = District(opened, codebook)
    made.schools(lincoln=60, madison=40)
    fill(made)
    opened.close()
    return folder / "pd.duckdb", next(made.numbers)


@contextmanager
def copied(made: Made, folder: Path, codebook: Codebook, secret: bytes | None = None) -> Iterator[District]:
    """A district of its own that begins as the one made before. What is drawn at random differs without a `secret`."""
    file, number = made
    copy = str(shutil.copy(file, folder / f"district {len(list(folder.iterdir()))}.duckdb"))
    known = {} if secret is None else {"secret": lambda _: secret}
    opened = open_store(copy, list(codebook.items.values()), **known)
    yield District(opened, codebook, itertools.count(number))
    opened.close()


@pytest.fixture(scope="session")
def made_district(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Made:
    return _made(tmp_path_factory.mktemp("two schools"), codebook, lambda _: None)


@pytest.fixture
def district(made_district: Made, tmp_path: Path, codebook: Codebook) -> Iterator[District]:
    """Lincoln and Madison, of whom nobody has answered."""
    with copied(made_district, tmp_path, codebook) as found:
        yield found


def _answer_widely(district: District) -> None:
    district.schools(lincoln=60, ada=40, bell=41, curie=42, darwin=43, edison=44, galileo=45, fermi=46, silent=47)
    groups: list[tuple[str, int, dict[str, object]]] = []
    for number, school_id in enumerate((MINE, *OTHERS[:-1])):
        people = {"ada": 4, "fermi": 3}.get(school_id, 20)
        able = min(people, 2 + 3 * number)
        said = {"samr_word": 4, "samr_teams": 1, "topics": "teams_class", "times": "lunch", "role": "teacher"}
        said |= {"proficiency_word": 3, "proficiency_teams": 0, "comment": f"At {school_id}"}
        groups.append((school_id, able, said))
        groups.append((school_id, people - able, said | {"proficiency_word": 0, "samr_word": 0}))
    district.many(groups)


@pytest.fixture(scope="session")
def made_wide(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Made:
    return _made(tmp_path_factory.mktemp("wide"), codebook, _answer_widely)


@pytest.fixture
def wide(made_wide: Made, tmp_path: Path, codebook: Codebook) -> Iterator[District]:
    """Lincoln, seven more schools, of which Ada and Fermi are hidden, and one that is silent."""
    with copied(made_wide, tmp_path, codebook) as found:
        yield found


@pytest.fixture
def two_schools(district: District) -> District:
    district.schools(lincoln=60, madison=40, empty=20)
    district.answers("lincoln", 40, proficiency_word=3, samr_word=4, samr_teams=0, topics="excel_data;other")
    district.answers("madison", 30, proficiency_word=0, samr_word=0, samr_teams=0, topics="excel_data")
    return district


@pytest.fixture(scope="module")
def shared_district(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[District]:
    """One store for all examples of a property: each in a wave of its own."""
    opened = open_store(str(tmp_path_factory.mktemp("store") / "pd.duckdb"), list(codebook.items.values()))
    yield District(opened, codebook)
    opened.close()
