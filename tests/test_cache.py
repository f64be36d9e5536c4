"""What is kept by key: made once, bounded in number and bytes, tried again after a failure."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from pd_core.cache import Cache, CacheByRevision, size_of


def test_a_result_is_made_once_for_all_threads_that_ask() -> None:
    cache, made, all_ask = Cache(10, 10_000), [], threading.Barrier(4)

    def make() -> str:
        made.append(1)
        return "figure"

    def ask(_: int) -> str:
        all_ask.wait()
        return cache.get("key", make)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == ["figure"] * 4
    assert len(made) == 1


def test_the_least_recently_used_result_gives_way_first() -> None:
    cache = Cache(2, 10_000)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda key=key: key)
    asked = []
    cache.get("a", lambda: asked.append("a"))
    cache.get("b", lambda: asked.append("b"))
    assert asked == ["b"]


def test_results_together_stay_within_the_bytes_allowed() -> None:
    cache = Cache(1000, 50_000)
    for number in range(100):
        cache.get(number, lambda: b"x" * 5_000)
        assert cache.bytes <= 50_000
    assert 1 < len(cache) < 11


def test_a_result_too_large_to_keep_drives_nothing_out() -> None:
    cache = Cache(10, 10_000)
    cache.get("small", lambda: b"x")
    assert len(cache.get("large", lambda: b"x" * 20_000)) == 20_000
    assert "small" in cache
    assert "large" not in cache


def test_a_new_version_replaces_the_results_of_earlier_ones() -> None:
    cache, made = Cache(10, 10_000), []
    for school, version in (("lincoln", 1), ("madison", 1), ("lincoln", 2), ("lincoln", 2), ("madison", 1)):
        cache.get(
            (school, version),
            lambda key=(school, version): made.append(key),
            outdated=lambda key, school=school, version=version: key[0] == school and key[1] != version,
        )
    assert made == [("lincoln", 1), ("madison", 1), ("lincoln", 2)]
    assert len(cache) == 2
    assert cache.bytes == 2 * size_of(None)


def test_what_fails_is_tried_again() -> None:
    cache = Cache(10, 10_000)
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: 1 // 0)
    assert cache.get("key", lambda: 7) == 7


def test_what_is_not_to_be_kept_is_made_each_time() -> None:
    cache, made = Cache(10, 10_000), []
    for _ in range(2):
        cache.get("key", lambda: made.append(1) or "large", lambda found: found != "large")
    assert len(made) == 2
    assert len(cache) == 0


def test_a_table_counts_with_its_rows() -> None:
    assert size_of(pl.DataFrame({"n": range(10_000)})) > 80_000
    assert size_of({"a": [b"x" * 1_000]}) > 1_000


class Thing:
    """Something that can be referred to weakly, as a store can."""


def test_results_of_a_store_are_made_once_a_revision_and_go_with_it() -> None:
    cache, store, other = CacheByRevision(max_entries=4, max_bytes=10_000), Thing(), Thing()
    made: list[str] = []

    def get(of: Thing, revision: str, key: str) -> str:
        return cache.get(of, revision, key, lambda: made.append(f"{revision}{key}") or f"{revision}{key}")

    assert [get(store, "1", key) for key in "abab"] == ["1a", "1b", "1a", "1b"]
    assert get(other, "1", "a") == "1a" and made == ["1a", "1b", "1a"]
    assert get(store, "2", "a") == "2a" and get(other, "1", "a") == "1a"
    assert made == ["1a", "1b", "1a", "2a"], "of one revision alone"
    del store
    assert len(cache._of_stores) == 1


def test_what_is_not_to_be_kept_is_made_again() -> None:
    cache, store, made = CacheByRevision(max_entries=4, max_bytes=10_000), Thing(), []
    for _ in range(2):
        cache.get(store, "1", "a", lambda: made.append(1), keep=lambda found: found is not None)
    assert len(made) == 2
