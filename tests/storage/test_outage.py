"""A database server that is away: what people and the log read. test_postgres_outage.py stops a real one."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pd_core.error_log import LOG
from pd_core.errors import StoreError
from pd_core.storage import outage

LOCATION = "postgresql://pd:no-one-knows@db.example.org/pd"
REFUSED = (
    f'IO Error: Unable to connect to Postgres at "{LOCATION}": connection to server at "db.example.org", '
    "port 5432 failed: Connection refused"
)


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(outage, "directory_of", lambda location: tmp_path)
    monkeypatch.setattr(outage, "_known", {})
    return tmp_path / LOG


def said(text: str, location: str = LOCATION) -> StoreError:
    found = outage.outage(location, duckdb.IOException(text))
    assert found is not None
    return found


def test_an_outage_has_a_sentence_a_number_and_no_password(log: Path) -> None:
    error = said(REFUSED)
    assert error.message.startswith("The database does not answer: connection refused (reference ")
    assert "try again in a minute" in error.remedy and str(log) in error.remedy
    assert error.message[-10:-2] in log.read_text()
    assert "no-one-knows" not in error.text() + log.read_text()


def test_what_fails_together_has_one_number_and_the_next_outage_another(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said(REFUSED)
    again = said("server closed the connection unexpectedly")
    assert first.message[-10:] == again.message[-10:]
    monkeypatch.setattr(outage, "SAME_SECONDS", -1.0)
    assert said(REFUSED).message[-10:] != first.message[-10:]
    assert log.read_text().count("reference") == 2


@pytest.mark.parametrize(
    "text",
    [
        "FATAL:  the database system is starting up",
        "FATAL:  terminating connection due to administrator command",
        "server closed the connection unexpectedly",
        'connection to server at "10.0.0.9", port 5432 failed: timeout expired',
        'could not translate host name "db" to address: Name or service not known',
        "FATAL:  sorry, too many clients already",
    ],
)
def test_a_server_is_away_in_many_words(text: str) -> None:
    assert "goes on by itself" in said(text, "ducklake:postgres:host=db").remedy


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("data/store/pd.duckdb", REFUSED),
        (LOCATION, 'FATAL:  password authentication failed for user "pd"'),
        (LOCATION, 'ERROR:  relation "public.upload" does not exist'),
        (LOCATION, "ERROR:  could not serialize access due to concurrent update"),
    ],
)
def test_other_errors_are_no_outage(location: str, text: str) -> None:
    assert outage.outage(location, duckdb.Error(text)) is None
