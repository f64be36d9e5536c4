"""What the address of a shared store says: to DuckDB, and to people without its password."""

from __future__ import annotations

import duckdb
import pytest

from pd_core.storage.addresses import lake_in_server, remote_target
from pd_core.storage.backend import cannot_open


@pytest.mark.parametrize(
    "location", ["postgresql://pulse:geheim@db.example.org/pd", "ducklake:postgres:host=db password=geheim dbname=pd"]
)
def test_a_password_is_never_shown(location: str):
    error = cannot_open(location, duckdb.IOException(f'unable to connect with "{location}"'))
    assert "geheim" not in error.text()
    assert "db" in error.text()


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("postgresql://pd@db.example.org/pd", "postgresql://pd@db.example.org/pd"),
        ("postgres://pd@db.example.org/pd", "postgres://pd@db.example.org/pd"),
        ("postgres:host=db.example.org dbname=pd", "host=db.example.org dbname=pd"),
        ("ducklake:postgres:dbname=pd", "ducklake:postgres:dbname=pd"),
    ],
)
def test_a_server_is_given_its_url_or_its_words(location: str, target: str):
    assert remote_target(location) == target


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("ducklake:postgresql://pd@db/pd?files=/srv/pd%20files", ("postgresql://pd@db/pd", "/srv/pd files")),
        ("ducklake:postgres://pd@db/pd?files=/f&sslmode=require", ("postgres://pd@db/pd?sslmode=require", "/f")),
        ("ducklake:postgres:postgresql://pd@db/pd?sslmode=require&files=/f",
         ("postgresql://pd@db/pd?sslmode=require", "/f")),
        ("ducklake:postgres:host=db dbname=pd files=/f", ("host=db dbname=pd", "/f")),
        ("ducklake:postgres:dbname=profiles=1", ("dbname=profiles=1", "")),
        ("ducklake:/srv/postgres/catalog.duckdb", None),
        ("postgresql://pd@db/pd", None),
    ],
)  # fmt: skip
def test_the_address_of_a_ducklake_says_where_its_catalog_and_its_files_are(
    location: str, found: tuple[str, str] | None
):
    assert lake_in_server(location) == found
