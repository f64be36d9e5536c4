"""The app as a visitor meets it: `app` opens a page on a store of its own, with any address."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core import ingestion
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.storage import open_store, registers
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage

_OF_A_STORE = (data.settings, data.store, data.key)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the sample district is made; it takes seconds, so all tests of a run share it."""
    folder = tmp_path_factory.mktemp("sample")
    yield folder
    st.cache_resource.clear()


@pytest.fixture(scope="session")
def four_schools(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store with answers, to be copied: Lincoln 40 of 60, Washington 10 of 40, Jefferson 3 of 50, Madrona nobody."""
    path = tmp_path_factory.mktemp("answers") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    registers.set_schools(store, SCHOOLS, "test")
    for number, (school, n) in enumerate((("Lincoln High", 40), ("Washington Elementary", 10), ("JMS", 3)), start=1):
        export = survey_workbook(school=school, n=n, seed=number)
        table = ingestion.read(f"{school}.xlsx", export, codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, b"a secret of the tests"), "test")
    store.close()
    return path


@pytest.fixture
def answers(four_schools: Path, tmp_path: Path) -> Path:
    """A store of the test's own, filled as `four_schools` says."""
    return Path(shutil.copy(four_schools, tmp_path / "answers.duckdb"))


@pytest.fixture
def app(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Opens a page: `app("training_planning", store=answers, school="lincoln")` is that page at `?school=lincoln`.

    Without a store it is a fresh one without answers, so that the sample district is shown. A test opens one store; the
    page that comes back has run and can be clicked, and has not failed.
    """

    def open_page(page: str = "overview", *, store: Path | None = None, **address: str | list[str]) -> AppTest:
        monkeypatch.setenv("PD_STORE", str(store or tmp_path / "empty.duckdb"))
        opened = AppTest.from_file(ROOT / "pages" / "frame.py", default_timeout=30).run()
        opened.switch_page(f"{page}.py")
        for name, value in address.items():
            opened.query_params[name] = value
        opened.run()
        failures = [*opened.exception, *(error for error in opened.error if "went wrong" in error.value)]
        assert not failures, f"{page} failed: {failures[0].value}"
        return opened

    monkeypatch.setenv("PD_STORE", str(sample_folder / "unused.duckdb"))
    data.settings.clear()
    data.sample_store()
    for cached in _OF_A_STORE:
        cached.clear()
    yield open_page
    data.store().close()
    for cached in _OF_A_STORE:
        cached.clear()
