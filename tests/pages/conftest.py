"""The app as a visitor meets it: `app` opens a page on a store of its own, with any address."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import polars as pl
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.components import data, display
from pages.components.session import authentication
from pd_core import ingestion
from pd_core.access import EVERYTHING, Actor
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.storage import Store, audit, open_store, reference, roles
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.pages.recorded import open_recorded
from tests.pages.seen import OpenPage

OF_A_STORE = (data.settings, data.store, data.key)


AUTH = {
    "redirect_uri": "https://pulse.example.org/oauth2callback",
    "cookie_secret": "another secret of the tests, as long as that",
    "client_id": "pd-pulse",
    "client_secret": "made up",
    "server_metadata_url": "https://accounts.example.org/.well-known/openid-configuration",
}
SECRET = "a secret of the tests, long enough to be one"
FIRST_ADMINISTRATOR = "first@example.org"


def sign_in(page: AppTest, actor: Actor | None) -> None:
    """Signs somebody in on a page, whose role is put in the store where they have one; null leaves it at a visitor."""
    page.secrets = {"auth": AUTH}
    if actor is None:
        page.user = {"is_logged_in": False}
        return
    now = int(time.time())
    page.user = {"is_logged_in": True, "email": actor.name, "iss": "https://accounts.example.org", "sub": actor.name}
    page.user |= {"iat": now, "exp": now + 3600, "nonce": "once"}
    if actor.role != "guest" and actor.name != FIRST_ADMINISTRATOR:
        roles.put_person(data.store(), actor.name, actor.role, actor.school_ids, "test")


@pytest.fixture(autouse=True)
def main_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a test takes the place of the program, which processes that later tests start would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Each page of a test looks through all installed packages for components, which takes longer than the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def tables_unfolded() -> Iterator[None]:
    """A table is sent once a reader unfolds it; tests of pages read all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(display, "STARTS_OPEN", True)
        yield


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the sample district is made; it takes seconds, so all tests of a run share it."""
    folder = tmp_path_factory.mktemp("sample")
    yield folder
    data.prepared_sample().close()
    data.prepared_sample.clear()


@pytest.fixture(scope="session")
def four_schools(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store with answers, to be copied: Lincoln 40 of 60, Washington 10 of 40, Jefferson 3 of 50, Madrona nobody."""
    path = tmp_path_factory.mktemp("answers") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    for number, (school, n) in enumerate((("Lincoln High", 40), ("Washington Elementary", 10), ("JMS", 3)), start=1):
        export = survey_workbook(school=school, n=n, seed=number)
        table = ingestion.read(f"{school}.xlsx", export, codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING), "test")
    store.close()
    return path


@pytest.fixture
def answers(four_schools: Path, tmp_path: Path) -> Path:
    """A store of the test's own, filled as `four_schools` says."""
    return Path(shutil.copy(four_schools, tmp_path / "answers.duckdb"))


@pytest.fixture
def two_waves(answers: Path, codebook: Codebook) -> Path:
    """The four schools with a wave a year before, of the same people at Lincoln."""
    store = open_store(str(answers), list(codebook.items.values()))
    for number, (school, n) in enumerate((("Lincoln High", 38), ("Washington Elementary", 14)), start=1):
        export = survey_workbook(school=school, n=n, seed=number, start=datetime(2025, 10, 6, 8))
        table = ingestion.read(f"{school}.xlsx", export, codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING), "test")
    store.close()
    return answers


@pytest.fixture(scope="session")
def kept_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Store | None]]:
    """Stores that stay open from test to test, by path, so that their figures are worked out once; null before that."""
    stores: dict[Path, Store | None] = {}
    yield stores
    for store in filter(None, stores.values()):
        store.close()


@pytest.fixture(scope="session")
def looked_at(four_schools: Path, kept_open: dict[Path, Store | None]) -> Path:
    """A store filled as `four_schools` says, for all tests that only look at it: `app` fails those that write."""
    path = Path(shutil.copy(four_schools, four_schools.with_name("looked at.duckdb")))
    kept_open[path] = None
    return path


def written(store: Store) -> tuple[object, ...]:
    """What tests that only look leave as it is: all but who signed in, with a role until the end, and was refused."""
    return store.version(), audit.audit(store).filter(~pl.col("kind").is_in(["people", "sign-in", "refused"])).height


@pytest.fixture
def app(
    sample_folder: Path, kept_open: dict[Path, Store | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenPage]:
    """Opens a page: `app("training_planning", store=answers, school="lincoln")` is that page at `?school=lincoln`.

    Without a store it is a fresh one without answers, so that the sample district is shown. A test opens one store; the
    page that comes back has run and can be clicked, and has not failed. `as_` signs somebody in, with their role;
    without it, it is this computer's own administrator.
    """

    def open_page(
        page: str = "overview", *, store: Path | None = None, as_: Actor | None = None, **address: str | list[str]
    ) -> AppTest:
        path = store or tmp_path / "empty.duckdb"
        monkeypatch.setenv("PD_STORE", str(path))
        monkeypatch.setenv("PD_ADMINISTRATORS", FIRST_ADMINISTRATOR)
        monkeypatch.setenv("PD_KEY", SECRET)
        # A test opens pages without any request; this is what a browser at this computer would have sent.
        monkeypatch.setattr(authentication, "request", lambda: (None, {"Host": "localhost:8501"}))
        if path in kept_open and path not in before:
            if known := kept_open[path]:
                data.store._made.append(known)
            kept_open[path] = data.store()
            data.key()  # a store knows by which key it began
            before[path] = written(data.store())
        opened = AppTest.from_file(ROOT / "pages" / "frame.py", default_timeout=30)
        if as_ is not None:
            sign_in(opened, as_)
        opened.switch_page(f"{page}.py")
        for name, value in address.items():
            opened.query_params[name] = value
        opened.run()
        failures = [*opened.exception, *(error for error in opened.error if "went wrong" in error.value)]
        assert not failures, f"{page} failed: {failures[0].value}"
        return opened

    before: dict[Path, tuple[object, ...]] = {}
    monkeypatch.setenv("PD_STORE", str(sample_folder / "unused.duckdb"))
    data.settings.clear()
    data.sample_store()
    for cached in OF_A_STORE:
        cached.clear()
    yield open_page
    after = {path: written(data.store()) for path in before}
    if before:
        for email in roles.people(data.store())["email"]:
            roles.remove_person(data.store(), email, "test")
    else:
        data.store().close()
    for cached in OF_A_STORE:
        cached.clear()
    assert after == before, "a test that writes needs `answers`, a store of its own"


@pytest.fixture
def recorded(app: OpenPage, answers: Path) -> OpenPage:
    """Opens the Sessions page of a store with a plan on record, as somebody."""
    return partial(open_recorded, app, answers)
