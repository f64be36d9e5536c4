"""A question is asked of the store once until something is written, and its answer is never an old one."""

from __future__ import annotations

import pytest

from pd_core.access import EVERYTHING
from pd_core.entities import Wave
from pd_core.storage import Store, queries, reference, roles, waves
from tests.conftest import SCHOOLS


def test_the_same_question_is_asked_once_until_something_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference.set_schools(store, SCHOOLS, "test")
    asked: list[str] = []
    ask = Store._ask
    monkeypatch.setattr(Store, "_ask", lambda self, sql, params: asked.append(sql) or ask(self, sql, params))
    with store.at_one_revision():
        first = queries.schools(store, EVERYTHING)
        assert queries.schools(store, EVERYTHING).equals(first)
        assert sum("store.school" in sql for sql in asked) == 1
        assert len(asked) == 1 + store.is_shared, "a shared store is asked once what its revision is"
        reference.put_school(store, {**first.row(0, named=True), "headcount": 99}, "test")
        assert 99 in queries.schools(store, EVERYTHING)["headcount"]
    assert sum("store.school" in sql for sql in asked) == 2


def test_roles_and_wave_settings_are_seen_as_soon_as_they_are_written(store: Store) -> None:
    before, version = store.revision(), store.version()
    assert roles.person(store, "ann@example.org") is None
    roles.put_person(store, "ann@example.org", "principal", ["lincoln"], "test")
    assert roles.person(store, "ann@example.org") is not None
    assert waves.wave(store, "Fall 2026") == Wave("Fall 2026")
    waves.put_wave(store, Wave("Fall 2026", asks_guesses=True), "test")
    assert waves.wave(store, "Fall 2026").asks_guesses
    assert store.revision() != before
    assert store.version() == version, "no figure changed"


def test_a_write_that_fails_leaves_the_answers_as_they_were(store: Store) -> None:
    known = queries.schools(store, EVERYTHING)

    def fails(change: object) -> None:
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        store.write("test", "test", fails)
    assert queries.schools(store, EVERYTHING).equals(known)


def test_large_answers_are_not_kept(store: Store) -> None:
    found = store.frame("select range as n from range(200000)")
    assert found.height == 200_000
    assert store._answers.bytes < found.estimated_size()
