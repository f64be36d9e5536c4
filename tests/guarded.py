"""Real servers: with sign-in, two schools, people of every role, open and closed links and feeds; and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.config import load_settings
from pd_core.pseudonyms import respondent_key
from pd_core.sign_in import signed_id
from pd_core.storage import links, open_store, reference, roles, table_feeds
from pd_core.storage.signed_addresses import revoke_address
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.server import running_server
from tests.visitor import Seen

NAMES = {"lincoln": "Lincoln High", "washington": "Washington Elementary"}
ROLES = {
    "ada@example.org": ("administrator", ()),
    "fay@example.org": ("facilitator", ()),
    "mia@example.org": ("mie", ("lincoln",)),
    "pat@example.org": ("principal", ("lincoln",)),
}
PROVIDER = "https://accounts.example.org"
FEED = "skill-summary"


@dataclass(frozen=True)
class District:
    """A running server with answers of Lincoln (40 of 60) and Washington (20 of 40), and its open and closed links."""

    url: str
    store: Path
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def guarded_files(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("district") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    key = respondent_key(load_settings({}, store=str(path)), has_uploads=False)
    for number, (name, n) in enumerate((("Lincoln High", 40), ("Washington Elementary", 20)), start=1):
        table = ingestion.read(f"{name}.xlsx", survey_workbook(school=name, n=n, seed=number), codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, key, EVERYTHING), "test")
    for email, (role, school_ids) in ROLES.items():
        roles.put_person(store, email, role, school_ids, "test")
    made = {school_id: links.make_link(store, school_id, 90, "test") for school_id in ("lincoln", "district")}
    made["expired"] = links.make_link(store, "lincoln", -1, "test")
    made["revoked"] = links.make_link(store, "lincoln", 90, "test")
    links.revoke_link(store, made["revoked"].link_id, "test")
    feeds = {
        f"feed {name}": table_feeds.make_table_feed(store, FEED, school_id, days, maker)
        for name, school_id, days, maker in (
            ("fay/district", "district", 90, "fay@example.org"),
            ("fay/lincoln", "lincoln", 90, "fay@example.org"),
            ("pat/lincoln", "lincoln", 90, "pat@example.org"),
            ("expired", "lincoln", -1, "fay@example.org"),
            ("revoked", "lincoln", 90, "fay@example.org"),
            ("ended", "washington", 90, "pat@example.org"),
        )
    }
    revoke_address(store, table_feeds.FEEDS, feeds["feed revoked"].feed_id, "test")
    store.close()
    tokens = {name: signed_id(link.link_id, key, "share link") for name, link in made.items()}
    return path, tokens | {
        name: signed_id(feed.feed_id, key, table_feeds.FEEDS.purpose) for name, feed in feeds.items()
    }


@pytest.fixture(scope="session")
def guarded(guarded_files: tuple[Path, dict[str, str]]) -> Iterator[District]:
    path, tokens = guarded_files
    with running_server(path, provider=PROVIDER) as url:
        yield District(url, path, tokens)


@pytest.fixture(scope="session")
def home_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server `home` keeps its store."""
    return tmp_path_factory.mktemp("home") / "pd.duckdb"


@pytest.fixture(scope="session")
def home(home_files: Path) -> Iterator[str]:
    """A server for this computer alone, without sign-in and without answers, for all tests that only ask it."""
    with running_server(home_files) as url:
        yield url


def shows(seen: Seen, school_id: str) -> bool:
    return NAMES[school_id] in seen.everything
