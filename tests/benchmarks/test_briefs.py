"""How long briefs take: as files, one and a whole district's, and as plain pages for a hundred readers at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pd_core.access import EVERYTHING
from pd_core.actions import share_links
from pd_core.codebook import Codebook
from pd_core.config import load_settings
from pd_core.pseudonyms import respondent_key
from pd_core.reports.documents.documents import brief_of
from pd_core.reports.documents.files import rendered
from pd_core.reports.documents.source import Source
from pd_core.storage import Store, open_store, queries
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import WAVES, fill
from tests.benchmarks.readers import ask
from tests.reports.documents.conftest import ADMINISTRATOR
from tests.reports.documents.reading import reader
from tests.server import running_server

pytestmark = pytest.mark.benchmarks
SCHOOLS, RESPONSES = 60, 15_000
READERS, A_SECOND = 100, 5
AT = datetime(2026, 11, 28, 9, 30)


@pytest.fixture
def source(tmp_path: Path, codebook: Codebook) -> Iterator[Source]:
    store: Store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=RESPONSES, again=True)
    yield Source(store, codebook, ADMINISTRATOR, WAVES[-1], 0.6, AT, "https://pd.example.org")
    store.close()


def test_the_briefs_of_60_schools_take_less_than_20_seconds_and_a_further_one_less_than_300_ms(
    source: Source, measured: Measured
) -> None:
    began = time.perf_counter()
    documents = [brief_of(source, school_id) for school_id in source.names()]
    content = rendered("brief", documents, "pdf", AT.astimezone())
    took = time.perf_counter() - began
    began = time.perf_counter()
    rendered("brief", [brief_of(source, documents[7].name)], "pdf", AT.astimezone())
    again = time.perf_counter() - began
    assert len(reader(content).pages) == SCHOOLS
    measured(f"the briefs of {SCHOOLS} schools as PDF", took, "s", at_most=20)
    measured("a further brief as PDF", 1000 * again, "ms", at_most=300)


@pytest.fixture
def addresses(tmp_path: Path, codebook: Codebook) -> Iterator[list[str]]:
    """Share links to the briefs of ten schools, on a server with sign-in."""
    path = tmp_path / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=RESPONSES, again=True)
    key = respondent_key(load_settings({}, store=str(path)), has_uploads=False)
    schools = [str(school_id) for school_id in queries.schools(store, EVERYTHING)["school_id"][:10]]
    links = [share_links.make_link(store, ADMINISTRATOR, school_id) for school_id in schools]
    tokens = [share_links.token(link, key) for link in links]
    store.close()
    with running_server(path, provider="https://accounts.example.org") as url:
        found = [f"{url}/brief/{school}?link={token}" for school, token in zip(schools, tokens, strict=True)]
        ask(found, readers=len(found), seconds=3, pause=0)  # each is made once
        yield found


def test_100_readers_who_ask_500_times_a_second_wait_less_than_50_ms(addresses: list[str], measured: Measured) -> None:
    took = sorted(ask(addresses, readers=READERS, seconds=10, pause=1 / A_SECOND))
    late = 1000 * took[int(len(took) * 0.95)]
    measured(f"a brief on a phone, {READERS} readers and {READERS * A_SECOND} a second, p95", late, "ms", at_most=50)
    assert len(took) >= 0.98 * READERS * A_SECOND * 10


def test_100_readers_who_never_pause_get_500_briefs_a_second(addresses: list[str], measured: Measured) -> None:
    took = ask(addresses, readers=READERS, seconds=5, pause=0)
    measured(f"briefs for {READERS} readers without a pause", len(took) / 5, "a second", at_least=500)
