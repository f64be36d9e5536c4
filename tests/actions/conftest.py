"""A store that people act on, and the people: each role, the command line, and who looks as somebody else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pd_core.actions import uploads
from pd_core.codebook import Codebook
from pd_core.ingestion import read
from pd_core.storage import Store, links, open_store, reference, roles
from tests.actions.people import ADMINISTRATOR, KEY
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook


@pytest.fixture(scope="session")
def acted_on(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store with SCHOOLS, one upload from Lincoln High, a link to it, and a principal."""
    path = tmp_path_factory.mktemp("acted on") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    table = read("lincoln.xlsx", survey_workbook(school="Lincoln High", n=6, seed=1), codebook)
    uploads.ingest(store, ADMINISTRATOR, table, codebook, KEY)
    links.make_link(store, "lincoln", 90, "test")
    roles.put_person(store, "old@example.org", "principal", ["lincoln"], "test")
    store.close()
    return path


@pytest.fixture
def store(acted_on: Path, tmp_path: Path, codebook: Codebook) -> Iterator[Store]:
    """A copy of `acted_on` that is the test's own."""
    opened = open_store(str(shutil.copy(acted_on, tmp_path / "pd.duckdb")), list(codebook.items.values()))
    yield opened
    opened.close()
