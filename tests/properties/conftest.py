"""A store for many examples: each example keeps to waves and people of its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from pd_core.codebook import Codebook
from pd_core.storage import Store, open_store


@pytest.fixture(scope="module")
def shared_store(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(str(tmp_path_factory.mktemp("properties") / "pd.duckdb"), list(codebook.items.values()))
    yield store
    store.close()


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """A number for each example."""
    return count(1)
