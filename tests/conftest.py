"""What every test may use: the codebook as delivered, a fresh store with a few made-up schools, a secret."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

from pd_core.actions.sample import fill_with_sample
from pd_core.codebook import Codebook
from pd_core.codebook_files import load_codebook
from pd_core.config import SETTINGS
from pd_core.storage import Store, open_store, reference

pytest_plugins = ["tests.district", "tests.guarded"]

CODEBOOK_FOLDER = Path(__file__).parent.parent / "data" / "codebook"
SCHOOLS = pl.DataFrame(
    [
        ("lincoln", "Lincoln High", "LHS;Lincoln Senior High", "High", "North", 60),
        ("washington", "Washington Elementary", "", "Elementary", "North", 40),
        ("jefferson", "Jefferson Middle", "JMS", "Middle", "South", 50),
        ("madrona", "Madrona K-8", "", "Elementary", "South", 12),
    ],
    schema=["school_id", "name", "aliases", "level", "region", "headcount"],
    orient="row",
)

# What the developer has set must not decide, here and in the programs that tests start.
for setting in SETTINGS.values():
    os.environ.pop(setting.variable, None)
# Tests open a server's pages directly; tests/test_start_address.py is about the way in.
os.environ["PD_START_TOKEN"] = "off"

# A busy machine is not a wrong result, and what passes once passes again: `-m slow` looks for new examples.
settings.register_profile("same each time", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None)
settings.load_profile("same each time")


def pytest_configure(config: pytest.Config) -> None:
    """Examples that are new each time, where slow tests are asked for."""
    if "slow" in config.option.markexpr.replace("not slow", ""):
        settings.load_profile("searching")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """None, a worker each, where a few files are named or speed is measured; elsewhere a worker for each processor.

    Workers take seconds to start, and what runs beside a benchmark would be measured too.
    """
    chosen = config.option.markexpr
    is_measured = "not benchmarks" not in chosen and (not chosen or "benchmarks" in chosen)
    are_files = all(Path(argument.partition("::")[0]).is_file() for argument in config.args)
    return 0 if is_measured or are_files else None


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook(CODEBOOK_FOLDER)


@pytest.fixture(scope="session")
def key() -> bytes:
    return b"a secret that only the tests know"


@pytest.fixture(scope="session")
def store_of_schools(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store that knows SCHOOLS, to be copied: making its tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("schools") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    store.close()
    return path


@pytest.fixture(scope="session")
def sample_district(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store with the made-up sample district, to be copied."""
    path = tmp_path_factory.mktemp("sample district") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    fill_with_sample(store, codebook)
    store.close()
    return path


@pytest.fixture
def store(store_of_schools: Path, tmp_path: Path, codebook: Codebook) -> Iterator[Store]:
    copy = shutil.copy(store_of_schools, tmp_path / "pd.duckdb")
    opened = open_store(str(copy), list(codebook.items.values()))
    yield opened
    opened.close()
