"""Migrations: numbered files, each applied once."""

from __future__ import annotations

from pd_core.storage.migrate import MIGRATIONS


def test_no_two_migrations_have_the_same_number() -> None:
    numbers = [file.name[:4] for file in MIGRATIONS.glob("[0-9]*.sql")]
    assert sorted(set(numbers)) == sorted(numbers)
