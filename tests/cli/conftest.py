from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pd_core.config import ROOT
from tests.cli.command import LIST_OF_SCHOOLS, pd
from tests.cli.recorded import WAVE, copied
from tests.forms import survey_workbook


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the whole made-up district, to read from."""
    folder = tmp_path_factory.mktemp("district")
    store = folder / "pd.duckdb"
    assert pd("sample", "--output", folder / "files").code == 0
    assert pd("schools", folder / "files" / "schools.csv", store=store).code == 0
    assert pd("roster", folder / "files" / "roster.csv", store=store).code == 0
    assert pd("ingest", folder / "files" / "*.xlsx", store=store).code == 0
    return store


@pytest.fixture(scope="session")
def two_schools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the list of two schools, and a store that knows them, to be copied."""
    folder = tmp_path_factory.mktemp("two schools")
    (folder / "schools.csv").write_text(LIST_OF_SCHOOLS, encoding="utf-8")
    assert pd("schools", folder / "schools.csv", store=folder / "pd.duckdb").code == 0
    return folder


@pytest.fixture
def store(two_schools: Path, tmp_path: Path) -> Path:
    """A store that knows two schools, to write to, with their list next to it."""
    for file in two_schools.iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path / "pd.duckdb"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "lincoln.xlsx"
    file.write_bytes(survey_workbook(n=12))
    return file


@pytest.fixture(scope="session")
def one_upload(two_schools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `two_schools`, whose store has one upload, to be copied."""
    folder = tmp_path_factory.mktemp("one upload")
    for file in two_schools.iterdir():
        shutil.copy(file, folder)
    export = folder / "lincoln.xlsx"
    export.write_bytes(survey_workbook(n=12))
    assert pd("ingest", export, store=folder / "pd.duckdb").code == 0
    return folder


@pytest.fixture
def with_answers(one_upload: Path, tmp_path: Path) -> Path:
    """A store with one upload, to write to."""
    for file in one_upload.iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path / "pd.duckdb"


PLANNING_LISTS = ("slots", "trainers", "goals", "travel")


@pytest.fixture(scope="module")
def planned(district: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the made-up district and its planning lists."""
    store = tmp_path_factory.mktemp("planned") / "pd.duckdb"
    shutil.copy(district, store)
    shutil.copy(district.with_suffix(".key"), store.with_suffix(".key"))
    for name in PLANNING_LISTS:
        assert pd(name, ROOT / "data" / "sample" / f"{name}.csv", store=store).code == 0
    assert pd("catalog", ROOT / "data" / "catalogue" / "catalogue.csv", store=store).code == 0
    return store


@pytest.fixture(scope="module")
def proposed(planned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("proposed") / "pd.duckdb"
    copied(planned, store)
    assert pd("plan", "propose", "--wave", WAVE, "--time-limit", "2", store=store).code == 0
    return store


@pytest.fixture
def recorded(proposed: Path, tmp_path: Path) -> Path:
    """A store with a proposal, to change."""
    copied(proposed, tmp_path / "pd.duckdb")
    return tmp_path / "pd.duckdb"
