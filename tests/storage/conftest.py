"""One body of tests, four places where a store can be: a file, DuckLake with its catalog in a file (`-m slow`), and
PostgreSQL or DuckLake with its catalog there (`-m shared`)."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pd_core.codebook import Codebook, Item
from pd_core.storage import Store, open_store, reach_store, wire
from pd_core.storage.addresses import lake_in_server
from pd_core.storage.reached import ReachedStore
from pd_core.storage.served import Served
from tests.postgres import Server, missing, running


@pytest.fixture(scope="session")
def items(codebook: Codebook) -> list[Item]:
    return list(codebook.items.values())


@pytest.fixture(
    params=[
        "file",
        pytest.param("ducklake", marks=pytest.mark.slow),
        pytest.param("postgres", marks=[pytest.mark.slow, pytest.mark.shared]),
        pytest.param("ducklake in postgres", marks=[pytest.mark.slow, pytest.mark.shared]),
    ]
)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return request.getfixturevalue("postgres").database()
    if request.param == "ducklake in postgres":
        return request.getfixturevalue("new_lake")()
    return {"file": str(tmp_path / "pd.duckdb"), "ducklake": f"ducklake:{tmp_path / 'catalogue.duckdb'}"}[request.param]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pd.duckdb"


@pytest.fixture
def opened(items: list[Item]) -> Iterator[Callable[[object], Store]]:
    """Opens stores that are closed at the end, whatever happens."""
    stores = []

    def open_at(location: object) -> Store:
        stores.append(open_store(str(location), items))
        return stores[-1]

    yield open_at
    for store in stores:
        store.close()


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory, items: list[Item]) -> Path:
    """The catalogue of a DuckLake with its tables, to be copied: making them takes a second.

    All copies write into its folder of files, where every file has a name of its own.
    """
    path = tmp_path_factory.mktemp("lake") / "catalogue.duckdb"
    open_store(f"ducklake:{path}", items).close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of these tests alone; without one they are skipped, and say what is missing."""
    if lacks := missing():
        pytest.skip(lacks)
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def new_lake(postgres: Server, tmp_path_factory: pytest.TempPathFactory, items: list[Item]) -> Callable[[], str]:
    """Makes a DuckLake with its tables, whose catalog is in PostgreSQL; all write into one folder of files."""
    folder, empty = tmp_path_factory.mktemp("files"), postgres.database()
    open_store(f"ducklake:{empty}?files={folder}", items).close()
    return lambda: f"ducklake:{postgres.database(empty)}?files={folder}"


@pytest.fixture
def store(opened: Callable[[object], Store], location: str, lake: Path) -> Store:
    """A store without answers, in each of the places."""
    make_tables(location, lake)
    return opened(location)


def make_tables(location: str, lake: Path) -> None:
    """Spare a DuckLake with its catalog in a file the second that making its tables takes."""
    if location.startswith("ducklake:") and not lake_in_server(location):
        shutil.copy(lake, location.removeprefix("ducklake:"))


@pytest.fixture
def held(file: Path, opened: Callable[[object], Store]) -> Store:
    """The store as its holder has it."""
    return opened(file)


@pytest.fixture(params=["socket", pytest.param("port", marks=pytest.mark.slow)])
def server(
    held: Store, file: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """The holder serves the store in one way or the other."""
    if request.param == "port":
        monkeypatch.setattr(wire.Door, "is_file", False)
    elif not wire.door_of(str(file)).is_file:
        pytest.skip("no socket can be a file here")
    server = Served(held)
    yield server
    server.close()
    assert sorted(path.name for path in file.parent.iterdir() if path.suffix in (".socket", ".port")) == []


@pytest.fixture
def reached(server: Served, file: Path, items: list[Item]) -> ReachedStore:
    store = reach_store(str(file), items)
    assert isinstance(store, ReachedStore)
    return store
