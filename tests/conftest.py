"""What every test may use: the codebook as delivered, a fresh store with a few made-up schools, a secret."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

from pd_core.codebook import Codebook, load_codebook
from pd_core.storage import Store, open_store, registers

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

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook(CODEBOOK_FOLDER)


@pytest.fixture
def key() -> bytes:
    return b"a secret that only the tests know"


@pytest.fixture
def store(tmp_path: Path, codebook: Codebook) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    registers.set_schools(opened, SCHOOLS, "test")
    yield opened
    opened.close()
